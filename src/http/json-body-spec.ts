import type { z } from "zod";

/** The OpenAPI request of a route that needs a JSON body, described by zod or by a schema as it is. */
export function jsonBody<Schema extends z.ZodType | Record<string, unknown>>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } };
}
