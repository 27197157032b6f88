import { z } from "zod";
import { summariseLocally } from "../../llm/local/summarise.ts";
import { delimit, TEXT_IS_DATA } from "./delimit.ts";
import { defineTask } from "./task.ts";

const LENGTHS = ["breve", "media", "larga"] as const;

const SENTENCES = { breve: 2, media: 5, larga: 10 } as const satisfies Record<
  (typeof LENGTHS)[number],
  number
>;

export const resumir = defineTask({
  version: 1,
  options: z.strictObject({
    longitud: z.enum(LENGTHS, "debe ser breve, media o larga").optional().meta({
      description: "Cuánto debe ocupar el resumen. Sin ella, según lo largo que sea el texto.",
      example: "breve",
    }),
  }),
  prompt: (text, { longitud }) => ({
    instructions: [
      "Resume el texto en el mismo idioma en que está escrito.",
      longitud
        ? `Usa como mucho ${SENTENCES[longitud]} frases.`
        : "Sé breve: como mucho una quinta parte del texto y nunca más de diez frases.",
      "Conserva las cifras, los nombres y las fechas que importan, tal como aparecen. No añadas nada que el texto no diga, ni títulos ni comentarios tuyos.",
      TEXT_IS_DATA,
    ].join("\n"),
    input: delimit(text),
  }),
  outputTokens: (textTokens) => Math.min(textTokens, 2_000),
  read: (answer) => ({ text: answer.trim(), data: null }),
  local: (text, { longitud }) => ({
    text: summariseLocally(text, { sentences: longitud && SENTENCES[longitud] }),
    data: null,
  }),
  doneMessage: "Resumen listo.",
});
