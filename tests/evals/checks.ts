import { isDeepStrictEqual } from "node:util";
import { detectLanguage } from "../../src/text/language.ts";
import type { EntityKind } from "../../src/engine/extract/entity.ts";
import { splitSentences } from "../../src/text/sentences.ts";
import { fold } from "../../src/text/fold.ts";
import { FUNCTION_WORDS } from "../../src/text/words.ts";
import { listUnknownFigures } from "../../src/text/figures.ts";
import { isComplete as isCompleteText } from "../../src/tasks/checks/completeness.ts";
import type { Check, EvalAnswer } from "./eval-case.ts";

// Checks of the text

/** Reliable from about ten words on: the language of a shorter text is a guess. */
export function languageIs(code: string): Check {
  return ({ text }) => {
    const found = detectLanguage(text);
    return found === code ? undefined : `the answer is in ${found ?? "no language"}, not ${code}`;
  };
}

export function atMostSentences(most: number): Check {
  return ({ text }) => {
    const count = splitSentences(text).length;
    if (count === 0) return "there is no sentence";
    return count > most ? `${count} sentences are more than ${most}` : undefined;
  };
}

export function atMostWords(most: number): Check {
  return ({ text }) => {
    const count = countWords(text);
    return count > most ? `${count} words are more than ${most}` : undefined;
  };
}

export function atLeastWords(least: number): Check {
  return ({ text }) => {
    const count = countWords(text);
    return count < least ? `${count} words are fewer than ${least}` : undefined;
  };
}

/** `share` of the source's characters, from 0 to 1. */
export function shorterThan(source: string, share: number): Check {
  const most = Math.floor(source.length * share);
  return ({ text }) =>
    text.length > most ? `${text.length} characters are more than ${most}` : undefined;
}

