import { z } from "zod";
import { formatCount } from "../../lib/format-count.ts";
import { detectLanguage } from "../../text/language.ts";
import { splitSentences } from "../../text/sentences.ts";
import { joinSentences, summarySentences } from "../../engine/summarise.ts";
import { isComplete, trimToComplete } from "../checks/completeness.ts";
import { findLanguageFault } from "../checks/language.ts";
import { delimit, quoteForPrompt, TEXT_IS_DATA } from "./delimit.ts";
import { baseLanguage, languageName, languageOption } from "./language-option.ts";
import { defineTask } from "./task.ts";

const LENGTHS = ["breve", "media", "larga"] as const;
const SENTENCES = { breve: 2, media: 5, larga: 10 } as const;
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
  words:
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
  prompt: ({ text }, { longitud, formato, idioma, enfoque }) => ({
    instructions: [
      `Resume el texto ${idioma ? `en ${languageName(idioma)}` : "en el mismo idioma en que está escrito"}.`,
      FORMAT_RULES[formato],
      ...(formato === "tldr" ? [] : [lengthRule(sentencesOf(longitud))]),
      ...(enfoque
        ? [`Céntrate en este tema: ${quoteForPrompt(enfoque)}. Si el texto no lo trata, dilo.`]
        : []),
      "Conserva las cifras, los nombres y las fechas que importan, tal como aparecen. No añadas nada que el texto no diga, ni títulos ni comentarios tuyos. Termina en una frase completa.",
      TEXT_IS_DATA,
    ].join("\n"),
    input: delimit(text),
  }),
  outputTokens: (textTokens) => Math.min(textTokens + 50, 2_000),
  read({ texts: [answer] }, { language }, { idioma, formato, longitud }) {
    const summary = answer.trim();
    const isWhole = isComplete(summary);
    const wanted = idioma ?? language();
    const faults = [
      isWhole ? undefined : "Debe terminar en una frase completa.",
      wanted ? findLanguageFault(summary, wanted) : undefined,
      layoutFault(summary, formato),
      lengthFault(summary, formato, longitud),
    ].filter((fault) => fault !== undefined);
    return {
      output: { text: isWhole ? summary : trimToComplete(summary) || summary, data: null },
      faults,
    };
  },
  local({ text }, { longitud, formato }) {
    const sentences = formato === "tldr" ? 1 : sentencesOf(longitud);
    return { text: LAYOUTS[formato](summarySentences(text, { sentences })), data: null };
  },
  // It takes sentences out of the text as they are: it can neither translate them nor look for a theme.
  localCan: (text, { idioma, enfoque }) =>
    enfoque === undefined &&
    (idioma === undefined || baseLanguage(idioma) === detectLanguage(text)),
});

const LAYOUTS: Record<(typeof FORMATS)[number], (sentences: string[]) => string> = {
  parrafo: joinSentences,
  puntos: (sentences) => sentences.map((sentence) => `- ${sentence}`).join("\n"),
  tldr: (sentences) => `TL;DR: ${joinSentences(sentences)}`,
};

type Length = (typeof LENGTHS)[number] | number;

function sentencesOf(length: Length | undefined): number | undefined {
  return typeof length === "string" ? SENTENCES[length] : length;
}

const ITEM = /^\s*[-*•]\s+\S/u;
const NO_PARAGRAPH = /\n\s*\S|^\s*(?:[-*•]|#{1,6}|\d{1,3}[.)])\s/u;

function layoutFault(summary: string, format: (typeof FORMATS)[number]): string | undefined {
  switch (format) {
    case "parrafo":
      return NO_PARAGRAPH.test(summary) ? "Debe ser un solo párrafo, sin listas." : undefined;
    case "puntos":
      return linesOf(summary).every((line) => ITEM.test(line))
        ? undefined
        : "Debe ser una lista, con cada punto en su línea y empezando por «- ».";
    case "tldr":
      return /^TL;DR:\s/iu.test(summary) ? undefined : "Debe empezar por «TL;DR: ».";
  }
}

function lengthFault(
  summary: string,
  format: (typeof FORMATS)[number],
  length: Length | undefined,
): string | undefined {
  const most = format === "tldr" ? 1 : sentencesOf(length);
  if (most === undefined) return undefined;
  const count = format === "puntos" ? linesOf(summary).length : splitSentences(summary).length;
  if (count <= most) return undefined;
  const limit =
    format === "puntos"
      ? formatCount(most, "punto", "puntos")
      : formatCount(most, "frase", "frases");
  return `Debe tener como mucho ${limit}, y tiene ${count}.`;
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function lengthRule(sentences: number | undefined): string {
  return sentences
    ? `Usa como mucho ${sentences} ${sentences === 1 ? "frase o punto" : "frases o puntos"}.`
    : "Sé breve: como mucho una quinta parte del texto y nunca más de diez frases.";
}
