import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, it, vi } from "vitest";
import { chatStub } from "../../src/chats/chat-stub.ts";
import { parseConfig } from "../../src/config.ts";
import {
  consultar,
  newChatId,
  newToken,
  procesar,
  recordsOf,
  type ApiResponse,
} from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));

const resumir = (chat_id: number, texto: string): Promise<ApiResponse> =>
  procesar({ chat_id, texto, tipo_tarea: "resumir" });

const chatOf = (chatId: number) => chatStub(env, parseConfig({ ...env }), `principal/${chatId}`);

const waitForOpenCalls = (token: string, open: number): Promise<void> =>
  vi.waitFor(async () => {
    expect((await model.calls(token)).open).toBe(open);
  }, 10_000);

describe("equal requests to POST /api/v1/procesar", () => {
  it("pays once for 30 equal simultaneous requests, and answers and records each of them", async () => {
    const chat_id = newChatId();
    const token = newToken();
    await model.script(token, [{ kind: "ok", delayMs: 200 }]);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => resumir(chat_id, `Treinta veces lo mismo. ${token}`)),
    );

    expect((await model.calls(token)).calls).toBe(1);
    expect(new Set(answers.map(({ json }) => json["resultado"])).size).toBe(1);
    expect(answers.filter(({ json }) => json["cache"] === "miss")).toHaveLength(1);
    expect(answers.filter(({ json }) => json["uso"] !== null)).toHaveLength(1);
    expect(new Set(answers.map(({ json }) => json["solicitud_id"])).size).toBe(30);
    expect(await recordsOf(chat_id)).toHaveLength(30);
  });

  it("calls the model once for 5 equal simultaneous requests, and fails all of them when that call fails", async () => {
    const chat_id = newChatId();
    const token = newToken();
    await model.script(token, [{ kind: "error", status: 401 }]);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => resumir(chat_id, `No saldrá. ${token}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([502, 502, 502, 502, 502]);
    expect((await model.calls(token)).calls).toBe(1);
    expect(await recordsOf(chat_id)).toEqual([]);
  });

  it("answers a later request from the cache at no cost, in every chat of the client", async () => {
    const token = newToken();
    const texto = `Lo mismo en dos chats. ${token}`;
    const first = await resumir(newChatId(), texto);
    const other = newChatId();
    await vi.waitFor(async () => {
      const { json } = await resumir(other, texto);
      expect(json).toMatchObject({ cache: "colo", uso: null, intentos: 0 });
      expect(json["resultado"]).toBe(first.json["resultado"]);
    }, 10_000);
    const [record] = await recordsOf(other);
    expect(record).toMatchObject({ texto_original: texto, estado: "completada" });
  });

  it("treats texts that differ in one space as different work", async () => {
    const chat_id = newChatId();
    const token = newToken();
    await resumir(chat_id, `Un texto. ${token}`);
    await resumir(chat_id, `Un texto.  ${token}`);
    expect((await model.calls(token)).calls).toBe(2);
  });
});

describe("a client that disconnects", () => {
  it("returns the stored result when a disconnected client asks again, after one model call", async () => {
    const chat_id = newChatId();
    const token = newToken();
    const texto = `Cuelgo antes de la respuesta. ${token}`;
    await model.script(token, [{ kind: "hold" }]);

    const body = { chat_id, texto, tipo_tarea: "resumir" };
    const connection = new AbortController();
    const disconnected = procesar(body, {}, connection.signal).catch(String);
    await waitForOpenCalls(token, 1);
    connection.abort();
    expect(await disconnected).toMatch(/abort/i);
    await model.release(token);

    await vi.waitFor(async () => expect(await recordsOf(chat_id)).toHaveLength(1), 10_000);
    const { json } = await procesar(body);
    expect(json).toMatchObject({ success: true, uso: null });
    expect(json["cache"]).not.toBe("miss");
    expect((await model.calls(token)).calls).toBe(1);
  });
});

describe("simultaneous tasks of one chat", () => {
  it("makes at most four model calls of a chat at a time, and completes every task", async () => {
    const chat_id = newChatId();
    const token = newToken();
    await model.script(token, [{ kind: "ok", delayMs: 60 }]);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => resumir(chat_id, `Texto ${index}. ${token}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await model.calls(token)).toMatchObject({ calls: 12, maxConcurrent: 4, open: 0 });
  });

  it("returns 429 with Retry-After beyond fifty waiting tasks of a chat, without a model call or a record", async () => {
    const chat_id = newChatId();
    const token = newToken();
    const hold = { kind: "hold" } as const;
    await model.script(token, [hold, hold, hold, hold, { kind: "ok" }]);
    const answered: ApiResponse[] = [];
    const ask = async (index: number): Promise<void> => {
      answered.push(await resumir(chat_id, `Cola ${index}. ${token}`));
    };
    const requests = Array.from({ length: 55 }, (_, index) => ask(index));

    await vi.waitFor(() => expect(answered).toHaveLength(1), 10_000);
    const [refused] = answered;
    expect(refused?.status).toBe(429);
    expect(refused?.json).toMatchObject({ codigo: "chat_ocupado", code: "E305", chat_id });
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);

    await model.release(token);
    await Promise.all(requests);
    expect(answered.filter(({ status }) => status === 200)).toHaveLength(54);
    expect((await model.calls(token)).calls).toBe(54);
    const { json } = await consultar({ chat_id });
    expect(json["total"]).toBe(54);
  });
});

describe("a chat object that is killed during a model call", () => {
  it("records work as interrupted after a kill, gives the mode back, and does not call the model again", async () => {
    const chat_id = newChatId();
    const token = newToken();
    const texto = `Se va la luz. ${token}`;
    await model.script(token, [{ kind: "hold" }]);
    await chatOf(chat_id).setMode({ mode: "resumir", fixed: false, options: null });
    const interrupted = procesar({ chat_id, texto });
    await waitForOpenCalls(token, 1);
    const aborted = runInDurableObject(chatOf(chat_id), (_, state) => state.abort("killed"));
    await expect(aborted).rejects.toThrow(/killed/);
    expect((await interrupted).json).toMatchObject({ status: 500, code: "E901", chat_id });

    expect(await recordsOf(chat_id)).toEqual([
      expect.objectContaining({ texto_original: texto, estado: "interrumpida" }),
    ]);
    expect(await chatOf(chat_id).mode()).toMatchObject({ mode: "resumir" });
    expect((await model.calls(token)).calls).toBe(1);
  });
});

it("reaches the chat object with a jurisdiction set, which the local runtime ignores", async () => {
  const config = { ...parseConfig({ ...env }), JURISDICCION: "eu" as const };
  const name = `principal/${newChatId()}`;
  expect(await chatStub(env, config, name).mode()).toMatchObject({ mode: null });
});
