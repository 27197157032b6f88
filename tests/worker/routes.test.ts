import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { createApp } from "../../src/app.ts";
import { EstadoReply } from "../../src/chats/estado.schemas.ts";
import { parseConfig } from "../../src/config.ts";
import { PROBLEMS } from "../../src/errors.ts";
import { HealthDetailedReply } from "../../src/health/health.schemas.ts";
import { ConsultarReply } from "../../src/history/history.schemas.ts";
import { ConsultarInteligenteReply } from "../../src/questions/questions.schemas.ts";
import { Problem } from "../../src/http/problem-responses.ts";
import { ProcesarReply } from "../../src/tasks/tasks.schemas.ts";
import {
  call,
  consultar,
  estado,
  newChatId,
  newToken,
  preguntar,
  procesar,
  recordsOf,
  type ApiResponse,
} from "../support/client.ts";
import { newKey } from "../support/keys.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { TEST_API_KEY } from "../support/secrets.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));

const Operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()).min(1),
  security: z.array(z.unknown()).optional(),
  requestBody: z
    .object({
      content: z.object({
        "application/json": z.object({ schema: z.object({ example: z.unknown() }) }),
      }),
    })
    .optional(),
  responses: z.record(z.string(), z.object({ description: z.string() })),
});
const Document = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
});

const { paths } = Document.parse((await call("/openapi.json")).json);
const routes = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({
    path,
    method: method.toUpperCase(),
    operation,
  })),
);
const guarded = routes.filter(({ operation }) => operation.security === undefined);
const withBody = routes.filter(({ operation }) => operation.requestBody !== undefined);

const exampleOf = (operation: z.infer<typeof Operation>): Record<string, unknown> =>
  z
    .record(z.string(), z.unknown())
    .parse(operation.requestBody?.content["application/json"].schema.example);

const send = async (route: (typeof routes)[number]) =>
  call(
    route.path.replace("{id}", route.path.includes("{id}") ? (await newKey()).id : ""),
    route.operation.requestBody && exampleOf(route.operation),
    { method: route.method },
  );

/** Checks the form that the problems of every route share. */
function expectProblem(answer: ApiResponse, status: number): z.infer<typeof Problem> {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const problem = Problem.parse(answer.json);
  expect(problem).toMatchObject({ status, mensaje: problem.detail });
  expect(problem.type).toBe(`/errores/${problem.codigo}`);
  return problem;
}

describe("the OpenAPI document", () => {
  it("contains the routes of the old contract, each with a unique operationId", () => {
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining([
        "POST /api/v1/estado",
        "POST /api/v1/procesar",
        "POST /api/v1/consultar",
        "POST /api/v1/consultar-inteligente",
        "GET /health",
        "GET /health/detailed",
        "GET /api/v1/health",
      ]),
    );
    const ids = routes.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.for(guarded)("documents the authentication failures of $method $path", ({ operation }) => {
    for (const status of ["401", "403", "429", "503"])
      expect(operation.responses).toHaveProperty(status);
  });

  it.for(withBody)("has an example for $method $path that succeeds unchanged", async (route) => {
    const { status, json } = await send(route);
    expect(status).toBe(200);
    expect(json["avisos"]).toBeUndefined();
  });
});

describe("a request without a valid credential", () => {
  it.for(guarded)("gets 401 from $method $path and has no effect", async (route) => {
    const token = newToken();
    const chat_id = newChatId();
    const body = { chat_id, texto: token, tipo_tarea: "resumir", modo: "/resumir" };
    const keys = [null, "", "otra", `${TEST_API_KEY} x`, `${TEST_API_KEY}x`, TEST_API_KEY.slice(1)];
    for (const key of keys) {
      const answer = await call(route.path, route.method === "GET" ? undefined : body, {
        method: route.method,
        headers: { "x-api-key": key },
      });
      expect(expectProblem(answer, 401).code).toBe("E101");
    }
    expect((await model.calls(token)).calls).toBe(0);
    expect(await recordsOf(chat_id)).toEqual([]);
    expect((await estado({ chat_id, modo: "" })).json["modo_actual"]).toBeNull();
  });

  it.for(guarded)("gets 401 from $method $path when API_KEY is not configured", async (route) => {
    const config = { ...parseConfig({ ...env }), API_KEY: undefined };
    for (const key of ["undefined", "null", TEST_API_KEY]) {
      const response = await createApp({ config }).fetch(
        new Request(`https://asistente.test${route.path}`, {
          method: route.method,
          headers: { "x-api-key": key, "content-type": "application/json" },
          ...(route.method !== "GET" && {
            body: JSON.stringify({ chat_id: newChatId(), texto: newToken() }),
          }),
        }),
        env,
        createExecutionContext(),
      );
      expect(response.status).toBe(401);
      await response.body?.cancel();
    }
  });

  it("answers 401 for an unknown path below /api/v1, as for a known one", async () => {
    const answer = await call("/api/v1/no-existe", {}, { headers: { "x-api-key": null } });
    expectProblem(answer, 401);
  });
});

describe("a request that no route matches", () => {
  it.for(routes)(
    "answers 405 on $path for other methods, with the allowed ones in Allow",
    async (route) => {
      // A path with a parameter also matches fixed paths.
      const allowed = Object.entries(paths)
        .filter(([path]) =>
          new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(route.path),
        )
        .flatMap(([, operations]) => Object.keys(operations))
        .map((method) => method.toUpperCase());
      const others = ["GET", "POST", "PUT", "DELETE", "PATCH"].filter(
        (method) => !allowed.includes(method),
      );
      for (const method of others) {
        const answer = await call(route.path, undefined, { method });
        expect(expectProblem(answer, 405).codigo).toBe("metodo_no_permitido");
        expect(answer.headers.get("allow")).toContain(route.method);
      }
    },
  );

  it.for(["/", "/api/v1/nada", "/api/v2/procesar", "/docs/../secreto", "/.env", "/errores"])(
    "answers 404 on %s",
    async (path) => {
      expectProblem(await call(path), 404);
    },
  );
});

describe("a body of more than 1 MiB", () => {
  it.for(guarded.filter(({ method }) => method !== "GET"))(
    "gets 413 from $method $path when the route reads a body",
    async ({ method, path, operation }) => {
      const { status } = await call(path, { texto: "x".repeat(1_200_000) }, { method });
      if (operation.requestBody) expect(status).toBe(413);
      else expect(status).not.toBe(413);
    },
  );
});

describe("GET /errores/{codigo}", () => {
  it.for(Object.entries(PROBLEMS))("renders the page of %s", async ([codigo, { title, code }]) => {
    const { status, text, headers } = await call(`/errores/${codigo}`);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^text\/html/);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(text).toContain(`<h1>${title}</h1>`);
    expect(text).toContain(code);
  });

  it.for(["nada", "constructor", "__proto__", "%3Cscript%3E"])(
    "answers 404 for %s",
    async (codigo) => {
      expectProblem(await call(`/errores/${codigo}`), 404);
    },
  );
});

