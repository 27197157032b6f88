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
const KEYS_PATH = "/api/v1/claves";

const revoke = (id: string) => call(`${KEYS_PATH}/${id}`, undefined, { method: "DELETE" });
const update = (id: string, body: Record<string, unknown>) =>
  call(`${KEYS_PATH}/${id}`, body, { method: "PATCH" });
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
const chatRoutes = guarded.filter(
  ({ parameters, body }) =>
    parameters.some(({ name }) => name === "chat_id") ||
    body?.properties?.["chat_id"] !== undefined,
);

describe("every guarded route", () => {
  it("is in the OpenAPI document, and some of them name a chat", () => {
    expect(guarded.length).toBeGreaterThan(12);
    expect(chatRoutes.length).toBeGreaterThan(4);
  });

  it.for(guarded)("requires its own permission: $method $path", async ({ path, method, body }) => {
    const key = await newKey({ permisos: ["metricas"], cliente: "principal" });
    const { status, json } = await key.call(path, body?.example, method);
    if (path === "/api/v1/auth/token") {
      expect(json["codigo"]).not.toBe("no_autenticado");
      return;
    }
    expect(status).toBe(403);
    expect(json["codigo"]).toBe("permiso_insuficiente");
  });

  it.for(chatRoutes)(
    "rejects a chat that the key does not reach, without any effect: $method $path",
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

describe("a created key", () => {
  it("is shown once; later responses never include its secret", async () => {
    const key = await newKey();
    expect(key.apiKey).toMatch(/^aia_[a-z0-9-]+_[0-9a-f]{16}_[0-9a-f]{64}$/);
    const [, , , secret = ""] = key.apiKey.split("_");
    for (const path of [KEYS_PATH, `${KEYS_PATH}/${key.id}`]) {
      const { status, text } = await call(path);
      expect(status).toBe(200);
      expect(text).toContain(key.id);
      expect(text).not.toContain(secret);
      expect(text).not.toMatch(/[0-9a-f]{64}|digest|huella/);
    }
  });

  it("gives access to the routes of its permissions, in x-api-key and as a Bearer credential", async () => {
    const key = await newKey({ permisos: ["procesar"] });
    expect((await key.call("/api/v1/procesar", task(newChatId()))).status).toBe(200);
    const bearer = await call("/api/v1/tareas", undefined, {
      headers: { "x-api-key": null, authorization: `bearer ${key.apiKey}` },
    });
    expect(bearer.status).toBe(200);
    expect((await key.call(KEYS_PATH)).status).toBe(403);
  });

  it("sees only the chats of its own client, even under the same chat_id", async () => {
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

  it("shares the chats of its client with the other keys of that client", async () => {
    const one = await newKey();
    const other = await newKey({ cliente: one.client });
    const chat_id = newChatId();
    await one.call("/api/v1/procesar", task(chat_id));
    expect((await other.call("/api/v1/consultar", { chat_id })).json["total"]).toBe(1);
  });

  it("cannot purge the cache when it is limited to some chats", async () => {
    const key = await newKey({ chats: [newChatId()] });
    expect((await key.call("/api/v1/cache", undefined, "DELETE")).json["codigo"]).toBe(
      "permiso_insuficiente",
    );
  });

  it("reports the time of its last use", async () => {
    const key = await newKey();
    const lastUse = async () => (await call(`${KEYS_PATH}/${key.id}`)).json["ultimo_uso"];
    expect(await lastUse()).toBeNull();
    await key.call("/api/v1/tareas");
    expect(await lastUse()).toMatch(/^\d{4}-/);
  });
});

describe("a 401 response", () => {
  it("is identical for every invalid key, except for the request id", async () => {
    const [key, revoked, expired, rotated] = [
      await newKey(),
      await newKey(),
      await newKey({ caduca: new Date(Date.now() + 2_000).toISOString() }),
      await newKey(),
    ];
    await revoke(revoked.id);
    await call(`${KEYS_PATH}/${rotated.id}/rotar`, { gracia_segundos: 0 });
    const [, , , secret = ""] = key.apiKey.split("_");
    const forged = (client: string, id: string): string =>
      generateApiKey(TEST_PEPPER, client, id).text;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10_000 });
    const keys = {
      "an empty key": "",
      "a text that is not a key": "otra",
      "API_KEY with one more letter": `${TEST_API_KEY}x`,
      "an unknown id": forged(key.client, generateKeyId()),
      "another secret for an existing id": forged(key.client, key.id),
      "the wrong client": forged("principal", key.id),
      "a wrong checksum": `aia_${key.client}_${key.id}_${secret.slice(0, -1)}${secret.endsWith("0") ? "1" : "0"}`,
      "a revoked key": revoked.apiKey,
      "an expired key": expired.apiKey,
      "a rotated key": rotated.apiKey,
      "another pepper": generateApiKey("x".repeat(32), key.client, key.id).text,
      "a very long key": `aia_${"a".repeat(5_000)}`,
      "three parts that are not a token": "a.b.c",
    };
    try {
      const responses = new Set<string>();
      for (const [credential, apiKey] of Object.entries(keys)) {
        for (const path of ["/api/v1/tareas", "/api/v1/procesar", "/api/v1/nada"]) {
          const response = await callerWith(apiKey)(
            path,
            path.endsWith("procesar") ? task(newChatId()) : undefined,
          );
          if (response.status !== 401) throw new Error(`${credential} ${path}: ${response.status}`);
          const id = String(response.json["solicitud_id"]);
          const headers = [...response.headers].filter(([name]) => name !== "x-request-id");
          responses.add(JSON.stringify([response.text.replaceAll(id, ""), headers]));
        }
      }
      expect(responses.size).toBe(1);
      expect((await key.call("/api/v1/tareas")).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it("answers a request with two different credentials, but not one with the same credential twice", async () => {
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

describe("changing a key", () => {
  it("revokes it at once in the same isolate, and permanently", async () => {
    const key = await newKey();
    expect((await key.call("/api/v1/tareas")).status).toBe(200);
    expect((await revoke(key.id)).json).toMatchObject({ estado: "revocada" });
    expect((await key.call("/api/v1/tareas")).status).toBe(401);
    const again = await revoke(key.id);
    expect(again.status).toBe(200);
    for (const refused of [
      await update(key.id, { nombre: "otra" }),
      await call(`${KEYS_PATH}/${key.id}/rotar`, {}),
    ]) {
      expect(refused.status).toBe(409);
      expect(refused.json["codigo"]).toBe("clave_revocada");
    }
  });

  it("rotates it: both secrets are valid during the grace period, and a second rotation ends the oldest", async () => {
    const key = await newKey();
    const rotate = async (gracia_segundos: number) => {
      const { json } = await call(`${KEYS_PATH}/${key.id}/rotar`, { gracia_segundos });
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

  it("applies new permissions and chats from the next request on", async () => {
    const key = await newKey({ permisos: ["procesar"] });
    const chat_id = newChatId();
    expect((await key.call("/api/v1/consultar", { chat_id })).status).toBe(403);
    const changed = await update(key.id, {
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
    await update(key.id, { caduca: new Date(Date.now() + 60_000).toISOString() });
    expect((await key.call("/api/v1/consultar", { chat_id })).status).toBe(200);
  });

  it("rejects it once it has expired", async () => {
    const key = await newKey({ caduca: new Date(Date.now() + 60_000).toISOString() });
    expect((await key.call("/api/v1/tareas")).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    try {
      expect((await key.call("/api/v1/tareas")).status).toBe(401);
      expect((await call(`${KEYS_PATH}/${key.id}`)).json["estado"]).toBe("caducada");
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the limits of a key", () => {
  it("count requests to every route, and Retry-After states how long to wait", async () => {
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

describe("creating a key", () => {
  const admin = (more: Record<string, unknown> = {}) =>
    newKey({ cliente: "principal", permisos: ["admin", "procesar"], ...more });
  const fields = { nombre: "hija", permisos: ["procesar"] };

  it("rejects settings that are wider than those of the caller's own key", async () => {
    const chat = newChatId();
    const parent = await admin({ chats: [chat], limites: { por_minuto: 100 } });
    const limites = { por_minuto: 5 };
    const good = await parent.call(KEYS_PATH, { ...fields, chats: [chat], limites });
    expect(good.status).toBe(200);
    for (const [campo, body] of [
      ["permisos", { permisos: ["historial"], chats: [chat], limites }],
      ["chats", { limites }],
      ["chats", { chats: [-chat], limites }],
      ["limites", { chats: [chat] }],
    ] as const) {
      const refused = await parent.call(KEYS_PATH, { ...fields, ...body });
      expect(refused.status).toBe(403);
      expect(refused.json).toMatchObject({ codigo: "permiso_insuficiente", errores: [{ campo }] });
    }
  });

  it("rejects changes to and rotations of a key that is wider than the caller's own", async () => {
    const parent = await admin();
    const wide = await newKey({ permisos: ["historial"] });
    for (const refused of [
      await parent.call(`${KEYS_PATH}/${wide.id}`, { nombre: "x" }, "PATCH"),
      await parent.call(`${KEYS_PATH}/${parent.id}`, { permisos: ["historial"] }, "PATCH"),
      await parent.call(`${KEYS_PATH}/${wide.id}/rotar`, {}),
    ]) {
      expect(refused.status).toBe(403);
    }
    expect((await wide.call("/api/v1/consultar", { chat_id: newChatId() })).status).toBe(200);
  });

  it("grants admin only to keys of the owner's client", async () => {
    for (const cliente of [undefined, "otro"]) {
      const { status, json } = await call(KEYS_PATH, { ...fields, permisos: ["admin"], cliente });
      expect(status).toBe(400);
      expect(json).toMatchObject({ errores: [{ campo: "permisos" }] });
    }
  });

  it.for([
    ["no name", { permisos: ["procesar"] }, "nombre"],
    ["a blank name", { ...fields, nombre: " \n" }, "nombre"],
    ["an empty list of permissions", { nombre: "x", permisos: [] }, "permisos"],
    ["an unknown permission", { nombre: "x", permisos: ["todo"] }, "permisos.0"],
    ["a client name with a slash", { ...fields, cliente: "a/b" }, "cliente"],
    ["a client name that is too long", { ...fields, cliente: "a".repeat(33) }, "cliente"],
    ["an empty list of chats", { ...fields, chats: [] }, "chats"],
    ["a chat that is not a number", { ...fields, chats: ["uno"] }, "chats.0"],
    ["a limit of 0", { ...fields, limites: { por_minuto: 0 } }, "limites.por_minuto"],
    ["an unknown limit", { ...fields, limites: { por_hora: 1 } }, "limites.por_hora"],
    ["an expiry in the past", { ...fields, caduca: "2020-01-01" }, "caduca"],
    ["an expiry that is not a date", { ...fields, caduca: "2027-02-30" }, "caduca"],
    ["an unknown field", { ...fields, secreto: "x" }, "secreto"],
  ] as const)("answers 400 for %s and names the field", async ([, body, campo]) => {
    const { status, json } = await call(KEYS_PATH, body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ codigo: "entrada_invalida", errores: [{ campo }] });
  });

  it("answers 404 for an id that does not exist, with every method", async () => {
    for (const id of ["0000000000000000", "nada", "%00", "'; DROP TABLE keys; --"]) {
      const path = `${KEYS_PATH}/${encodeURIComponent(id)}`;
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

it("stores no secret on the access object's disk and logs none", async () => {
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
