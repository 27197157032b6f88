import { z } from "zod";

/** A text that can be stored and has something in it. It is kept exactly as it came: nothing is trimmed. */
export function nonBlankText(description: string) {
  return storableText()
    .refine((text) => /\S/.test(text), "está vacío")
    .meta({ description });
}

/** PostgreSQL keeps neither U+0000 nor lone surrogates. */
export function storableText() {
  return z
    .string({ error: ({ input }) => (input === undefined ? "falta" : "debe ser un texto") })
    .refine((text) => !text.includes("\0"), "contiene el carácter U+0000, que no se puede guardar")
    .refine((text) => text.isWellFormed(), "contiene medio carácter Unicode (un sustituto suelto)");
}
