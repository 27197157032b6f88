import { expect, inject } from "vitest";
import { z } from "zod";
import {
  call,
  estado,
  newChatId,
  newToken,
  procesar,
  recordsOf,
  type ApiResponse,
} from "./client.ts";
import { controlFakeOpenAi } from "./fake-openai-control.ts";

const model = controlFakeOpenAi(inject("openaiUrl"));

const Parameter = z.object({ name: z.string(), in: z.enum(["path", "query", "header"]) });
const Operation = z.object({
  security: z.array(z.unknown()).optional(),
  parameters: z.array(Parameter).default([]),
  requestBody: z
    .object({
      content: z.object({
        "application/json": z.object({
          schema: z.object({
            example: z.record(z.string(), z.unknown()),
          }),
        }),
      }),
    })
    .optional(),
});
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

/** A route that requires a credential, from the OpenAPI document. */
export type GuardedRoute = {
  name: string;
  method: string;
  path: string;
  operation: z.output<typeof Operation>;
  /** Whether the request names one chat. */
  namesChat: boolean;
};

/** Returns every route of the OpenAPI document that requires a credential. */
export async function guardedRoutes(): Promise<GuardedRoute[]> {
  const { paths } = Document.parse((await call("/openapi.json")).json);
  return Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([verb, operation]) => {
        const method = verb.toUpperCase();
        const schema = operation.requestBody?.content["application/json"].schema;
        const namesChat =
          Object.hasOwn(schema?.example ?? {}, "chat_id") ||
          operation.parameters.some(({ name }) => name === "chat_id");
        return { name: `${method} ${path}`, method, path, operation, namesChat };
      }),
    )
    .filter(({ operation }) => operation.security === undefined);
}

/** The victim of an attack: a chat of another client, a word that its texts contain, and the id of a key. */
export type Target = { chatId: number; keyId: string; token: string };

/**
 * The value that an attack puts in each path and query parameter; undefined leaves the parameter out. A route with a
 * parameter that is missing here fails the suite until someone decides how to attack it.
 */
const ATTACK_VALUES: Record<string, (target: Target) => string | undefined> = {
  chat_id: ({ chatId }) => String(chatId),
  id: ({ keyId }) => keyId,
  nombre: () => "mantenimiento",
  parte: () => "20261125T020000123Z.consultas_ia.0001.jsonl.gz",
  cliente: () => "principal",
  buscar: ({ token }) => token,
  formato: () => "jsonl",
  tipo_tarea: () => undefined,
  desde: () => undefined,
  hasta: () => undefined,
  idioma: () => undefined,
  limit: () => "100",
  cursor: () => undefined,
};

/** Returns the parameters of a route that have no attack value. */
export function parametersWithoutAttack({ operation }: GuardedRoute): string[] {
  return operation.parameters
    .filter(
      (parameter) => parameter.in !== "header" && !Object.hasOwn(ATTACK_VALUES, parameter.name),
    )
    .map(({ name }) => name);
}

/** Builds a request from the route's own example, aimed at the target. */
export function attackRequest(
  route: GuardedRoute,
  target: Target,
): { path: string; body: Record<string, unknown> | undefined; method: string } {
  const valueOf = (name: string): string | undefined => ATTACK_VALUES[name]?.(target);
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(valueOf(name) ?? ""),
  );
  const query = new URLSearchParams(
    route.operation.parameters
      .filter((parameter) => parameter.in === "query")
      .flatMap(({ name }) => {
        const value = valueOf(name);
        return value === undefined ? [] : [[name, value]];
      }),
  );
  const example = route.operation.requestBody?.content["application/json"].schema.example;
  return {
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    method: route.method,
    body: example && {
      ...example,
      ...("chat_id" in example && { chat_id: target.chatId }),
      ...("texto" in example && { texto: `${String(example["texto"])} ${target.token}` }),
    },
  };
}

/** Returns an unused chat with a task for it, and a check that the task was not executed. */
export function untouchedChat() {
  const chatId = newChatId();
  const token = newToken();
  return {
    chatId,
    token,
    task: { chat_id: chatId, texto: `Hola ${token}.`, tipo_tarea: "resumir", modo: "/traducir" },
    expectUntouched: async (): Promise<void> => {
      expect((await model.calls(token)).calls).toBe(0);
      expect(await recordsOf(chatId)).toEqual([]);
      expect((await estado({ chat_id: chatId, modo: "" })).json["modo_actual"]).toBeNull();
    },
  };
}

/** Creates a chat of the owner with a record and a mode, and returns a check that both are unchanged. */
export async function createVictimChat() {
  const chatId = newChatId();
  const token = newToken();
  const texto = `El secreto de hoy es ${token}. Nadie más lo sabe.`;
  await procesar({ chat_id: chatId, texto, tipo_tarea: "resumir" });
  await estado({ chat_id: chatId, modo: "/clasificar", fijo: true });
  const before = await recordsOf(chatId);
  expect(before).toHaveLength(1);
  return {
    chatId,
    token,
    expectUnchanged: async (): Promise<void> => {
      expect(await recordsOf(chatId)).toEqual(before);
      expect((await estado({ chat_id: chatId, modo: "" })).json["modo_actual"]).toBe("/clasificar");
    },
  };
}

export const expectRefused = (answer: ApiResponse, status: number, codigo: string): void =>
  expect({ status: answer.status, codigo: answer.json["codigo"] }).toEqual({ status, codigo });
