import { z } from "zod";
import { detectLanguage } from "../../text/language.ts";
import { findLayoutProblems } from "../checks/layout.ts";
import { findLanguageFault } from "../checks/language.ts";
import { choice } from "../options/choice.ts";
import { delimit, quoteForPrompt, TEXT_IS_DATA } from "../prompts/delimit.ts";
import { baseLanguage, languageName, languageOption } from "../options/language-option.ts";
import type { JsonObject } from "../../lib/json-object.ts";
import { defineTask } from "./task.ts";

const MAX_TERMS = 200;
const MAX_TERM_CHARS = 200;
const term = z.string("debe ser un texto").trim().min(1, "está vacío").max(MAX_TERM_CHARS);

const FORMALITIES = ["tú", "usted", "auto"] as const;
const FORMALITY_RULES: Record<(typeof FORMALITIES)[number], string | undefined> = {
  tú: "Trata al lector de tú, o con la forma familiar del idioma.",
  usted: "Trata al lector de usted, o con la forma de cortesía del idioma.",
  auto: undefined,
};

const TranslationOptions = z
  .strictObject({
    idioma_destino: languageOption(
      "Idioma de la traducción. Sin él: del español al inglés y de otro al español.",
      "en",
    ).optional(),
    idioma_origen: languageOption("Idioma del texto. Con `auto` se detecta.", "es")
      .or(z.literal("auto"))
      .default("auto")
      .meta({ description: "Idioma del texto. Con `auto` se detecta.", example: "auto" }),
    formalidad: choice(FORMALITIES, "debe ser tú, usted o auto").default("auto").meta({
      default: "auto",
      description: "Cómo se trata al lector. Con `auto`, como en el texto.",
      example: "usted",
    }),
    variante: languageOption(
      "Variante del idioma de destino; su idioma debe ser el de destino, y basta con ella.",
      "es-419",
    ).optional(),
    glosario: z
      .record(term, term, "debe ser un objeto de término a traducción")
      .refine(
        (terms) => Object.keys(terms).length <= MAX_TERMS,
        `debe tener como mucho ${MAX_TERMS} términos`,
      )
      .default({})
      .meta({
        description: "Cómo se traduce cada término.",
        example: { factura: "invoice" },
      }),
    no_traducir: z
      .array(term)
      .max(MAX_TERMS, `debe tener como mucho ${MAX_TERMS} términos`)
      .default([])
      .meta({ description: "Lo que se deja tal como está.", example: ["Acme Cloud"] }),
  })
  .refine(
    ({ idioma_destino, variante }) =>
      idioma_destino === undefined ||
      variante === undefined ||
      baseLanguage(idioma_destino) === baseLanguage(variante),
    { path: ["variante"], error: "no es una variante de idioma_destino" },
  );
type TranslationOptions = z.output<typeof TranslationOptions>;

