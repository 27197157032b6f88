import { describe, expect, it } from "vitest";
import {
  attackRequest,
  guardedRoutes,
  untouchedChat,
  type GuardedRoute,
} from "../support/attack.ts";
import { call, newChatId, recordsOf } from "../support/client.ts";

const withBody = (await guardedRoutes()).filter(({ operation }) => operation.requestBody);
const PROCESAR = "/api/v1/procesar";

type Body = string | Uint8Array;
type BodyAttack = { body: (json: string) => Body; headers?: Record<string, string> };

const utf16 = (text: string): Uint8Array =>
  new Uint8Array(Array.from(text, (character) => [character.charCodeAt(0) & 255, 0]).flat());
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Inserts fields before the existing ones. */
const withFields = (fields: string) => (json: string) => json.replace("{", `{${fields},`);

/** Bodies that are not a JSON object: every route rejects each with 400 or 415. */
const INVALID_BODIES: Record<string, BodyAttack> = {
  "an empty body": { body: () => "" },
  "white space": { body: () => " \n\t" },
  "half a body": { body: (json) => json.slice(0, Math.floor(json.length / 2)) },
  "a missing last brace": { body: (json) => json.slice(0, -1) },
  "two objects": { body: (json) => json + json },
  "a trailing comma": { body: (json) => json.replace(/\}$/, ",}") },
  "a comment": { body: (json) => `/* x */${json}` },
  "single quotes": { body: (json) => json.replaceAll('"', "'") },
  NaN: { body: withFields('"x":NaN') },
  Infinity: { body: withFields('"x":-Infinity') },
  hexadecimal: { body: withFields('"x":0xff') },
  "a list": { body: (json) => `[${json}]` },
  "JSON inside a string": { body: (json) => JSON.stringify(json) },
  null: { body: () => "null" },
  "a number": { body: () => "1e400" },
  "UTF-16": { body: utf16 },
  "UTF-16 with a byte order mark": { body: (json) => new Uint8Array([255, 254, ...utf16(json)]) },
  "bytes that are not UTF-8": { body: (json) => new Uint8Array([...bytes(json), 0xc3, 0x28]) },
  "an overlong encoding of a slash": {
    body: (json) => new Uint8Array([...bytes(json.slice(0, -1)), 0xc0, 0xaf, 125]),
  },
  "a raw U+0000": { body: (json) => new Uint8Array([...bytes(json), 0]) },
  "a raw line break in a string": { body: withFields('"x":"a\nb"') },
  "1,000 open brackets": { body: () => "[".repeat(1_000) },
  "100,000 open braces": { body: () => '{"a":'.repeat(100_000) },
  "a form": {
    body: () => "chat_id=1&texto=hola&tipo_tarea=resumir",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  },
  "a multipart form": {
    body: () => '--x\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n1\r\n--x--',
    headers: { "content-type": "multipart/form-data; boundary=x" },
  },
  "JSON as text/plain": {
    body: (json) => json,
    headers: { "content-type": "text/plain" },
  },
  XML: {
    body: () => '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    headers: { "content-type": "application/xml" },
  },
  "two content types": {
    body: (json) => json,
    headers: { "content-type": "application/json, text/plain" },
  },
  "content-encoding gzip without compression": {
    body: (json) => json,
    headers: { "content-encoding": "gzip" },
  },
};

const send = (route: GuardedRoute, { body, headers = {} }: BodyAttack) => {
  const untouched = untouchedChat();
  const request = attackRequest(route, { ...untouched, keyId: "0".repeat(16) });
  const answer = call(request.path, body(JSON.stringify(request.body)), {
    method: request.method,
    headers,
  });
  return { untouched, answer };
};

describe.for(Object.entries(INVALID_BODIES))("%s", ([, attack]) => {
  it("is rejected by every route that reads a body, without any effect", async () => {
    for (const route of withBody) {
      const { untouched, answer } = send(route, attack);
      const { status, json } = await answer;
      expect([400, 415]).toContain(status);
      expect(json).toMatchObject({
        success: false,
        code: /^E20[26]$/.exec(String(json["code"]))?.[0],
      });
      await untouched.expectUntouched();
    }
  });
});

/** Fields that break careless code: each must be rejected or ignored, never cause a 5xx. */
const ODD_FIELDS: Record<string, string> = {
  __proto__: '"__proto__":{"success":false,"client":"otro","admin":true}',
  constructor: '"constructor":{"prototype":{"client":"otro"}}',
  toString: '"toString":1,"valueOf":2,"hasOwnProperty":3',
  "then (a promise)": '"then":{"a":1}',
  toJSON: '"toJSON":"x"',
  "an empty name": '"":1',
  "a name with U+0000": '"a\\u0000b":1',
  "a name with a lone surrogate": '"\\ud800":1',
  "a name of 10,000 letters": `"${"n".repeat(10_000)}":1`,
  "1,000 unknown fields": Array.from({ length: 1_000 }, (_, index) => `"campo${index}":1`).join(
    ",",
  ),
  "a number out of range": '"x":1e999',
  "a number of 10,000 digits": `"x":${"9".repeat(10_000)}`,
  "a list of 100,000": `"x":[${"0,".repeat(99_999)}0]`,
  "nesting of 5,000": `"x":${"[".repeat(5_000)}${"]".repeat(5_000)}`,
  "the client's identity": '"client":"otro","cliente_id":"otro","keyId":null,"scopes":["admin"]',
};

