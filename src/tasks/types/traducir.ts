import { z } from "zod";
import { detectLanguage } from "../../lib/language.ts";
import { delimit, TEXT_IS_DATA } from "./delimit.ts";
import { defineTask } from "./task.ts";

export const traducir = defineTask({
  version: 1,
  options: z.strictObject({
    idioma_destino: z
      .string("debe ser un código de idioma, como en o pt-BR")
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "debe ser un código de idioma, como en o pt-BR")
      .max(35)
      .optional()
      .meta({
        description: "Idioma de la traducción. Sin él: del español al inglés y de otro al español.",
        example: "en",
      }),
  }),
  prompt: (text, { idioma_destino }) => ({
    instructions: [
      `Traduce el texto ${target(idioma_destino, text)}.`,
      "Conserva el sentido, el tono, los saltos de línea, el formato, las direcciones, el código y los marcadores como {{x}} o %s. Responde solo con la traducción.",
      TEXT_IS_DATA,
    ].join("\n"),
    input: delimit(text),
  }),
  // A translation is about as long as its text; some languages need up to half as much again.
  outputTokens: (textTokens) => Math.ceil(textTokens * 1.5),
  read: (answer) => ({ text: answer, data: null }),
  doneMessage: "Traducción lista.",
});

function target(language: string | undefined, text: string): string {
  if (language) return `al idioma de código «${language}»`;
  switch (detectLanguage(text)) {
    case "es":
      return "al inglés";
    case null:
      return "al inglés si está en español, y al español si está en cualquier otro idioma";
    default:
      return "al español";
  }
}
