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

const untilOpen = (token: string, open: number): Promise<void> =>
  vi.waitFor(async () => {
    expect((await model.calls(token)).open).toBe(open);
  });

describe("the same work, asked more than once", () => {
  it("is paid once when 30 ask at once, and each of them is answered and recorded", async () => {
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

  it("is paid once when its first try is still failing over, and fails for all when it fails", async () => {
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

  it("comes from the cache afterwards, for every chat of the client, and costs nothing", async () => {
    const token = newToken();
    const texto = `Lo mismo en dos chats. ${token}`;
    const first = await resumir(newChatId(), texto);
    const other = newChatId();
    await vi.waitFor(async () => {
      const { json } = await resumir(other, texto);
      expect(json).toMatchObject({ cache: "colo", uso: null, intentos: 0 });
      expect(json["resultado"]).toBe(first.json["resultado"]);
    });
    const [record] = await recordsOf(other);
    expect(record).toMatchObject({ texto_original: texto, estado: "completada" });
  });

  it("is other work when the text differs in one space", async () => {
    const chat_id = newChatId();
    const token = newToken();
    await resumir(chat_id, `Un texto. ${token}`);
    await resumir(chat_id, `Un texto.  ${token}`);
    expect((await model.calls(token)).calls).toBe(2);
  });
});

describe("a client that hangs up", () => {
  it("finds its result kept, and paid once", async () => {
    const chat_id = newChatId();
    const token = newToken();
    const texto = `Cuelgo antes de la respuesta. ${token}`;
    await model.script(token, [{ kind: "hold" }]);

    const body = { chat_id, texto, tipo_tarea: "resumir" };
    const hangUp = new AbortController();
    const hungUp = procesar(body, {}, hangUp.signal).catch(String);
    await untilOpen(token, 1);
    hangUp.abort();
    expect(await hungUp).toMatch(/abort/i);
    await model.release(token);

    await vi.waitFor(async () => expect(await recordsOf(chat_id)).toHaveLength(1));
    const { json } = await procesar(body);
    expect(json).toMatchObject({ success: true, uso: null });
    expect(json["cache"]).not.toBe("miss");
    expect((await model.calls(token)).calls).toBe(1);
  });
});

describe("many tasks of one chat at once", () => {
  it("make at most four calls at a time, and all of them are done", async () => {
    const chat_id = newChatId();
    const token = newToken();
    await model.script(token, [{ kind: "ok", delayMs: 60 }]);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => resumir(chat_id, `Texto ${index}. ${token}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await model.calls(token)).toMatchObject({ calls: 12, maxConcurrent: 4, open: 0 });
  });

  it("are refused past fifty in waiting, with Retry-After and without a call or a record", async () => {
    const chat_id = newChatId();
    const token = newToken();
    const hold = { kind: "hold" } as const;
    await model.script(token, [hold, hold, hold, hold, { kind: "ok" }]);
    const answered: ApiResponse[] = [];
    const ask = async (index: number): Promise<void> => {
      answered.push(await resumir(chat_id, `Cola ${index}. ${token}`));
    };
    const asked = Array.from({ length: 55 }, (_, index) => ask(index));

    await vi.waitFor(() => expect(answered).toHaveLength(1));
    const [refused] = answered;
    expect(refused?.status).toBe(429);
    expect(refused?.json).toMatchObject({ codigo: "chat_ocupado", code: "E305", chat_id });
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);

    await model.release(token);
    await Promise.all(asked);
    expect(answered.filter(({ status }) => status === 200)).toHaveLength(54);
    expect((await model.calls(token)).calls).toBe(54);
    const { json } = await consultar({ chat_id });
    expect(json["total"]).toBe(54);
  });
});

describe("an object that dies in mid-call", () => {
  it("leaves a record that says so, gives the mode back, and never pays again by itself", async () => {
    const chat_id = newChatId();
    const token = newToken();
    const texto = `Se va la luz. ${token}`;
    await model.script(token, [{ kind: "hold" }]);
    await chatOf(chat_id).setMode({ mode: "resumir", fixed: false, options: null });
    const cutOff = procesar({ chat_id, texto });
    await untilOpen(token, 1);
    const aborted = runInDurableObject(chatOf(chat_id), (_, state) => state.abort("killed"));
    await expect(aborted).rejects.toThrow(/killed/);
    expect((await cutOff).json).toMatchObject({ status: 500, code: "E901", chat_id });

    expect(await recordsOf(chat_id)).toEqual([
      expect.objectContaining({ texto_original: texto, estado: "interrumpida" }),
    ]);
    expect(await chatOf(chat_id).mode()).toMatchObject({ mode: "resumir" });
    expect((await model.calls(token)).calls).toBe(1);
  });
});

it("reaches its objects the same way when a jurisdiction is set, which is ignored here", async () => {
  const config = { ...parseConfig({ ...env }), JURISDICCION: "eu" as const };
  const name = `principal/${newChatId()}`;
  expect(await chatStub(env, config, name).mode()).toMatchObject({ mode: null });
});
