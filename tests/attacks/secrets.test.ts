import { expect, it } from "vitest";
import { call, newToken } from "../support/client.ts";
import { newKey } from "../support/keys.ts";
import { registerSecret, findSecrets, takeLeaks } from "../support/leak-detector.ts";
import { SECRETS } from "../support/secrets.ts";

// Every test of every suite is held to this (tests/support/leak-detector.setup.ts). Here: that it can fail.

it.for(SECRETS.map((secret) => [secret.slice(0, 8), secret] as const))(
  "the secret %s… is noticed in a line of the log",
  ([, secret]) => {
    // oxlint-disable-next-line no-console -- the leak that must be noticed
    console.log(JSON.stringify({ event: "prueba", url: `https://x.test/?k=${secret}` }));
    expect(takeLeaks()).toHaveLength(1);
    expect(takeLeaks()).toEqual([]);
  },
);

it("somebody's text is noticed in a line of the log", () => {
  const token = newToken();
  // oxlint-disable-next-line no-console -- the leak that must be noticed
  console.error("no se pudo", { toString: () => token });
  expect(takeLeaks()).toEqual([token]);
});

it("a secret is noticed in an answer, and in its headers", async () => {
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

it("a key and a token are looked for from when they were made", async () => {
  const key = await newKey();
  const { json } = await key.call("/api/v1/auth/token", {});
  const held = findSecrets(`${key.apiKey} ${String(json["token"])}`);
  expect(held).toEqual([key.apiKey.slice(0, 8), String(json["token"]).slice(0, 8)]);
});