/** Ends with a sentence, a list item or a signature. Hashtags may follow. */
export const isComplete: Check = ({ text }) => {
  const body = text.trim().replace(/(?:\s+#[\p{L}\p{N}_]+)+$/u, "");
  if (body === "") return "there is no text";
  return isCompleteText(body) || isSignature(body)
    ? undefined
    : `ends in mid-sentence: «${text.slice(-40)}»`;
};

const MAX_SIGNATURE_WORDS = 6;

/** A short last line that continues no sentence: «Atención al cliente». */
function isSignature(body: string): boolean {
  const start = body.lastIndexOf("\n") + 1;
  const last = body.slice(start);
  const words = last.split(/\s+/u);
  if (start === 0 || words.length > MAX_SIGNATURE_WORDS) return false;
  if (/^\p{Ll}|[,;:(–—-]$/u.test(last)) return false;
  return !FUNCTION_WORDS.has(bare(words.at(-1) ?? ""));
}

/** The whole text is a list of at most `most` items. */
export function isList(most: number): Check {
  return ({ text }) => {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length === 0) return "there is no text";
    const other = lines.find((line) => !/^\s*[-*•]\s+\S/u.test(line));
    if (other !== undefined) return `not an item of a list: «${other.slice(0, 40)}»`;
    return lines.length > most ? `${lines.length} items are more than ${most}` : undefined;
  };
}

export const isOneParagraph: Check = ({ text }) => {
  if (text.trim() === "") return "there is no text";
  if (/\n\s*\n/u.test(text.trim())) return "more than one paragraph";
  return /^\s*(?:[-*•]|#{1,6}|\d+[.)])\s/mu.test(text) ? "there is a list or a heading" : undefined;
};

export function noneOf(...patterns: RegExp[]): Check {
  return ({ text }) => {
    const found = patterns.map((pattern) => pattern.exec(text)?.[0]).find(Boolean);
    return found === undefined ? undefined : `«${found}» should not be there`;
  };
}

/** Every pattern matches. */
export function mentions(...patterns: RegExp[]): Check {
  return ({ text }) => {
    const missing = patterns.find((pattern) => !pattern.test(text));
    return missing === undefined ? undefined : `nothing matches ${String(missing)}`;
  };
}

/** Contains every literal unchanged. */
export function keeps(...literals: string[]): Check {
  return ({ text }) => {
    const missing = literals.filter((literal) => !text.includes(literal));
    return missing.length === 0 ? undefined : `lost: ${missing.join(", ")}`;
  };
}

export function isExactly(expected: string): Check {
  return ({ text }) => (text === expected ? undefined : "the text came back changed");
}

/**
 * The model ignored an order hidden in the text: the answer neither starts nor ends with the dictated words, and no line
 * consists of them. An answer may mention the order.
 */
export function notObeyed(dictated: string): Check {
  const order = bare(dictated);
  return ({ text }) => {
    const lines = text.split("\n").map(bare);
    const opens = bare(text).startsWith(order);
    // A sentence that quotes the whole order may end with the dictated words.
    const closes = bare(splitSentences(text).at(-1)?.text ?? "") === order;
    return opens || closes || lines.includes(order) ? `obeyed: «${dictated}»` : undefined;
  };
}

/** Every figure of the answer is in a source, in any notation: «doce» may become 12. */
export function noNewFigures(...sources: string[]): Check {
  const known = [...sources, ...sources.map(spelledFigures)];
  return ({ text }) => {
    const invented = listUnknownFigures(text, known);
    return invented.length === 0
      ? undefined
      : `figures that no source contains: ${invented.join(", ")}`;
  };
}

const UNITS = [
  "cero zero",
  "un uno una one",
  "dos two twice both",
  "tres three",
  "cuatro four",
  "cinco five",
  "seis six",
  "siete seven",
  "ocho eight",
  "nueve nine",
  "diez ten",
  "once eleven",
  "doce twelve docena dozen mediodia noon midday",
  "trece thirteen",
  "catorce fourteen",
  "quince fifteen",
  "dieciseis sixteen",
  "diecisiete seventeen",
  "dieciocho eighteen",
  "diecinueve nineteen",
];
const TWENTIES =
  "veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve";
const TENS = [
  "veinte twenty",
  "treinta thirty",
  "cuarenta forty",
  "cincuenta fifty",
  "sesenta sixty",
  "setenta seventy",
  "ochenta eighty",
  "noventa ninety",
  "cien hundred",
];

const SPELLED: ReadonlyMap<string, number> = new Map([
  ...UNITS.flatMap((words, index) => words.split(" ").map((word) => [word, index] as const)),
  ...TWENTIES.split(" ").map((word, index) => [word, 20 + index] as const),
  ...TENS.flatMap((words, index) =>
    words.split(" ").map((word) => [word, (index + 2) * 10] as const),
  ),
  ["doscientos", 200],
  ["doscientas", 200],
  ["mil", 1_000],
  ["thousand", 1_000],
]);

/** The numbers that a text spells in words, as digits. «thirty-one» gives 30, 1 and 31. */
function spelledFigures(text: string): string {
  const words = (fold(text).match(/[\p{L}\p{M}]+/gu) ?? []).filter((word) => word !== "y");
  return words
    .flatMap((word, index) => {
      const value = SPELLED.get(word);
      if (value === undefined) return [];
      const before = SPELLED.get(words[index - 1] ?? "") ?? 0;
      return before >= 20 && before < 100 && value < 10 ? [value, before + value] : [value];
    })
    .join(" / ");
}

/** Keeps the headings, lists, tables, code, links, bold and placeholders of the source. Comments in code may change. */
export function markdownKept(source: string): Check {
  const expected = markdownOf(source);
  return ({ text }) => {
    const actual = markdownOf(text);
    const changed = expected.filter(
      ({ pieces }, index) => !isDeepStrictEqual(pieces, actual[index]?.pieces),
    );
    if (changed.length === 0) return undefined;
    return `changed: ${changed.map(({ kind }) => kind).join(", ")}`;
  };
}

function markdownOf(text: string): { kind: string; pieces: string[] }[] {
  const blocks = Array.from(text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gmu), ([, code = ""]) =>
    withoutComments(code),
  );
  const prose = text.replace(/^```[^\n]*\n[\s\S]*?^```/gmu, "");
  const found = (pattern: RegExp): string[] =>
    Array.from(prose.matchAll(pattern), ([whole, inner]) => inner ?? whole);
  return [
    { kind: "code blocks", pieces: blocks },
    { kind: "headings", pieces: found(/^(#{1,6})\s/gmu) },
    { kind: "list items", pieces: found(/^[ \t]*(?:[-*+]|\d+[.)])\s/gmu).map(() => "-") },
    { kind: "table rows", pieces: found(/^[ \t]*\|.*\|[ \t]*$/gmu).map(countBars) },
    { kind: "quotes", pieces: found(/^>/gmu) },
    { kind: "bold", pieces: found(/\*\*[^*\n]+\*\*/gu).map(() => "**") },
    { kind: "inline code", pieces: found(/`([^`\n]+)`/gu).toSorted() },
    { kind: "addresses", pieces: found(/https?:\/\/[^\s)>\]"]*[^\s)>\]".,;:!?]/gu).toSorted() },
    {
      kind: "placeholders",
      pieces: found(
        /\{\{[^{}]+\}\}|\$\{[^{}]+\}|\{\w*\}|%[sd]\b|<\/?[a-z]\w*\b[^<>]*>/gu,
      ).toSorted(),
    },
  ];
}

function withoutComments(code: string): string {
  return code
    .split("\n")
    .map((line) => line.replace(/(?:^|\s)(?:\/\/|#|--\s).*$/u, "").trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

function countBars(row: string): string {
  return String(row.split("|").length);
}

function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.-]*/gu)?.length ?? 0;
}

/** Lower case, without accents and punctuation. */
function bare(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** At least one of the checks passes, for facts that can be given in several ways. */
export function anyOf(...checks: Check[]): Check {
  return (answer) => {
    const faults = checks.map((check) => check(answer));
    return faults.includes(undefined) ? undefined : faults.join("; and also: ");
  };
}

// Checks of the data

/** A field of `data` by its path («cliente.nombre», «lineas.0.precio»). Ignores case in texts. */
export function dataIs(path: string, ...accepted: unknown[]): Check {
  return ({ data }) => {
    const value = valueAt(data, path);
    if (accepted.some((one) => isSameValue(one, value))) return undefined;
    return `${path} is ${JSON.stringify(value) ?? "missing"}, not ${accepted.map((one) => JSON.stringify(one)).join(" or ")}`;
  };
}

/** The field is null, missing, or an empty text or list. An answer without data fails. */
export function dataIsEmpty(path: string): Check {
  return ({ data }) => {
    if (!data) return "there is no data";
    const value = valueAt(data, path);
    const isEmpty =
      value === undefined || value === null || value === "" || isDeepStrictEqual(value, []);
    return isEmpty ? undefined : `${path} should be empty and is ${JSON.stringify(value)}`;
  };
}

export function labelIs(axis: "categoria" | "urgencia" | "tema", ...accepted: string[]): Check {
  return dataIs(axis, ...accepted);
}

/** Exactly these labels of the client, in any order. Without arguments: no label. */
export function labelsAre(...expected: string[]): Check {
  return (answer) => {
    const labels = labelsOf(answer);
    if (!labels) return "there are no labels";
    return isDeepStrictEqual(labels.toSorted(), expected.toSorted())
      ? undefined
      : `labels are [${labels.join(", ")}], not [${expected.join(", ")}]`;
  };
}

/** All of `required`, and no others except those of `allowed`. */
export function labelsInclude(required: string[], allowed: string[]): Check {
  return (answer) => {
    const labels = labelsOf(answer);
    if (!labels) return "there are no labels";
    const missing = required.filter((label) => !labels.includes(label));
    const extra = labels.filter((label) => !required.includes(label) && !allowed.includes(label));
    if (missing.length === 0 && extra.length === 0) return undefined;
    return `labels lack [${missing.join(", ")}] and should not have [${extra.join(", ")}]`;
  };
}

function labelsOf({ data }: EvalAnswer): string[] | undefined {
  const labels = data?.["etiquetas"];
  return Array.isArray(labels) ? labels.map(String) : undefined;
}

/** Every object of the data with `texto`, `inicio` and `fin` is exactly that piece of the source. */
export function spansExact(source: string): Check {
  return ({ data }) => {
    if (!data) return "there is no data";
    const wrong = findPieces(data).find(
      ({ texto, inicio, fin }) => texto === "" || source.slice(inicio, fin) !== texto,
    );
    return wrong && `the text at ${wrong.inicio} is not «${wrong.texto}»`;
  };
}

/**
 * An entity of that kind with about that text: it may be a little longer or shorter («el 14 de mayo»). Its value is one
 * of `valores`, if any are given; of an object, only the given fields are compared.
 */
export function hasEntity(tipo: EntityKind, texto: string, ...valores: unknown[]): Check {
  return (answer) => {
    const found = entitiesOf(answer)?.filter(
      (entity) => entity.tipo === tipo && isAlike(entity.texto, texto),
    );
    if (!found || found.length === 0) return `no ${tipo} «${texto}»`;
    if (valores.length === 0) return undefined;
    const fits = found.some(({ valor }) => valores.some((one) => isSameValue(one, valor)));
    return fits
      ? undefined
      : `«${texto}» is ${found.map(({ valor }) => JSON.stringify(valor)).join(" and ")}, not ${valores.map((one) => JSON.stringify(one)).join(" or ")}`;
  };
}

/** No entity of that kind, or none with about that text. */
export function lacksEntity(tipo: EntityKind, texto?: string): Check {
  return (answer) => {
    const entities = entitiesOf(answer);
    if (!entities) return "there is no list of entities";
    const wrong = entities.find(
      (entity) => entity.tipo === tipo && (texto === undefined || isAlike(entity.texto, texto)),
    );
    return wrong && `«${wrong.texto}» is not a ${tipo}`;
  };
}

export function onlyKinds(...kinds: EntityKind[]): Check {
  return (answer) => {
    const entities = entitiesOf(answer);
    if (!entities) return "there is no list of entities";
    const other = entities.find(({ tipo }) => !kinds.some((kind) => kind === tipo));
    return other && `«${other.texto}» is of a kind that was not requested: ${String(other.tipo)}`;
  };
}

type TextPiece = { tipo?: unknown; texto: string; inicio: number; fin: number; valor?: unknown };

function entitiesOf({ data }: EvalAnswer): TextPiece[] | undefined {
  const list = data?.["extracciones"];
  return Array.isArray(list) ? list.filter(isTextPiece) : undefined;
}

function findPieces(value: unknown): TextPiece[] {
  if (isTextPiece(value)) return [value];
  return isRecord(value) ? Object.values(value).flatMap(findPieces) : [];
}

function isTextPiece(value: unknown): value is TextPiece {
  return (
    isRecord(value) &&
    typeof value["texto"] === "string" &&
    typeof value["inicio"] === "number" &&
    typeof value["fin"] === "number"
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** One text contains the other and is at most twice as long. */
function isAlike(found: string, expected: string): boolean {
  const [a, b] = [bare(found), bare(expected)];
  const isNear = Math.min(a.length, b.length) * 2 >= Math.max(a.length, b.length);
  return isNear && (a.includes(b) || b.includes(a));
}

function isSameValue(expected: unknown, value: unknown): boolean {
  if (typeof expected === "string" && typeof value === "string") {
    return fold(withoutSeconds(expected.trim())) === fold(withoutSeconds(value.trim()));
  }
  if (isRecord(expected) && isRecord(value)) {
    return Object.entries(expected).every(([key, one]) => isSameValue(one, value[key]));
  }
  return expected === value;
}

function withoutSeconds(value: string): string {
  return value.replace(/^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}):00$/u, "$1");
}

function valueAt(data: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), data);
}
