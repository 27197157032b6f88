import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { parseApiKey } from "../../src/access/api-key.ts";
import type { KeyState } from "../../src/access/key-state.ts";
import { chatName, chatStub } from "../../src/chats/chat-stub.ts";
import { AppError } from "../../src/errors.ts";
import { createServices } from "../../src/services.ts";
import { call, newChatId, newToken } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { newKey, type TestKey } from "../support/keys.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const services = createServices(env);

/** The Worker with an object of keys that answers when it is told to, and a diary of what is touched meanwhile. */
function slowKeys() {
  const touched: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<KeyState | null>();
  const app = createApp({
    keys: {
      find: async () => {
        touched.push("asked");
        return await promise;
      },
      forget: () => undefined,
    },
    cache: {
      ...services.cache,
      read: async (...asked) => {
        touched.push("cache read");
        return await services.cache.read(...asked);
      },
      write: async (entry) => {
        touched.push("cache write");
        await services.cache.write(entry);
      },
    },
    chat: (client, chatId) => {
      touched.push("chat");
      return chatStub(env, services.config, chatName(client, chatId));
    },
    claimIdempotencyKey: async () => {
      touched.push("idempotency");
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
    touched.push("answered");
    return { status: response.status, json };
  };
  return { touched, send, resolve, reject };
}

/** Lets everything that can go on without the verdict go on. */
async function untilStill(touched: string[]): Promise<void> {
  for (let seen = -1; seen !== touched.length;) {
    seen = touched.length;
    await scheduler.wait(50);
  }
}

const stateOf = async (key: TestKey): Promise<KeyState | null> => {
  const read = parseApiKey(services.config.KEYS_PEPPER ?? "", key.apiKey);
  return read
    ? await services.keys.find(
        key.id,
        { kind: "secret", client: read.client, digest: read.digest },
        () => undefined,
      )
    : null;
};

const bodyOf = (texto: string) => ({ chat_id: newChatId(), texto, tipo_tarea: "resumir" });

describe("while a key is being checked", () => {
  it("procesar looks the cache up, and waits with everything else", async () => {
    const key = await newKey();
    const texto = newToken();
    const { touched, send, resolve } = slowKeys();
    const answer = send(key, "/api/v1/procesar", bodyOf(texto));
    await untilStill(touched);
    expect(touched).toEqual(["asked", "cache read"]);
    expect((await model.calls(texto)).calls).toBe(0);
    resolve(await stateOf(key));
    expect((await answer).status).toBe(200);
    expect(touched).toEqual(["asked", "cache read", "chat", "cache write", "answered"]);
  });

  it("what the cache has is not answered before the verdict", async () => {
    const key = await newKey();
    const body = bodyOf(newToken());
    await key.call("/api/v1/procesar", body);
    const { touched, send, resolve } = slowKeys();
    const answer = send(key, "/api/v1/procesar", body);
    await untilStill(touched);
    expect(touched).toEqual(["asked", "cache read"]);
    resolve(null);
    expect((await answer).status).toBe(401);
    expect(touched).toEqual(["asked", "cache read", "answered"]);
  });

  it.for([
    ["/api/v1/estado", { modo: "/resumir" }],
    ["/api/v1/consultar", {}],
  ] as const)("%s touches nothing", async ([path, body]) => {
    const { touched, send, resolve } = slowKeys();
    const answer = send(await newKey(), path, { ...body, chat_id: newChatId() });
    await untilStill(touched);
    expect(touched).toEqual(["asked"]);
    resolve(null);
    expect((await answer).status).toBe(401);
    expect(touched).toEqual(["asked", "answered"]);
  });
});

describe("a key that turns out not to open", () => {
  it.for([
    ["a task", {}, {}],
    ["a task by mode", { tipo_tarea: null }, {}],
    ["an Idempotency-Key", {}, { "idempotency-key": "una" }],
    ["a body that is wrong", { texto: 7 }, {}],
  ] as const)("leaves nothing behind: %s", async ([, change, headers]) => {
    const key = await newKey();
    const texto = newToken();
    const body = { ...bodyOf(texto), ...change };
    const { touched, send, resolve } = slowKeys();
    const answer = send(key, "/api/v1/procesar", body, headers);
    await untilStill(touched);
    resolve(null);
    const { status, json } = await answer;
    expect(status).toBe(401);
    expect(json).not.toHaveProperty("chat_id");
    expect(touched.filter((step) => !["asked", "cache read", "answered"].includes(step))).toEqual(
      [],
    );
    expect((await model.calls(texto)).calls).toBe(0);
    const { json: history } = await key.call("/api/v1/consultar", { chat_id: body.chat_id });
    expect(history["total"]).toBe(0);
  });

  it("or may not do this, or not there, leaves nothing behind either", async () => {
    const key = await newKey({ permisos: ["historial"], chats: [newChatId()] });
    for (const permisos of [["historial"], ["procesar"]]) {
      await call(`/api/v1/claves/${key.id}`, { permisos }, { method: "PATCH" });
      const { touched, send, resolve } = slowKeys();
      const answer = send(key, "/api/v1/procesar", bodyOf(newToken()));
      await untilStill(touched);
      resolve(await stateOf(key));
      expect((await answer).status).toBe(403);
      expect(touched).toEqual(["asked", "cache read", "answered"]);
    }
  });

  it("cannot be checked: 503, and nothing is done", async () => {
    const { touched, send, reject } = slowKeys();
    const answer = send(await newKey(), "/api/v1/procesar", bodyOf(newToken()));
    await untilStill(touched);
    reject(new AppError("acceso_no_disponible"));
    expect((await answer).json["codigo"]).toBe("acceso_no_disponible");
    expect(touched).toEqual(["asked", "cache read", "answered"]);
  });
});
