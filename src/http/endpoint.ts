import { OpenAPIRoute } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "./context.ts";
import { AppError } from "../errors.ts";
import { parseChatId } from "../lib/chat-id.ts";
import { toFieldProblems, describeFieldProblems, shortName } from "./field-problems.ts";
import { requireChatAccess } from "./chat-access.ts";
import { readJsonObject } from "./json-body.ts";

const MAX_WARNINGS = 20;

type ParsedBody<Schema extends z.ZodType> = {
  data: z.output<Schema>;
  /** One Spanish sentence per unknown field that was ignored, for `avisos`. */
  warnings: string[];
};

/**
 * Base class of every endpoint. chanfana constructs one per request, so each endpoint keeps its `schema` in a module
 * constant.
 */
export abstract class Endpoint extends OpenAPIRoute<[AppContext]> {
  /**
   * Reads and validates the body. Replaces chanfana's own validation, which reads malformed JSON as `{}` and builds the
   * schema again for each request. A strict schema rejects unknown fields; any other schema ignores them, and `warnings`
   * names them.
   * @throws {AppError} what `readJsonObject` throws, entrada_invalida, chat_no_permitido
   */
  protected async readBody<Schema extends z.ZodObject>(
    c: AppContext,
    schema: Schema,
  ): Promise<ParsedBody<Schema>> {
    const body = await readJsonObject(c);
    const data = validate(c, schema, body);
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
    return validate(c, schema, c.req.query());
  }

  /** @throws {AppError} entrada_invalida, chat_no_permitido */
  protected readParams<Schema extends z.ZodObject>(
    c: AppContext,
    schema: Schema,
  ): z.output<Schema> {
    return validate(c, schema, c.req.param());
  }
}

function validate<Schema extends z.ZodObject>(
  c: AppContext,
  schema: Schema,
  input: Record<string, unknown>,
): z.output<Schema> {
  const chatId = parseChatId(input["chat_id"]);
  if (chatId !== undefined) requireChatAccess(c, chatId);
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = toFieldProblems(parsed.error.issues);
  throw new AppError("entrada_invalida", { detail: describeFieldProblems(fields), fields });
}
