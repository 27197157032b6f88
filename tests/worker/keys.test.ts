import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { accessStub } from "../../src/access/access-stub.ts";
import { generateApiKey, generateKeyId } from "../../src/access/api-key.ts";
import { SCOPES } from "../../src/access/principal.ts";
import { parseConfig } from "../../src/config.ts";
import { call, consultar, estado, newChatId, newToken, recordsOf } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { callerWith, newKey } from "../support/keys.ts";
import { TEST_API_KEY, TEST_PEPPER } from "../support/secrets.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const CLAVES = "/api/v1/claves";

const revoke = (id: string) => call(`${CLAVES}/${id}`, undefined, { method: "DELETE" });
const change = (id: string, body: Record<string, unknown>) =>
  call(`${CLAVES}/${id}`, body, { method: "PATCH" });
const task = (chat_id: number) => ({ chat_id, texto: newToken(), tipo_tarea: "resumir" });

const Document = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        security: z.array(z.unknown()).optional(),
        parameters: z.array(z.object({ name: z.string() })).optional(),
        requestBody: z
          .object({
            content: z.record(
              z.string(),
              z.object({
                schema: z.object({
                  properties: z.record(z.string(), z.unknown()).optional(),
                  example: z.record(z.string(), z.unknown()).optional(),
                }),
              }),
            ),
          })
          .optional(),
      }),
    ),
  ),
});
const { paths } = Document.parse((await call("/openapi.json")).json);
const guarded = Object.entries(paths)
  .flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      parameters: operation.parameters ?? [],
      body: operation.requestBody?.content["application/json"]?.schema,
      isOpen: operation.security !== undefined,
    })),
  )
  .filter(({ isOpen }) => !isOpen);
const ofAChat = guarded.filter(
  ({ parameters, body }) =>
    parameters.some(({ name }) => name === "chat_id") ||
    body?.properties?.["chat_id"] !== undefined,
);

describe("every route", () => {
  it("knows some routes, and some that name a chat", () => {
    expect(guarded.length).toBeGreaterThan(12);
    expect(ofAChat.length).toBeGreaterThan(4);
  });

  it.for(guarded)("$method $path needs a permission of its own", async ({ path, method, body }) => {
    const key = await newKey({ permisos: ["metricas"], cliente: "principal" });
    const { status, json } = await key.call(path, body?.example, method);
    if (path === "/api/v1/auth/token") {
      expect(json["codigo"]).not.toBe("no_autenticado");
      return;
    }
    expect(status).toBe(403);
    expect(json["codigo"]).toBe("permiso_insuficiente");
  });

  it.for(ofAChat)(
    "$method $path holds a key to its chats before anything happens",
    async ({ path, method, body }) => {
      const [mine, other] = [newChatId(), -newChatId()];
      const scopes = SCOPES.filter((scope) => scope !== "admin");
      const key = await newKey({ permisos: scopes, cliente: "principal", chats: [mine] });
      const token = newToken();
      const ask = (chat_id: number) =>
        key.call(
          path.includes("{chat_id}")
            ? path.replace("{chat_id}", String(chat_id))
            : method === "GET"
              ? `${path}?chat_id=${chat_id}`
              : path,
          body && { ...body.example, texto: token, chat_id },
          method,
        );
      const refused = await ask(other);
      expect(refused.status).toBe(403);
      expect(refused.json).toMatchObject({ codigo: "chat_no_permitido", chat_id: other });
      expect((await model.calls(token)).calls).toBe(0);
      expect(await recordsOf(other)).toEqual([]);
      expect((await ask(mine)).status).not.toBe(403);
    },
  );
});

