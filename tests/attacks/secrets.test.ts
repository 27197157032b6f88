import { expect, it } from "vitest";
import { call, newToken } from "../support/client.ts";
import { newKey } from "../support/keys.ts";
import { registerSecret, findSecrets, takeLeaks } from "../support/leak-detector.ts";
import { SECRETS } from "../support/secrets.ts";

// Every suite runs with the leak detector (tests/support/leak-detector.setup.ts). These tests check that it detects
// leaks.

it.for(SECRETS.map((secret) => [secret.slice(0, 8), secret] as const))(
  "detects the secret %s… in a log line",
  ([, secret]) => {
    // oxlint-disable-next-line no-console -- the leak that must be detected
    console.log(JSON.stringify({ event: "prueba", url: `https://x.test/?k=${secret}` }));
    expect(takeLeaks()).toHaveLength(1);
    expect(takeLeaks()).toEqual([]);
  },
);

it("detects a client's text in a log line", () => {
  const token = newToken();
  // oxlint-disable-next-line no-console -- the leak that must be detected
  console.error("no se pudo", { toString: () => token });
  expect(takeLeaks()).toEqual([token]);
});

it("detects a secret in a response and in its headers", async () => {
  await expect(
    call(
      "/api/v1/estado",
      { chat_id: 1, modo: "/x" },
      { headers: { "x-request-id": SECRETS[0] ?? "" } },
    ),
  ).rejects.toThrow(/holds secrets/);
  expect(takeLeaks()).toEqual([SECRETS[0]?.slice(0, 8)]);
  registerSecret("entrada_invalida");
  await expect(call("/errores/entrada_invalida")).rejects.toThrow(/holds secrets/);
});

it("detects a key and a token from their creation on", async () => {
  const key = await newKey();
  const { json } = await key.call("/api/v1/auth/token", {});
  const found = findSecrets(`${key.apiKey} ${String(json["token"])}`);
  expect(found).toEqual([key.apiKey.slice(0, 8), String(json["token"]).slice(0, 8)]);
});
