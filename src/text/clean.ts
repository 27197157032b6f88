import { z } from "zod";

/** A text that can be stored and is not blank. The value is not trimmed or changed. */
export function nonBlankText(description: string) {
  return storableText()
    .refine((text) => /\S/.test(text), "está vacío")
    .meta({ description });
}

export function storableText() {
  return z
    .string({ error: ({ input }) => (input === undefined ? "falta" : "debe ser un texto") })
    .superRefine((text, context) => {
      const message = storageProblem(text);
      if (message) context.addIssue({ code: "custom", message });
    });
}

/** Why PostgreSQL cannot store a text, in Spanish; undefined when it can. */
function storageProblem(text: string): string | undefined {
  if (text.includes("\0")) return "contiene el carácter U+0000, que no se puede guardar";
  return text.isWellFormed() ? undefined : "contiene medio carácter Unicode (un sustituto suelto)";
}

/** The first text inside a JSON value that cannot be stored, field names included. */
export function findUnstorableText(
  value: unknown,
): { path: string[]; message: string } | undefined {
  if (typeof value === "string") {
    const message = storageProblem(value);
    return message ? { path: [], message } : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const message = storageProblem(name);
    if (message) return { path: [name], message };
    const found = findUnstorableText(inner);
    if (found) return { ...found, path: [name, ...found.path] };
  }
  return undefined;
}
