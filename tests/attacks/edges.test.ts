import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { parseConfig } from "../../src/config.ts";
import { call, newChatId, newToken, recordsOf, type ApiResponse } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { TEST_API_KEY } from "../support/secrets.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));
const PUBLIC = "http://asistente.ejemplo.com";

/** Returns a task for an unused chat and a check that it was not executed. */
function createTask() {
  const chat_id = newChatId();
  const token = newToken();
  return {
    body: { chat_id, texto: `Hola ${token}.`, tipo_tarea: "resumir" },
    expectNotExecuted: async (): Promise<void> => {
      expect((await model.calls(token)).calls).toBe(0);
      expect(await recordsOf(chat_id)).toEqual([]);
    },
  };
}

describe("a request without https", () => {
  it.for(["/docs", "/errores/entrada_invalida", "/health", "/"])(
    "redirects %s to https with 308, which keeps the method",
    async (path) => {
      const answer = await call(path, undefined, {
        origin: PUBLIC,
        headers: { "x-api-key": null },
      });
      expect(answer.status).toBe(308);
      expect(answer.headers.get("location")).toBe(`https://asistente.ejemplo.com${path}`);
    },
  );

  it("drops the query in the redirect, because it may contain a key", async () => {
    const { headers } = await call(`/docs?x-api-key=${TEST_API_KEY}`, undefined, {
      origin: PUBLIC,
      headers: { "x-api-key": null },
    });
    expect(headers.get("location")).toBe("https://asistente.ejemplo.com/docs");
  });

  it("returns 403 for a task instead of a redirect, and does not execute it", async () => {
    const { body, expectNotExecuted } = createTask();
    const answer = await call("/api/v1/procesar", body, { origin: PUBLIC });
    expect(answer.json).toMatchObject({ status: 403, codigo: "conexion_insegura" });
    expect(answer.headers.get("location")).toBeNull();
    await expectNotExecuted();
  });

  it("returns 403 on every path for a request with a key or a token", async () => {
    for (const headers of [{}, { "x-api-key": null, authorization: "Bearer a.b.c" }]) {
      const answer = await call("/docs", undefined, { origin: PUBLIC, headers });
      expect(answer.json).toMatchObject({ status: 403, codigo: "conexion_insegura" });
    }
  });

  it.for([
    { "x-forwarded-proto": "https" },
    { "x-forwarded-ssl": "on" },
    { forwarded: "proto=https" },
    { "cf-visitor": '{"scheme":"https"}' },
    { "x-forwarded-host": "localhost" },
    { "x-original-url": "https://localhost/" },
  ])("does not treat a request with the header %j as encrypted", async (headers) => {
    const { body, expectNotExecuted } = createTask();
    const answer = await call("/api/v1/procesar", body, { origin: PUBLIC, headers });
    expect(answer.status).toBe(403);
    await expectNotExecuted();
  });

  it.for([
    "http://localhost.ejemplo.com",
    "http://127.0.0.1.ejemplo.com",
    "http://miprueba.testigo",
    "http://internal.ejemplo.com",
  ])("does not treat %s as a private host name", async (origin) => {
    expect((await call("/api/v1/tareas", undefined, { origin })).status).toBe(403);
  });

  it.for([
    "http://127.0.0.1:8787",
    "http://localhost:8787",
    "http://[::1]:8787",
    "http://host.docker.internal:8787",
    "http://asistente:8787",
    "http://192.168.1.20:8787",
  ])("accepts %s, which cannot reach a deployed Worker", async (origin) => {
    expect((await call("/api/v1/tareas", undefined, { origin })).status).toBe(200);
  });
});

describe("security headers", () => {
  it.for([
    ["/docs", 200],
    ["/docs/docs.js", 200],
    ["/errores/entrada_invalida", 200],
    ["/openapi.json", 200],
    ["/health", 200],
    ["/nada", 404],
    ["/api/v1/tareas", 200],
    ["/api/v1/nada", 404],
  ] as const)("are on the response of %s with status %i", async ([path, status]) => {
    const answer = await call(path);
    expect(answer.status).toBe(status);
    const csp = answer.headers.get("content-security-policy") ?? "";
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).toContain("base-uri 'none'");
    expect(csp).not.toMatch(/script-src[^;]*'unsafe|https?:|\*/);
    expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("x-frame-options")).toBe("DENY");
    expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(answer.headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(answer.headers.get("x-powered-by")).toBeNull();
  });

  it("include cache-control: no-store on responses with data or a problem", async () => {
    for (const path of ["/api/v1/tareas", "/api/v1/nada", "/health", "/openapi.json"]) {
      expect((await call(path)).headers.get("cache-control")).toBe("no-store");
    }
  });
});