describe("a key that was made", () => {
  it("is shown once, and told without its secret from then on", async () => {
    const key = await newKey();
    expect(key.apiKey).toMatch(/^aia_[a-z0-9-]+_[0-9a-f]{16}_[0-9a-f]{64}$/);
    const [, , , secret = ""] = key.apiKey.split("_");
    for (const path of [CLAVES, `${CLAVES}/${key.id}`]) {
      const { status, text } = await call(path);
      expect(status).toBe(200);
      expect(text).toContain(key.id);
      expect(text).not.toContain(secret);
      expect(text).not.toMatch(/[0-9a-f]{64}|digest|huella/);
    }
  });

  it("opens what its permissions name, in x-api-key and as a bearer", async () => {
    const key = await newKey({ permisos: ["procesar"] });
    expect((await key.call("/api/v1/procesar", task(newChatId()))).status).toBe(200);
    const bearer = await call("/api/v1/tareas", undefined, {
      headers: { "x-api-key": null, authorization: `bearer ${key.apiKey}` },
    });
    expect(bearer.status).toBe(200);
    expect((await key.call(CLAVES)).status).toBe(403);
  });

  it("sees its own client's chats only, under the same numbers", async () => {
    const [one, other] = [await newKey(), await newKey()];
    const chat_id = newChatId();
    const body = task(chat_id);
    expect((await one.call("/api/v1/procesar", body)).json["cache"]).toBe("miss");
    await one.call("/api/v1/estado", { chat_id, modo: "/traducir", fijo: true });
    expect((await one.call("/api/v1/consultar", { chat_id })).json["total"]).toBe(1);

    expect((await other.call("/api/v1/consultar", { chat_id })).json["total"]).toBe(0);
    expect((await consultar({ chat_id })).json["total"]).toBe(0);
    expect(
      (await other.call("/api/v1/estado", { chat_id, modo: "" })).json["modo_actual"],
    ).toBeNull();
    expect((await estado({ chat_id, modo: "" })).json["modo_actual"]).toBeNull();
    await other.call(`/api/v1/historial/${chat_id}`, undefined, "DELETE");
    await other.call("/api/v1/cache", undefined, "DELETE");
    expect((await other.call("/api/v1/procesar", body)).json["cache"]).toBe("miss");
    expect((await one.call("/api/v1/consultar", { chat_id })).json["total"]).toBe(1);
    expect((await one.call("/api/v1/procesar", body)).json["cache"]).toMatch(/colo|kv|chat/);
  });

  it("shares its client's chats with the client's other keys", async () => {
    const one = await newKey();
    const other = await newKey({ cliente: one.client });
    const chat_id = newChatId();
    await one.call("/api/v1/procesar", task(chat_id));
    expect((await other.call("/api/v1/consultar", { chat_id })).json["total"]).toBe(1);
  });

  it("does not empty the cache of chats that it does not reach", async () => {
    const key = await newKey({ chats: [newChatId()] });
    expect((await key.call("/api/v1/cache", undefined, "DELETE")).json["codigo"]).toBe(
      "permiso_insuficiente",
    );
  });

  it("tells when it was used last", async () => {
    const key = await newKey();
    const seen = async () => (await call(`${CLAVES}/${key.id}`)).json["ultimo_uso"];
    expect(await seen()).toBeNull();
    await key.call("/api/v1/tareas");
    expect(await seen()).toMatch(/^\d{4}-/);
  });
});

