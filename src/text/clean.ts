import { z } from "zod";

/** A text that can be stored and has something in it. It is kept exactly as it came: nothing is trimmed. */
export function nonBlankText(description: string) {
  return storableText()
    .refine((text) => /\S/.test(text), "está vacío")
    .meta({ description });
}

export function storableText() {
  return z
    .string({ error: ({ input }) => (input === undefined ? "falta" : "debe ser un texto") })
    .superRefine((text, context) => {
      const message = unstorable(text);
      if (message) context.addIssue({ code: "custom", message });
    });
}

/** Why PostgreSQL would not keep a text. */
function unstorable(text: string): string | undefined {
  if (text.includes("\0")) return "contiene el carácter U+0000, que no se puede guardar";
  return text.isWellFormed() ? undefined : "contiene medio carácter Unicode (un sustituto suelto)";
}

/** Where something in a value cannot be stored, its fields' names included, and why. */
export function unstorableIn(value: unknown): { path: string[]; message: string } | undefined {
  if (typeof value === "string") {
    const message = unstorable(value);
    return message ? { path: [], message } : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const message = unstorable(name);
    if (message) return { path: [name], message };
    const found = unstorableIn(inner);
    if (found) return { ...found, path: [name, ...found.path] };
  }
  return undefined;
}
