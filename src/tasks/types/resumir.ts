import { z } from "zod";
import { formatCount } from "../../lib/format-count.ts";
import { detectLanguage } from "../../text/language.ts";
import { splitSentences } from "../../text/sentences.ts";
import { joinSentences, selectSummarySentences } from "../../engine/summarise.ts";
import { isComplete, trimToComplete } from "../checks/completeness.ts";
import { findLanguageFault } from "../checks/language.ts";
import { delimit, quoteForPrompt, TEXT_IS_DATA } from "../prompts/delimit.ts";
import { baseLanguage, languageName, languageOption } from "../options/language-option.ts";
import { defineTask } from "./task.ts";

const LENGTHS = ["breve", "media", "larga"] as const;
const SENTENCES_BY_LENGTH = { breve: 2, media: 5, larga: 10 } as const;
const MAX_SENTENCES = 30;

const FORMATS = ["parrafo", "puntos", "tldr"] as const;
const FORMAT_RULES: Record<(typeof FORMATS)[number], string> = {
  parrafo: "Escribe un solo párrafo, sin listas ni títulos.",
  puntos: "Escribe una lista: cada punto en su línea, empezando por «- », una idea por punto.",
  tldr: "Escribe una sola frase de como mucho 30 palabras, que empiece por «TL;DR: ».",
};

const LENGTH_PROBLEM = `debe ser breve, media, larga o un número de frases de 1 a ${MAX_SENTENCES}`;

export const resumir = defineTask({
  summary: "Resume un texto sin añadir nada que no diga.",
  question: "¿Qué texto quieres resumir?",
  doneMessage: "Resumen listo.",
  historyWords:
    "resumen(?:es)?|resumi(?:d[oa]s?|mos|ste|eron|o)?|summar(?:y|ies|i[sz]ed)|did (?:i|we) summari[sz]e",
  example: {
    texto:
      "La reunión de hoy trató tres asuntos. El presupuesto de 2027 sube un 4 %. La mudanza se aplaza a junio por las obras del edificio. Marta coordinará el nuevo horario con los equipos.",
    opciones: { longitud: 2, formato: "puntos" },
  },
  version: 4,
  settings: { model: "OPENAI_MODEL_RESUMIR", cacheTtl: "SUMMARY_CACHE_TTL" },
  options: z.strictObject({
    longitud: z
      .union(
        [z.enum(LENGTHS), z.int().min(1, LENGTH_PROBLEM).max(MAX_SENTENCES, LENGTH_PROBLEM)],
        LENGTH_PROBLEM,
      )
      .optional()
      .meta({
        description:
          "Cuánto ocupa: `breve` (2 frases), `media` (5), `larga` (10), o cuántas frases o puntos como mucho. Sin ella, según lo largo que sea el texto. Con el formato `tldr` siempre es una.",
        example: "breve",
      }),
    formato: z.enum(FORMATS, "debe ser parrafo, puntos o tldr").default("parrafo").meta({
      description: "Un párrafo, una lista de puntos o una sola frase que empieza por «TL;DR:».",
      example: "puntos",
    }),
    idioma: languageOption("Idioma del resumen. Sin él, el del texto.", "en").optional(),
    enfoque: z
      .string("debe ser un texto")
      .trim()
      .min(1, "está vacío")
      .max(300, "debe tener como mucho 300 caracteres")
      .optional()
      .meta({
        description: "Lo que más interesa del texto.",
        example: "los plazos y quién responde de cada uno",
      }),
  }),
  buildPrompt: ({ text }, { longitud, formato, idioma, enfoque }) => ({
    instructions: [
      `Resume el texto ${idioma ? `en ${languageName(idioma)}` : "en el mismo idioma en que está escrito"}.`,
      FORMAT_RULES[formato],
      ...(formato === "tldr" ? [] : [lengthRule(maxSentences(longitud))]),
      ...(enfoque
        ? [`Céntrate en este tema: ${quoteForPrompt(enfoque)}. Si el texto no lo trata, dilo.`]
        : []),
      "Conserva las cifras, los nombres y las fechas que importan, tal como aparecen. No añadas nada que el texto no diga, ni títulos ni comentarios tuyos. Termina en una frase completa.",
      TEXT_IS_DATA,
    ].join("\n"),
    input: delimit(text),
  }),
  estimateOutputTokens: (textTokens) => Math.min(textTokens + 50, 2_000),
  readAnswer({ texts: [answer] }, { language }, { idioma, formato, longitud }) {
    const summary = answer.trim();
    const isWhole = isComplete(summary);
    const expectedLanguage = idioma ?? language();
    const faults = [
      isWhole ? undefined : "Debe terminar en una frase completa.",
      expectedLanguage ? findLanguageFault(summary, expectedLanguage) : undefined,
      findFormatFault(summary, formato),
      findLengthFault(summary, formato, longitud),
    ].filter((fault) => fault !== undefined);
    return {
      output: { text: isWhole ? summary : trimToComplete(summary) || summary, data: null },
      faults,
    };
  },
  runLocally({ text }, { longitud, formato }) {
    const sentences = formato === "tldr" ? 1 : maxSentences(longitud);
    return { text: FORMATTERS[formato](selectSummarySentences(text, { sentences })), data: null };
  },
  // The local engine picks sentences of the text: it can neither translate them nor search for a topic.
  canRunLocally: (text, { idioma, enfoque }) =>
    enfoque === undefined &&
    (idioma === undefined || baseLanguage(idioma) === detectLanguage(text)),
});

