import { OpenAPIRoute } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "./context.ts";
import { AppError } from "../errors.ts";
import { chatIdOf } from "../lib/chat-id.ts";
import { fieldProblems, problemsInWords, shortName } from "../lib/validation.ts";
import { requireChatAccess } from "./chat-access.ts";
import { readJsonObject } from "./json-body.ts";

const MAX_WARNINGS = 20;

export type Input<Schema extends z.ZodType> = {
  data: z.output<Schema>;
  /** Spanish, for `avisos`: the unknown fields that were left out. */
  warnings: string[];
};

/** Base of every endpoint. One is made for each request, so its `schema` stands outside of it. */
export abstract class Endpoint extends OpenAPIRoute<[AppContext]> {
  /**
   * Reads and checks the body. Ours and not chanfana's, which reads malformed JSON as `{}` and builds a schema anew
   * for each request. Unknown fields are refused by a strict schema, and left out and named by a plain one.
   */
  protected async readBody<Schema extends z.ZodObject>(
    c: AppContext,
    schema: Schema,
  ): Promise<Input<Schema>> {
    const body = await readJsonObject(c);
    const data = check(c, schema, body);
    const unknown = Object.keys(body).filter((name) => !Object.hasOwn(schema.shape, name));
    return {
      data,
      warnings: unknown
        .slice(0, MAX_WARNINGS)
        .map((name) => `No se conoce el campo «${shortName(name)}» y no se ha tenido en cuenta.`),
    };
  }

  /** @throws {AppError} entrada_invalida, chat_no_permitido */
  protected readQuery<Schema extends z.ZodObject>(c: AppContext, schema: Schema): z.output<Schema> {
    return check(c, schema, c.req.query());
  }

  /** @throws {AppError} entrada_invalida, chat_no_permitido */
  protected readParams<Schema extends z.ZodObject>(
    c: AppContext,
    schema: Schema,
  ): z.output<Schema> {
    return check(c, schema, c.req.param());
  }
}

function check<Schema extends z.ZodObject>(
  c: AppContext,
  schema: Schema,
  given: Record<string, unknown>,
): z.output<Schema> {
  const chatId = chatIdOf(given["chat_id"]);
  if (chatId !== undefined) requireChatAccess(c, chatId);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const fields = fieldProblems(parsed.error.issues);
  throw new AppError("entrada_invalida", { detail: problemsInWords(fields), fields });
}
