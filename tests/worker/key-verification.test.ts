import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { parseApiKey } from "../../src/access/api-key.ts";
import type { KeyState } from "../../src/access/key-state.ts";
import { chatStub } from "../../src/chats/chat-stub.ts";
import { chatName } from "../../src/lib/chat-name.ts";
import { AppError } from "../../src/errors.ts";
import { createServices } from "../../src/services.ts";
import { call, newChatId, newToken } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { newKey, type TestKey } from "../support/keys.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const services = createServices(env);

/** The Worker with a key lookup that the test settles, and a list of the effects in the order they happen. */
function createAppWithPendingLookup() {
  const effects: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<KeyState | null>();
  const app = createApp({
    keys: {
      find: async () => {
        effects.push("key lookup");
        return await promise;
      },
      forget: () => undefined,
    },
    cache: {
      ...services.cache,
      read: async (...args) => {
        effects.push("cache read");
        return await services.cache.read(...args);
      },
      write: async (entry) => {
        effects.push("cache write");
        await services.cache.write(entry);
      },
    },
    chat: (client, chatId) => {
      effects.push("chat");
      return chatStub(env, services.config, chatName(client, chatId));
    },
    claimIdempotencyKey: async () => {
      effects.push("idempotency");
      return true;
    },
  });
  const send = async (key: TestKey, path: string, body: object, headers = {}) => {
    const context = createExecutionContext();
    const response = await app.fetch(
      new Request(`https://asistente.test${path}`, {
        method: "POST",
        headers: { "x-api-key": key.apiKey, "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
      env,
      context,
    );
    const json: Record<string, unknown> = await response.json();
    await waitOnExecutionContext(context);
    effects.push("response");
    return { status: response.status, json };
  };
  return { effects, send, resolve, reject };
}

/** Expects exactly these effects before the key lookup settles. */
async function expectEffects(effects: string[], expected: string[]): Promise<void> {
  await vi.waitFor(() => expect(effects).toEqual(expected), 10_000);
  // A further effect would follow within milliseconds.
  await scheduler.wait(50);
  expect(effects).toEqual(expected);
}

const lookUpState = async (key: TestKey): Promise<KeyState | null> => {
  const parsed = parseApiKey(services.config.KEYS_PEPPER ?? "", key.apiKey);
  return parsed
    ? await services.keys.find(
        key.id,
        { kind: "secret", client: parsed.client, digest: parsed.digest },
        () => undefined,
      )
    : null;
};

const bodyOf = (texto: string) => ({ chat_id: newChatId(), texto, tipo_tarea: "resumir" });

describe("a request whose key is being verified", () => {
  it("reads only the cache before the key is verified in procesar, and has every other effect after that", async () => {
    const key = await newKey();
    const texto = newToken();
    const { effects, send, resolve } = createAppWithPendingLookup();
    const response = send(key, "/api/v1/procesar", bodyOf(texto));
    await expectEffects(effects, ["key lookup", "cache read"]);
    expect((await model.calls(texto)).calls).toBe(0);
    resolve(await lookUpState(key));
    expect((await response).status).toBe(200);
    expect(effects).toEqual(["key lookup", "cache read", "chat", "cache write", "response"]);
  });

  it("returns no cached answer from procesar before the key is verified", async () => {
    const key = await newKey();
    const body = bodyOf(newToken());
    await key.call("/api/v1/procesar", body);
    const { effects, send, resolve } = createAppWithPendingLookup();
    const response = send(key, "/api/v1/procesar", body);
    await expectEffects(effects, ["key lookup", "cache read"]);
    resolve(null);
    expect((await response).status).toBe(401);
    expect(effects).toEqual(["key lookup", "cache read", "response"]);
  });

  it.for([
    ["/api/v1/estado", { modo: "/resumir" }],
    ["/api/v1/consultar", {}],
  ] as const)("has no effect on %s", async ([path, body]) => {
    const { effects, send, resolve } = createAppWithPendingLookup();
    const response = send(await newKey(), path, { ...body, chat_id: newChatId() });
    await expectEffects(effects, ["key lookup"]);
    resolve(null);
    expect((await response).status).toBe(401);
    expect(effects).toEqual(["key lookup", "response"]);
  });
});

describe("a request whose key turns out to be invalid", () => {
  it.for([
    ["with a named task", {}, {}, ["cache read"]],
    ["with a task by mode", { tipo_tarea: null }, {}, []],
    ["with an Idempotency-Key", {}, { "idempotency-key": "una" }, []],
    ["with an invalid body", { texto: 7 }, {}, []],
  ] as const)("gets 401 and has no effect %s", async ([, change, headers, reads]) => {
    const key = await newKey();
    const texto = newToken();
    const body = { ...bodyOf(texto), ...change };
    const { effects, send, resolve } = createAppWithPendingLookup();
    const response = send(key, "/api/v1/procesar", body, headers);
    await expectEffects(effects, ["key lookup", ...reads]);
    resolve(null);
    const { status, json } = await response;
    expect(status).toBe(401);
    expect(json).not.toHaveProperty("chat_id");
    expect(effects).toEqual(["key lookup", ...reads, "response"]);
    expect((await model.calls(texto)).calls).toBe(0);
    const { json: history } = await key.call("/api/v1/consultar", { chat_id: body.chat_id });
    expect(history["total"]).toBe(0);
  });

  it("returns 403 and has no effect when the key lacks the permission or does not reach the chat", async () => {
    const key = await newKey({ permisos: ["historial"], chats: [newChatId()] });
    for (const permisos of [["historial"], ["procesar"]]) {
      await call(`/api/v1/claves/${key.id}`, { permisos }, { method: "PATCH" });
      const { effects, send, resolve } = createAppWithPendingLookup();
      const response = send(key, "/api/v1/procesar", bodyOf(newToken()));
      await expectEffects(effects, ["key lookup", "cache read"]);
      resolve(await lookUpState(key));
      expect((await response).status).toBe(403);
      expect(effects).toEqual(["key lookup", "cache read", "response"]);
    }
  });

  it("returns 503 and has no effect when the key cannot be verified", async () => {
    const { effects, send, reject } = createAppWithPendingLookup();
    const response = send(await newKey(), "/api/v1/procesar", bodyOf(newToken()));
    await expectEffects(effects, ["key lookup", "cache read"]);
    reject(new AppError("acceso_no_disponible"));
    expect((await response).json["codigo"]).toBe("acceso_no_disponible");
    expect(effects).toEqual(["key lookup", "cache read", "response"]);
  });
});
