import { expect, inject } from "vitest";
import { z } from "zod";
import { call, estado, newChatId, newToken, procesar, recordsOf, type Answer } from "./client.ts";
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

/** A route behind the key, as the OpenAPI document tells of it. */
export type Route = {
  name: string;
  method: string;
  path: string;
  operation: z.output<typeof Operation>;
  /** It is about one chat, which the caller names. */
  namesChat: boolean;
};

export async function guardedRoutes(): Promise<Route[]> {
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

/** What an attacker aims at: somebody's chat, the words in it, and the id of their key. */
export type Target = { chatId: number; keyId: string; token: string };

/**
 * How each parameter of a path or a query is turned against a target. A route with another one fails the suite until
 * somebody has thought of how to attack it.
 */
const AIMED: Record<string, (target: Target) => string | undefined> = {
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

/** The parameters that the suite does not know how to attack. */
export function unaimed({ operation }: Route): string[] {
  return operation.parameters
    .filter((parameter) => parameter.in !== "header" && !Object.hasOwn(AIMED, parameter.name))
    .map(({ name }) => name);
}

/** The route's own example, turned against the target. */
export function aim(
  route: Route,
  target: Target,
): { path: string; body: Record<string, unknown> | undefined; method: string } {
  const valueOf = (name: string): string | undefined => AIMED[name]?.(target);
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

/** A chat in which nothing was ever done, a task for it, and the proof that it was not done. */
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

/** A chat of the owner's with a record and a mode in it, and the proof that both are as they were. */
export async function livingChat() {
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
    expectAsItWas: async (): Promise<void> => {
      expect(await recordsOf(chatId)).toEqual(before);
      expect((await estado({ chat_id: chatId, modo: "" })).json["modo_actual"]).toBe("/clasificar");
    },
  };
}

export const expectRefused = (answer: Answer, status: number, codigo: string): void =>
  expect({ status: answer.status, codigo: answer.json["codigo"] }).toEqual({ status, codigo });