const FORMATTERS: Record<(typeof FORMATS)[number], (sentences: string[]) => string> = {
  parrafo: joinSentences,
  puntos: (sentences) => sentences.map((sentence) => `- ${sentence}`).join("\n"),
  tldr: (sentences) => `TL;DR: ${joinSentences(sentences)}`,
};

type SummaryLength = (typeof LENGTHS)[number] | number;

/** Undefined: the length follows from the text. */
function maxSentences(length: SummaryLength | undefined): number | undefined {
  return typeof length === "string" ? SENTENCES_BY_LENGTH[length] : length;
}

const ITEM = /^\s*[-*•]\s+\S/u;
const NOT_ONE_PARAGRAPH = /\n\s*\S|^\s*(?:[-*•]|#{1,6}|\d{1,3}[.)])\s/u;

function findFormatFault(summary: string, format: (typeof FORMATS)[number]): string | undefined {
  switch (format) {
    case "parrafo":
      return NOT_ONE_PARAGRAPH.test(summary) ? "Debe ser un solo párrafo, sin listas." : undefined;
    case "puntos":
      return nonBlankLines(summary).every((line) => ITEM.test(line))
        ? undefined
        : "Debe ser una lista, con cada punto en su línea y empezando por «- ».";
    case "tldr":
      return /^TL;DR:\s/iu.test(summary) ? undefined : "Debe empezar por «TL;DR: ».";
  }
}

function findLengthFault(
  summary: string,
  format: (typeof FORMATS)[number],
  length: SummaryLength | undefined,
): string | undefined {
  const limit = format === "tldr" ? 1 : maxSentences(length);
  if (limit === undefined) return undefined;
  const count =
    format === "puntos" ? nonBlankLines(summary).length : splitSentences(summary).length;
  if (count <= limit) return undefined;
  const limitInWords =
    format === "puntos"
      ? formatCount(limit, "punto", "puntos")
      : formatCount(limit, "frase", "frases");
  return `Debe tener como mucho ${limitInWords}, y tiene ${count}.`;
}

function nonBlankLines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function lengthRule(sentences: number | undefined): string {
  return sentences
    ? `Usa como mucho ${sentences} ${sentences === 1 ? "frase o punto" : "frases o puntos"}.`
    : "Sé breve: como mucho una quinta parte del texto y nunca más de diez frases.";
}