describe("the health routes", () => {
  it.for(["/health", "/api/v1/health"])("answer without a credential: %s", async (path) => {
    const { status, json } = await call(path, undefined, { headers: { "x-api-key": null } });
    expect({ status, json }).toEqual({ status: 200, json: { status: "ok" } });
  });

  it("report each component without a credential and without a model call in /health/detailed", async () => {
    const { status, json } = await call("/health/detailed", undefined, {
      headers: { "x-api-key": null },
    });
    expect(status).toBe(200);
    const health = HealthDetailedReply.parse(json);
    expect(health.status).toBe("ok");
    const { modelo, ...others } = health.componentes;
    for (const component of Object.values(others)) expect(component.estado).toBe("ok");
    expect(["sin_datos", "ok"]).toContain(modelo.estado);
  });
});

describe("every response", () => {
  it("matches the strict schema of its route", async () => {
    const chat_id = newChatId();
    const texto = `La reunión es mañana. ${newToken()}`;
    const extra = { chat_id, sobra: 1 };
    EstadoReply.parse((await estado({ ...extra, modo: "/resumir" })).json);
    EstadoReply.parse((await estado({ chat_id, modo: "/nada" })).json);
    for (const tipo_tarea of ["resumir", "traducir", "clasificar", "resumir"]) {
      ProcesarReply.parse((await procesar({ ...extra, texto, tipo_tarea })).json);
    }
    ConsultarReply.parse((await consultar(extra)).json);
    const questions = [
      "mis últimos resúmenes",
      "¿cuántos textos traduje hoy?",
      "el primer resumen",
      "la fecha del primer resumen",
      "el idioma del último resumen",
      "el texto de la última traducción",
      "el resultado número 500",
      "¿lloverá?",
    ];
    for (const question of questions) {
      ConsultarInteligenteReply.parse((await preguntar({ ...extra, texto: question })).json);
    }
  });

  it("carries a request id, and keeps the client's own when it is safe to repeat", async () => {
    const mine = await call("/health", undefined, { headers: { "x-request-id": "mi-id_1" } });
    expect(mine.headers.get("x-request-id")).toBe("mi-id_1");
    const bad = await call("/health", undefined, { headers: { "x-request-id": "a b<script>" } });
    expect(bad.headers.get("x-request-id")).toMatch(/^[\w-]+$/);
    const long = await call("/health", undefined, { headers: { "x-request-id": "x".repeat(65) } });
    expect(long.headers.get("x-request-id")).not.toContain("xxx");
  });
});

describe("two chats of one client", () => {
  it("see only their own records, mode and answers", async () => {
    const [mine, theirs] = [newChatId(), newChatId()];
    await estado({ chat_id: mine, modo: "/traducir", fijo: true });
    await procesar({ chat_id: mine, texto: newToken() });
    expect(await recordsOf(mine)).toHaveLength(1);
    expect(await recordsOf(theirs)).toEqual([]);
    expect((await estado({ chat_id: theirs, modo: "" })).json["modo_actual"]).toBeNull();
    const { json } = await preguntar({ chat_id: theirs, texto: "¿cuántos textos traduje?" });
    expect(json["total"]).toBe(0);
  });
});