export const traducir = defineTask({
  summary: "Traduce un texto y conserva su formato, sus marcadores y su código.",
  question: "¿Qué texto quieres traducir?",
  doneMessage: "Traducción lista.",
  historyWords:
    "traduccion(?:es)?|traduj\\p{L}+|traducid[oa]s?|translations?|translated|did (?:i|we) translate",
  example: {
    texto: "Hola {{nombre}}, tu factura de marzo ya está lista.",
    opciones: { idioma_destino: "en", glosario: { factura: "invoice" } },
  },
  version: 4,
  settings: { model: "OPENAI_MODEL_TRADUCIR", cacheTtl: "TRANSLATION_CACHE_TTL" },
  options: TranslationOptions,
  needsModel(text, options) {
    const { from, to } = chooseLanguages(text, options);
    const isSame = from !== null && baseLanguage(from) === baseLanguage(to);
    // A variant, a form of address or a glossary can change a text that is already in the target language.
    const isPlain = !to.includes("-") && options.formalidad === "auto";
    return !isSame || !isPlain || Object.keys(options.glosario).length > 0;
  },
  runLocally({ text }, options) {
    const { from, to } = chooseLanguages(text, options);
    return {
      text,
      data: { ...toData(from, to), formato_conservado: true },
      warnings: [`El texto ya está en ${languageName(to)}; no hacía falta traducirlo.`],
    };
  },
  canRunLocally: () => false,
  buildPrompt: ({ text }, options) => ({
    instructions: [
      `Traduce el texto ${describeDirection(text, options)}.`,
      ...(FORMALITY_RULES[options.formalidad] ? [FORMALITY_RULES[options.formalidad]] : []),
      "Conserva el sentido y el tono. Deja igual que en el texto: saltos de línea y párrafos, Markdown (títulos, listas, tablas, enlaces, negritas), direcciones web y de correo, código, etiquetas y marcadores como {{x}}, {0}, %s o [[X_1]]. Responde solo con la traducción, sin presentarla ni rodearla de nada.",
      ...buildTermRules(options),
      TEXT_IS_DATA,
    ].join("\n"),
    input: delimit(text),
  }),
  // A translation is about as long as its text; some languages need up to half as much more.
  estimateOutputTokens: (textTokens) => Math.ceil(textTokens * 1.5) + 50,
  readAnswer({ texts: [answer] }, { text }, options) {
    const { from, to } = chooseLanguages(text, options);
    const translation = restoreWhiteSpace(text, answer);
    const layout = findLayoutProblems(text, translation, {
      keep: options.no_traducir.filter((kept) => text.includes(kept)),
      glossary: options.glosario,
    });
    const languageFault = findLanguageFault(translation, to);
    const faults = [
      ...(languageFault ? [languageFault] : []),
      ...(isMostlyMissing(text, translation) ? ["Falta casi todo el texto."] : []),
      ...layout,
    ];
    const data = {
      ...toData(from, to),
      formato_conservado: layout.length === 0,
      ...(faults.length > 0 && { problemas: faults }),
    };
    return { output: { text: translation, data }, faults };
  },
});

type LanguagePair = { from: string | null; to: string };

function chooseLanguages(text: string, options: TranslationOptions): LanguagePair {
  const { idioma_origen, idioma_destino, variante } = options;
  const from = idioma_origen === "auto" ? detectLanguage(text) : idioma_origen;
  const defaultTarget = from === null || baseLanguage(from) === "es" ? "en" : "es";
  return { from, to: variante ?? idioma_destino ?? defaultTarget };
}

/** For the prompt: «al inglés (en)». */
function describeDirection(text: string, options: TranslationOptions): string {
  const { from, to } = chooseLanguages(text, options);
  const isDefaultTarget = options.idioma_destino === undefined && options.variante === undefined;
  if (from === null && isDefaultTarget)
    return "al inglés si está en español, y al español si está en cualquier otro idioma";
  const target = `al ${languageName(to)}`;
  return options.idioma_origen === "auto"
    ? target
    : `del ${languageName(options.idioma_origen)} ${target}`;
}

function buildTermRules({ glosario, no_traducir }: TranslationOptions): string[] {
  const terms = Object.entries(glosario).map(
    ([from, to]) => `${quoteForPrompt(from)} → ${quoteForPrompt(to)}`,
  );
  return [
    ...(terms.length > 0 ? [`Traduce estos términos siempre así: ${terms.join("; ")}.`] : []),
    ...(no_traducir.length > 0
      ? [`No traduzcas estos términos: ${no_traducir.map(quoteForPrompt).join(", ")}.`]
      : []),
  ];
}

/** A short text can be much shorter in another language. */
const MIN_LETTERS = 40;
/** The densest script, Chinese, has about one character for three Latin letters; this leaves a wide margin. */
const MAX_LETTER_RATIO = 8;

function isMostlyMissing(text: string, translation: string): boolean {
  const countLetters = (of: string): number => of.match(/\p{L}/gu)?.length ?? 0;
  const letters = countLetters(text);
  return letters >= MIN_LETTERS && countLetters(translation) * MAX_LETTER_RATIO < letters;
}

/**
 * Restores the white space around the text and its CRLF line breaks. Models drop both, and a client that pastes the
 * translation back needs them.
 */
function restoreWhiteSpace(text: string, answer: string): string {
  const [before] = /^\s*/u.exec(text) ?? [""];
  const after = text.slice(text.trimEnd().length);
  const breaks = text.match(/\r?\n/gu) ?? [];
  const body = answer.trim().replaceAll("\r\n", "\n");
  const usesCrlf = breaks.length > 0 && breaks.every((one) => one === "\r\n");
  return `${before}${usesCrlf ? body.replaceAll("\n", "\r\n") : body}${after}`;
}

function toData(from: string | null, to: string): JsonObject {
  return { idioma_origen: from, idioma_destino: to };
}
