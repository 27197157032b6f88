import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { sha256Hex } from "../../src/lib/hash.ts";
import { estado, newChatId, newToken, procesar, recordsOf } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { DAY_MS } from "../../src/lib/durations.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));

const newRequest = () => {
  const token = newToken();
  return {
    token,
    key: { "idempotency-key": `clave-${token}` },
    body: { chat_id: newChatId(), texto: `Una sola vez. ${token}`, tipo_tarea: "resumir" },
  };
};

afterEach(() => {
  vi.useRealTimers();
});

describe("POST /api/v1/procesar with an Idempotency-Key", () => {
  it("replays the answer of the same request byte for byte, without a model call or a record", async () => {
    const { token, key, body } = newRequest();
    const first = await procesar(body, key);
    expect(first.headers.has("idempotent-replayed")).toBe(false);
    const again = await procesar(body, key);
    expect(again.status).toBe(200);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.text).toBe(first.text);
    expect((await model.calls(token)).calls).toBe(1);
    expect(await recordsOf(body.chat_id)).toHaveLength(1);
  });

  it("applies the mode once: a replay without tipo_tarea does not change the current mode", async () => {
    const { token, key, body } = newRequest();
    const { tipo_tarea: _, ...withoutTask } = body;
    await estado({ chat_id: body.chat_id, modo: "/resumir" });
    const first = await procesar(withoutTask, key);
    expect(first.json).toMatchObject({ success: true, tipo_tarea: "resumir" });
    await estado({ chat_id: body.chat_id, modo: "/traducir" });
    const again = await procesar(withoutTask, key);
    expect(again.text).toBe(first.text);
    expect((await estado({ chat_id: body.chat_id, modo: "" })).json["modo_actual"]).toBe(
      "/traducir",
    );
    expect((await model.calls(token)).calls).toBe(1);
  });

  it("joins the running request with the same key", async () => {
    const { token, key, body } = newRequest();
    await model.script(token, [{ kind: "hold" }]);
    const both = [procesar(body, key), procesar(body, key)];
    await vi.waitFor(async () => expect((await model.calls(token)).open).toBe(1), 10_000);
    await model.release(token);
    const answers = await Promise.all(both);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.has("idempotent-replayed"))).toHaveLength(1);
    expect((await model.calls(token)).calls).toBe(1);
  });

  it("responds 422 to the same key with another text, task, options or chat, without a model call", async () => {
    const { key, body } = newRequest();
    await procesar(body, key);
    const other = newToken();
    const changes = [
      { texto: `${body.texto} ${other}` },
      { texto: `${body.texto} ${other}`, tipo_tarea: "traducir" },
      { opciones: { longitud: "breve" } },
      { chat_id: newChatId() },
    ];
    for (const change of changes) {
      const { status, json } = await procesar({ ...body, ...change }, key);
      expect(status).toBe(422);
      expect(json).toMatchObject({ code: "E207", codigo: "idempotencia_en_conflicto" });
    }
    expect((await model.calls(other)).calls).toBe(0);
  });

  it("replays the answer to the same request with its fields in another order", async () => {
    const { key, body } = newRequest();
    const first = await procesar({ ...body, opciones: { longitud: "breve" } }, key);
    const reordered = Object.fromEntries(Object.entries(body).toReversed());
    const again = await procesar({ opciones: { longitud: "breve" }, ...reordered }, key);
    expect(again.text).toBe(first.text);
  });

  it("runs a failed request again", async () => {
    const { token, key, body } = newRequest();
    await model.script(token, [{ kind: "error", status: 401 }, { kind: "ok" }]);
    expect((await procesar(body, key)).status).toBe(502);
    const again = await procesar(body, key);
    expect(again.status).toBe(200);
    expect(again.headers.has("idempotent-replayed")).toBe(false);
  });

  it("replays an answer that came from the cache", async () => {
    const { token, key, body } = newRequest();
    await procesar(body);
    const first = await procesar(body, key);
    const again = await procesar(body, key);
    expect(again.text).toBe(first.text);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect((await model.calls(token)).calls).toBe(1);
  });

  it("forgets the Idempotency-Key after 24 hours", async () => {
    const { key, body } = newRequest();
    const first = await procesar(body, key);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DAY_MS + 1_000 });
    const name = sha256Hex(JSON.stringify(["principal", "procesar", key["idempotency-key"]]));
    expect(await runDurableObjectAlarm(env.IDEMPOTENCY_KEYS.getByName(name))).toBe(true);

    const changed = await procesar({ ...body, chat_id: newChatId() }, key);
    expect(changed.status).toBe(200);
    expect(changed.json["solicitud_id"]).not.toBe(first.json["solicitud_id"]);
  });

  it.for(["", " ", "con espacio", "ñ", "x".repeat(256), "a\tb"])(
    "responds 400 to the key %j, names the header, and makes no model call",
    async (bad) => {
      const { token, body } = newRequest();
      const { status, json } = await procesar(body, { "idempotency-key": bad });
      expect(status).toBe(400);
      expect(json["errores"]).toEqual([
        expect.objectContaining({ campo: "Idempotency-Key" }) as object,
      ]);
      expect((await model.calls(token)).calls).toBe(0);
    },
  );

  it("accepts an Idempotency-Key of 255 characters", async () => {
    const { body } = newRequest();
    const key = crypto.randomUUID().padEnd(255, "~");
    expect((await procesar(body, { "idempotency-key": key })).status).toBe(200);
  });
});