describe("a refusal", () => {
  it("is the same for every key that does not open, but for its id", async () => {
    const [key, revoked, expired, rotated] = [
      await newKey(),
      await newKey(),
      await newKey({ caduca: new Date(Date.now() + 2_000).toISOString() }),
      await newKey(),
    ];
    await revoke(revoked.id);
    await call(`${CLAVES}/${rotated.id}/rotar`, { gracia_segundos: 0 });
    const [, , , secret = ""] = key.apiKey.split("_");
    const forged = (client: string, id: string): string =>
      generateApiKey(TEST_PEPPER, client, id).text;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10_000 });
    const keys = {
      nothing: "",
      "another text": "otra",
      "the owner's and more": `${TEST_API_KEY}x`,
      "an id that nobody has": forged(key.client, generateKeyId()),
      "another secret of a known id": forged(key.client, key.id),
      "another client": forged("principal", key.id),
      "a broken seal": `aia_${key.client}_${key.id}_${secret.slice(0, -1)}${secret.endsWith("0") ? "1" : "0"}`,
      revoked: revoked.apiKey,
      expired: expired.apiKey,
      "rotated away": rotated.apiKey,
      "a pepper that is not ours": generateApiKey("x".repeat(32), key.client, key.id).text,
      "very long": `aia_${"a".repeat(5_000)}`,
      "three parts and no token": "a.b.c",
    };
    try {
      const answers = new Set<string>();
      for (const [what, clave] of Object.entries(keys)) {
        for (const path of ["/api/v1/tareas", "/api/v1/procesar", "/api/v1/nada"]) {
          const answer = await callerWith(clave)(
            path,
            path.endsWith("procesar") ? task(newChatId()) : undefined,
          );
          if (answer.status !== 401) throw new Error(`${what} ${path}: ${answer.status}`);
          const id = String(answer.json["solicitud_id"]);
          const headers = [...answer.headers].filter(([name]) => name !== "x-request-id");
          answers.add(JSON.stringify([answer.text.replaceAll(id, ""), headers]));
        }
      }
      expect(answers.size).toBe(1);
      expect((await key.call("/api/v1/tareas")).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it("meets who sends two credentials that differ, and not who sends one twice", async () => {
    const [key, other] = [await newKey(), await newKey()];
    const send = (first: string, second: string) =>
      call("/api/v1/tareas", undefined, {
        headers: { "x-api-key": first, authorization: `Bearer ${second}` },
      });
    expect((await send(key.apiKey, key.apiKey)).status).toBe(200);
    expect((await send(key.apiKey, other.apiKey)).status).toBe(401);
    expect((await send(TEST_API_KEY, key.apiKey)).status).toBe(401);
    expect((await send("", TEST_API_KEY)).status).toBe(401);
  });
});

describe("keys change", () => {
  it("revoked, at once where it was revoked, and for good", async () => {
    const key = await newKey();
    expect((await key.call("/api/v1/tareas")).status).toBe(200);
    expect((await revoke(key.id)).json).toMatchObject({ estado: "revocada" });
    expect((await key.call("/api/v1/tareas")).status).toBe(401);
    const again = await revoke(key.id);
    expect(again.status).toBe(200);
    for (const refused of [
      await change(key.id, { nombre: "otra" }),
      await call(`${CLAVES}/${key.id}/rotar`, {}),
    ]) {
      expect(refused.status).toBe(409);
      expect(refused.json["codigo"]).toBe("clave_revocada");
    }
  });

  it("rotated: two are valid at once, then one; a third turn ends the first", async () => {
    const key = await newKey();
    const rotate = async (gracia_segundos: number) => {
      const { json } = await call(`${CLAVES}/${key.id}/rotar`, { gracia_segundos });
      return callerWith(String(json["clave"]));
    };
    const second = await rotate(60);
    expect((await key.call("/api/v1/tareas")).status).toBe(200);
    expect((await second("/api/v1/tareas")).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    try {
      expect((await key.call("/api/v1/tareas")).status).toBe(401);
      expect((await second("/api/v1/tareas")).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
    const third = await rotate(60);
    expect((await key.call("/api/v1/tareas")).status).toBe(401);
    expect((await second("/api/v1/tareas")).status).toBe(200);
    expect((await third("/api/v1/tareas")).status).toBe(200);
  });

  it("narrowed and widened, which holds from the next request on", async () => {
    const key = await newKey({ permisos: ["procesar"] });
    const chat_id = newChatId();
    expect((await key.call("/api/v1/consultar", { chat_id })).status).toBe(403);
    const changed = await change(key.id, {
      permisos: ["historial"],
      chats: [chat_id],
      nombre: " b ",
    });
    expect(changed.json).toMatchObject({
      permisos: ["historial"],
      chats: [chat_id],
      nombre: "b",
      limites: { por_minuto: null, por_dia: null },
    });
    expect((await key.call("/api/v1/consultar", { chat_id })).status).toBe(200);
    expect((await key.call("/api/v1/procesar", task(chat_id))).status).toBe(403);
    await change(key.id, { caduca: new Date(Date.now() + 60_000).toISOString() });
    expect((await key.call("/api/v1/consultar", { chat_id })).status).toBe(200);
  });

  it("end when they expire", async () => {
    const key = await newKey({ caduca: new Date(Date.now() + 60_000).toISOString() });
    expect((await key.call("/api/v1/tareas")).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    try {
      expect((await key.call("/api/v1/tareas")).status).toBe(401);
      expect((await call(`${CLAVES}/${key.id}`)).json["estado"]).toBe("caducada");
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("limits", () => {
  it("are counted over the routes, and the wait is told", async () => {
    vi.useFakeTimers({
      toFake: ["Date"],
      now: new Date(`${new Date().toISOString().slice(0, 16)}:10Z`),
    });
    try {
      const key = await newKey({ limites: { por_minuto: 3 } });
      for (let time = 0; time < 3; time += 1)
        expect((await key.call("/api/v1/tareas")).status).toBe(200);
      const token = newToken();
      const refused = await key.call("/api/v1/procesar", {
        chat_id: newChatId(),
        texto: token,
        tipo_tarea: "resumir",
      });
      expect(refused.status).toBe(429);
      expect(refused.json["codigo"]).toBe("limite_de_clave");
      expect(Number(refused.headers.get("retry-after"))).toBe(50);
      expect((await model.calls(token)).calls).toBe(0);
      vi.setSystemTime(Date.now() + 50_000);
      expect((await key.call("/api/v1/tareas")).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("who may make keys", () => {
  const admin = (more: Record<string, unknown> = {}) =>
    newKey({ cliente: "principal", permisos: ["admin", "procesar"], ...more });
  const wanted = { nombre: "hija", permisos: ["procesar"] };

  it("hands on what they have and no more", async () => {
    const chat = newChatId();
    const parent = await admin({ chats: [chat], limites: { por_minuto: 100 } });
    const limites = { por_minuto: 5 };
    const good = await parent.call(CLAVES, { ...wanted, chats: [chat], limites });
    expect(good.status).toBe(200);
    for (const [campo, body] of [
      ["permisos", { permisos: ["historial"], chats: [chat], limites }],
      ["chats", { limites }],
      ["chats", { chats: [-chat], limites }],
      ["limites", { chats: [chat] }],
    ] as const) {
      const refused = await parent.call(CLAVES, { ...wanted, ...body });
      expect(refused.status).toBe(403);
      expect(refused.json).toMatchObject({ codigo: "permiso_insuficiente", errores: [{ campo }] });
    }
  });

  it("does not reach further by changing or rotating a key that is wider than their own", async () => {
    const parent = await admin();
    const wide = await newKey({ permisos: ["historial"] });
    for (const refused of [
      await parent.call(`${CLAVES}/${wide.id}`, { nombre: "x" }, "PATCH"),
      await parent.call(`${CLAVES}/${parent.id}`, { permisos: ["historial"] }, "PATCH"),
      await parent.call(`${CLAVES}/${wide.id}/rotar`, {}),
    ]) {
      expect(refused.status).toBe(403);
    }
    expect((await wide.call("/api/v1/consultar", { chat_id: newChatId() })).status).toBe(200);
  });

  it("gives admin to the owner's client only", async () => {
    for (const cliente of [undefined, "otro"]) {
      const { status, json } = await call(CLAVES, { ...wanted, permisos: ["admin"], cliente });
      expect(status).toBe(400);
      expect(json).toMatchObject({ errores: [{ campo: "permisos" }] });
    }
  });

  it.for([
    ["no name", { permisos: ["procesar"] }, "nombre"],
    ["a blank name", { ...wanted, nombre: " \n" }, "nombre"],
    ["no permission", { nombre: "x", permisos: [] }, "permisos"],
    ["an unknown one", { nombre: "x", permisos: ["todo"] }, "permisos.0"],
    ["a client that is a path", { ...wanted, cliente: "a/b" }, "cliente"],
    ["a client that is long", { ...wanted, cliente: "a".repeat(33) }, "cliente"],
    ["chats that are none", { ...wanted, chats: [] }, "chats"],
    ["a chat that is none", { ...wanted, chats: ["uno"] }, "chats.0"],
    ["a limit of nothing", { ...wanted, limites: { por_minuto: 0 } }, "limites.por_minuto"],
    ["an unknown limit", { ...wanted, limites: { por_hora: 1 } }, "limites.por_hora"],
    ["an end in the past", { ...wanted, caduca: "2020-01-01" }, "caduca"],
    ["an end that is no date", { ...wanted, caduca: "2027-02-30" }, "caduca"],
    ["an unknown field", { ...wanted, secreto: "x" }, "secreto"],
  ] as const)("is told of %s", async ([, body, campo]) => {
    const { status, json } = await call(CLAVES, body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ codigo: "entrada_invalida", errores: [{ campo }] });
  });

  it("finds no key by a made-up id", async () => {
    for (const id of ["0000000000000000", "nada", "%00", "'; DROP TABLE keys; --"]) {
      const path = `${CLAVES}/${encodeURIComponent(id)}`;
      for (const [method, rest, body] of [
        ["GET", "", undefined],
        ["DELETE", "", undefined],
        ["PATCH", "", { nombre: "x" }],
        ["POST", "/rotar", {}],
      ] as const) {
        const { status, json } = await call(path + rest, body, { method });
        expect(status).toBe(404);
        expect(json["codigo"]).toBe("no_encontrado");
      }
    }
  });
});

it("no secret is on the object's disk, nor in any log line", async () => {
  const logged = [vi.spyOn(console, "log"), vi.spyOn(console, "warn"), vi.spyOn(console, "error")];
  const key = await newKey();
  await key.call("/api/v1/tareas");
  await callerWith(`${key.apiKey}x`)("/api/v1/tareas");
  const lines = JSON.stringify(logged.map(({ mock }) => mock.calls));
  vi.restoreAllMocks();
  expect(lines).toContain(`\\"key\\":\\"${key.id}\\"`);
  expect(lines).not.toContain(key.apiKey.split("_").at(-1));
  expect(lines).not.toContain(key.apiKey);
  const disk = await runInDurableObject(
    accessStub(env, parseConfig({ ...env })),
    (_, { storage }) => JSON.stringify(storage.sql.exec("SELECT * FROM keys").toArray()),
  );
  expect(disk).toContain(key.id);
  expect(disk).not.toContain(key.apiKey.split("_").at(-1));
});