describe("a page of another origin", () => {
  const ORIGIN = "https://panel.ejemplo.com";
  const configured = createApp({
    config: parseConfig({ ...env, CORS_ORIGENES: `https://otro.ejemplo.com, ${ORIGIN}` }),
  });

  async function fromPage(
    path: string,
    {
      origin = ORIGIN,
      method = "GET",
      key = TEST_API_KEY,
    }: { origin?: string; method?: string; key?: string | null } = {},
  ): Promise<Pick<ApiResponse, "status" | "headers">> {
    const headers = new Headers({
      origin,
      ...(key !== null && { "x-api-key": key }),
      ...(method === "OPTIONS" && {
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-api-key,content-type",
      }),
    });
    const response = await configured.fetch(
      new Request(`https://asistente.test${path}`, { method, headers }),
      env,
      createExecutionContext(),
    );
    await response.body?.cancel();
    return response;
  }

  it("gets no CORS headers when CORS_ORIGENES is empty", async () => {
    for (const method of ["GET", "OPTIONS"]) {
      const { headers } = await call("/api/v1/tareas", undefined, {
        method,
        headers: { origin: ORIGIN, "access-control-request-method": "POST" },
      });
      expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("allows a page of a configured origin a preflight without a key, and to read responses", async () => {
    const preflight = await fromPage("/api/v1/procesar", { method: "OPTIONS", key: null });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("x-api-key");
    expect(preflight.headers.get("vary")).toContain("Origin");
    for (const [key, status] of [
      [TEST_API_KEY, 200],
      ["otra", 401],
    ] as const) {
      const answer = await fromPage("/api/v1/tareas", { key });
      expect(answer.status).toBe(status);
      expect(answer.headers.get("access-control-allow-origin")).toBe(ORIGIN);
      expect(answer.headers.get("vary")).toContain("Origin");
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  it.for([
    "https://panel.ejemplo.com.malo.com",
    "https://sub.panel.ejemplo.com",
    "http://panel.ejemplo.com",
    "https://panel.ejemplo.com:444",
    "https://PANEL.ejemplo.com",
    "https://panel.ejemplo.com/",
    "null",
    "",
    "*",
  ])("gets no allowed origin when its origin is «%s», which is not configured", async (origin) => {
    for (const method of ["GET", "OPTIONS"]) {
      const { headers } = await fromPage("/api/v1/tareas", { origin, method });
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("vary")).toContain("Origin");
    }
  });

  it.for([
    "*",
    "https://a.com/",
    "a.com",
    "null",
    "https://a.com/x",
    "https://*.a.com",
    "ftp://a.com",
  ])("rejects CORS_ORIGENES=%s", (list) => {
    expect(() => parseConfig({ CORS_ORIGENES: list })).toThrow(/^Ajustes.*CORS_ORIGENES/);
  });
});

describe("request bodies", () => {
  it("returns 408 and has no effect when the client stops sending the body", async () => {
    const { body, expectNotExecuted } = createTask();
    const half = new TextEncoder().encode(JSON.stringify(body).slice(0, -1));
    const stalled = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(half),
    });
    const answer = await call("/api/v1/procesar", stalled);
    expect(answer.json).toMatchObject({ status: 408, codigo: "cuerpo_lento", code: "E209" });
    await expectNotExecuted();
  });

  it("returns 413 before an endless body without content-length is read completely", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    const answer = await call("/api/v1/procesar", endless);
    expect(answer.json).toMatchObject({ status: 413, codigo: "cuerpo_demasiado_grande" });
    expect(sent).toBeLessThan(4 * 1024 * 1024);
  });

  it("returns 400 and has no effect when the body is truncated", async () => {
    const { body, expectNotExecuted } = createTask();
    const cut = new ReadableStream<Uint8Array>({
      start: (controller) =>
        controller.enqueue(new TextEncoder().encode(JSON.stringify(body).slice(0, -5))),
      pull: (controller) => controller.close(),
    });
    const answer = await call("/api/v1/procesar", cut);
    expect(answer.json).toMatchObject({ status: 400, codigo: "json_malformado" });
    await expectNotExecuted();
  });

  it.for(["gzip", "br", "deflate", "gzip, identity", "zstd"])(
    "returns 415 for a body with content-encoding %s before it is read",
    async (encoding) => {
      const { body, expectNotExecuted } = createTask();
      const answer = await call("/api/v1/procesar", body, {
        headers: { "content-encoding": encoding },
      });
      expect(answer.json).toMatchObject({ status: 415, codigo: "tipo_de_contenido_no_admitido" });
      await expectNotExecuted();
    },
  );
});

describe("a network that guesses keys", () => {
  const guess = (address: string, key: string, path = "/api/v1/tareas") =>
    call(path, undefined, { headers: { "x-api-key": key, "cf-connecting-ip": address } });

  async function guessUntilPaused(addresses: string[]): Promise<ApiResponse> {
    for (let guesses = 0; guesses < 200; guesses += 1) {
      const address = addresses[guesses % addresses.length] ?? "";
      const answer = await guess(address, `a-tientas-${guesses}`);
      if (answer.status === 429) return answer;
      expect(answer.status).toBe(401);
    }
    throw new Error("The network was not paused after 200 guesses");
  }

  it("gets 429 with every key on every guarded path, while other networks do not", async () => {
    const paused = await guessUntilPaused(["203.0.113.9"]);
    expect(paused.json).toMatchObject({ codigo: "demasiados_intentos", code: "E109" });
    const seconds = Number(paused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await guess("203.0.113.9", TEST_API_KEY)).status).toBe(429);
    expect((await guess("203.0.113.9", "otra", "/api/v1/nada")).status).toBe(429);
    expect((await guess("203.0.113.10", TEST_API_KEY)).status).toBe(200);
    expect((await guess("203.0.113.10", "otra")).status).toBe(401);
  });

  it("is identified by its /64 prefix, regardless of the address of each request", async () => {
    const addresses = Array.from({ length: 50 }, (_, index) => `2001:db8:7:7::${index + 1}`);
    await guessUntilPaused(addresses);
    expect((await guess("2001:db8:7:7:ffff::1", TEST_API_KEY)).status).toBe(429);
    expect((await guess("2001:db8:7:8::1", TEST_API_KEY)).status).toBe(200);
  });

  it("does not include clients with a valid key, however many requests they send", async () => {
    for (let calls = 0; calls < 60; calls += 1) {
      expect((await guess("203.0.113.20", TEST_API_KEY)).status).toBe(200);
    }
  });
});