describe.for(Object.entries(ODD_FIELDS))("a body with %s", ([, fields]) => {
  it("causes no 5xx on any route and pollutes no prototype", async () => {
    for (const route of withBody) {
      const { answer } = send(route, { body: withFields(fields) });
      const { status, text } = await answer;
      expect(status).toBeLessThan(500);
      expect(text.length).toBeLessThan(20_000);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });
});

describe("a duplicate field", () => {
  it("has its last value, both for authorization and for the task", async () => {
    const [first, last] = [untouchedChat(), newChatId()];
    const body = `{"chat_id":${first.chatId},"texto":"Hola ${first.token}.","tipo_tarea":"resumir","chat_id":${last}}`;
    const { json } = await call(PROCESAR, body);
    expect(json["chat_id"]).toBe(last);
    expect(await recordsOf(first.chatId)).toEqual([]);
    expect(await recordsOf(last)).toHaveLength(1);
  });
});

describe("options", () => {
  it.for([
    ["__proto__ in a glossary", "traducir", '{"glosario":{"__proto__":"x"}}'],
    ["constructor in a glossary", "traducir", '{"glosario":{"constructor":"x","toString":"y"}}'],
    ["__proto__ among the options", "resumir", '{"__proto__":{"longitud":"breve"}}'],
    ["__proto__ in the data", "generar", '{"datos":{"__proto__":"x","constructor":"y"}}'],
    [
      "__proto__ in a schema",
      "extraer",
      '{"esquema":{"type":"object","properties":{"__proto__":{"type":"string"}}}}',
    ],
    [
      "a schema that refers to itself",
      "extraer",
      '{"esquema":{"type":"object","properties":{"a":{"$ref":"#"}}}}',
    ],
    [
      "a schema with a remote reference",
      "extraer",
      '{"esquema":{"type":"object","properties":{"a":{"$ref":"http://127.0.0.1/x"}}}}',
    ],
    [
      "a pattern that backtracks",
      "extraer",
      '{"esquema":{"type":"object","properties":{"a":{"type":"string","pattern":"(a+)+$"}}}}',
    ],
    [
      "101 labels",
      "clasificar",
      `{"etiquetas":${JSON.stringify(Array.from({ length: 101 }, (_, index) => `e${index}`))}}`,
    ],
    ["10 votes, one above the maximum", "clasificar", '{"votos":10}'],
  ])(
    "get 200, 400 or 502 and pollute no prototype when they contain %s",
    async ([, task, opciones]) => {
      const { chatId, token } = untouchedChat();
      const { status } = await call(
        PROCESAR,
        `{"chat_id":${chatId},"texto":"Hola ${token}.","tipo_tarea":"${task}","opciones":${opciones}}`,
      );
      // 502: the fake model's answer does not fit the options.
      expect([200, 400, 502]).toContain(status);
      expect(({} as Record<string, unknown>)["longitud"]).toBeUndefined();
    },
  );
});

describe("a disguised path or method", () => {
  it.for([
    "//api/v1/procesar",
    "/api//v1/procesar",
    "/api/v1/procesar/",
    "/API/v1/procesar",
    "/api/v1/PROCESAR",
    "/api/v1/procesar%00",
    "/api/v1/procesar%2f",
    "/api/v1/procesar;x=1",
    "/api/v1/procesar.json",
    "/health/..%2fapi/v1/procesar",
    "/docs/%2e%2e%2fapi/v1/procesar",
    "/api%2fv1%2fprocesar",
    "/api/v1\\procesar",
    "/api/v1/health/../procesar",
    "/%61pi/v1/procesar",
  ])("gets 401, 404 or 405 and has no effect without a key: %s", async (path) => {
    const { task, expectUntouched } = untouchedChat();
    const { status } = await call(path, task, { headers: { "x-api-key": null } });
    expect([401, 404, 405]).toContain(status);
    await expectUntouched();
  });

  it.for([
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
  ])("cannot change the method or the path with the header %s", async (name) => {
    const { task, chatId, expectUntouched } = untouchedChat();
    const value = name.includes("method") ? "DELETE" : "/api/v1/procesar";
    const reading = await call(
      "/api/v1/consultar",
      { chat_id: chatId },
      { headers: { [name]: value } },
    );
    expect(reading.json).toMatchObject({ consultas: [], success: true });
    const query = await call(`/api/v1/tareas?_method=POST`, undefined, {
      headers: { [name]: value },
    });
    expect(query.status).toBe(200);
    const health = await call("/health", task, { headers: { [name]: value } });
    expect(health.status).toBe(405);
    await expectUntouched();
  });

  it.for(["TRACE", "TRACK", "CONNECT", "PROPFIND", "QUERY", "FOO"])(
    "gets 404 or 405 for the method %s",
    async (method) => {
      let status: number;
      try {
        ({ status } = await call("/api/v1/procesar", undefined, { method }));
      } catch (error) {
        // The runtime refuses to send some of these methods.
        if (!(error instanceof TypeError)) throw error;
        status = 405;
      }
      expect([404, 405]).toContain(status);
    },
  );
});
