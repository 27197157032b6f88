import type { z } from "zod";

/** Returns the OpenAPI request body of a route that requires JSON. `schema` is a zod schema or a JSON schema. */
export function jsonBody<Schema extends z.ZodType | Record<string, unknown>>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } };
}
