import { z } from "zod";

/** The result of a task. It is cached and shared with other requests for the same work. */
export const WorkResult = z.strictObject({
  text: z.string(),
  data: z.record(z.string(), z.unknown()).nullable(),
  language: z.string().nullable(),
  engine: z.enum(["openai", "local"]),
  model: z.string().nullable(),
  warnings: z.array(z.string()),
  truncated: z.boolean(),
});
export type WorkResult = z.infer<typeof WorkResult>;
