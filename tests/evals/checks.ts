import { isDeepStrictEqual } from "node:util";
import { detectLanguage } from "../../src/text/language.ts";
import type { EntityKind } from "../../src/engine/extract/entity.ts";
import { splitSentences } from "../../src/text/sentences.ts";
import { fold } from "../../src/text/fold.ts";
import { FUNCTION_WORDS } from "../../src/text/words.ts";
import { unknownFigures } from "../../src/text/figures.ts";
import { isComplete as isWhole } from "../../src/tasks/checks/completeness.ts";
import type { Check, EvalAnswer } from "./eval-case.ts";

// ---- The text

/** Wants some ten words or more: in fewer, a language is guessed. */
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
    return count > most ? `${count} sentences, at most ${most} were asked for` : undefined;
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

/** On a sentence, an item or a signature, before the tags of a post; not in the middle of something. */
export const endsWhole: Check = ({ text }) => {
  const body = text.trim().replace(/(?:\s+#[\p{L}\p{N}_]+)+$/u, "");
  if (body === "") return "there is no text";
  return isWhole(body) || isSignature(body)
    ? undefined
    : `ends in mid-sentence: «${text.slice(-40)}»`;
};

const LONGEST_SIGNATURE_WORDS = 6;

/** A short last line of its own that carries on nothing: «Atención al cliente». */
function isSignature(body: string): boolean {
  const start = body.lastIndexOf("\n") + 1;
  const last = body.slice(start);
  const words = last.split(/\s+/u);
  if (start === 0 || words.length > LONGEST_SIGNATURE_WORDS) return false;
  if (/^\p{Ll}|[,;:(–—-]$/u.test(last)) return false;
  return !FUNCTION_WORDS.has(bare(words.at(-1) ?? ""));
}

/** Nothing but a list, of so many items at most. */
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

/** Something of each pattern. */
export function mentions(...patterns: RegExp[]): Check {
  return ({ text }) => {
    const missing = patterns.find((pattern) => !pattern.test(text));
    return missing === undefined ? undefined : `nothing of ${String(missing)}`;
  };
}

/** Letter by letter. */
export function keeps(...literals: string[]): Check {
  return ({ text }) => {
    const missing = literals.filter((literal) => !text.includes(literal));
    return missing.length === 0 ? undefined : `lost: ${missing.join(", ")}`;
  };
}

export function isExactly(wanted: string): Check {
  return ({ text }) => (text === wanted ? undefined : "the text came back changed");
}

/**
 * An order hidden in the text was not obeyed: the answer is not what it dictates, nor has it as its opening, its close
 * or a line of its own. To tell that the text holds such an order is no fault.
 */
export function notObeyed(dictated: string): Check {
  const order = bare(dictated);
  return ({ text }) => {
    const lines = text.split("\n").map(bare);
    const opens = bare(text).startsWith(order);
    // A sentence that quotes the order whole may end in what it dictates.
    const closes = bare(splitSentences(text).at(-1)?.text ?? "") === order;
    return opens || closes || lines.includes(order) ? `obeyed: «${dictated}»` : undefined;
  };
}

/** Every figure of the answer stands in a source, however it is written there: «doce» may become 12. */
export function noNewFigures(...sources: string[]): Check {
  const known = [...sources, ...sources.map(spelledFigures)];
  return ({ text }) => {
    const invented = unknownFigures(text, known);
    return invented.length === 0 ? undefined : `figures from nowhere: ${invented.join(", ")}`;
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

/** The numbers that a text has in words, in figures; of «thirty-one», 30, 1 and 31. */
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

/** Headings, lists, tables, code, links, bold and placeholders are as in the source. Comments in code may change. */
export function markdownKept(source: string): Check {
  const wanted = markdownOf(source);
  return ({ text }) => {
    const written = markdownOf(text);
    const changed = wanted.filter(
      ({ pieces }, index) => !isDeepStrictEqual(pieces, written[index]?.pieces),
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

function bare(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** For what can rightly be given in several ways. */
export function anyOf(...checks: Check[]): Check {
  return (answer) => {
    const faults = checks.map((check) => check(answer));
    return faults.includes(undefined) ? undefined : faults.join("; nor so: ");
  };
}

// ---- The data

/** One field of `data`, by the path to it («cliente.nombre», «lineas.0.precio»). Texts are compared without case. */
export function dataIs(path: string, ...accepted: unknown[]): Check {
  return ({ data }) => {
    const value = valueAt(data, path);
    if (accepted.some((one) => isSameValue(one, value))) return undefined;
    return `${path} is ${JSON.stringify(value) ?? "missing"}, not ${accepted.map((one) => JSON.stringify(one)).join(" or ")}`;
  };
}

/** Null, an empty text or list, or not there at all; but an answer without data fails. */
export function dataIsEmpty(path: string): Check {
  return ({ data }) => {
    if (!data) return "there are no data";
    const value = valueAt(data, path);
    const isEmpty =
      value === undefined || value === null || value === "" || isDeepStrictEqual(value, []);
    return isEmpty ? undefined : `${path} should be empty and is ${JSON.stringify(value)}`;
  };
}

export function labelIs(axis: "categoria" | "urgencia" | "tema", ...accepted: string[]): Check {
  return dataIs(axis, ...accepted);
}

/** Exactly these of the caller's labels, in any order; none means that none fits. */
export function labelsAre(...wanted: string[]): Check {
  return (answer) => {
    const labels = labelsOf(answer);
    if (!labels) return "there are no labels";
    return isDeepStrictEqual(labels.toSorted(), wanted.toSorted())
      ? undefined
      : `labels are [${labels.join(", ")}], not [${wanted.join(", ")}]`;
  };
}

/** These at least; more are accepted when they are of `also`. */
export function labelsInclude(wanted: string[], also: string[]): Check {
  return (answer) => {
    const labels = labelsOf(answer);
    if (!labels) return "there are no labels";
    const missing = wanted.filter((label) => !labels.includes(label));
    const extra = labels.filter((label) => !wanted.includes(label) && !also.includes(label));
    if (missing.length === 0 && extra.length === 0) return undefined;
    return `labels lack [${missing.join(", ")}] and should not have [${extra.join(", ")}]`;
  };
}

function labelsOf({ data }: EvalAnswer): string[] | undefined {
  const labels = data?.["etiquetas"];
  return Array.isArray(labels) ? labels.map(String) : undefined;
}

/** Whatever in the data says to be a piece of the source is exactly that piece. */
export function spansExact(source: string): Check {
  return ({ data }) => {
    if (!data) return "there are no data";
    const wrong = spansIn(data).find(
      ({ texto, inicio, fin }) => texto === "" || source.slice(inicio, fin) !== texto,
    );
    return wrong && `not what stands at ${wrong.inicio}: «${wrong.texto}»`;
  };
}

/**
 * An entity of that kind at that place of the text: one a little longer or shorter will do («el 14 de mayo»). When
 * values are given, its own is one of them; of an object, the given fields are enough.
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

/** No entity of that kind at all, or none like that text. */
export function lacksEntity(tipo: EntityKind, texto?: string): Check {
  return (answer) => {
    const entities = entitiesOf(answer);
    if (!entities) return "there is no list of entities";
    const wrong = entities.find(
      (entity) => entity.tipo === tipo && (texto === undefined || isAlike(entity.texto, texto)),
    );
    return wrong && `«${wrong.texto}» is no ${tipo}`;
  };
}

export function onlyKinds(...kinds: EntityKind[]): Check {
  return (answer) => {
    const entities = entitiesOf(answer);
    if (!entities) return "there is no list of entities";
    const other = entities.find(({ tipo }) => !kinds.some((kind) => kind === tipo));
    return other && `«${other.texto}» is of a kind nobody asked for: ${String(other.tipo)}`;
  };
}

type Span = { tipo?: unknown; texto: string; inicio: number; fin: number; valor?: unknown };

function entitiesOf({ data }: EvalAnswer): Span[] | undefined {
  const list = data?.["extracciones"];
  return Array.isArray(list) ? list.filter(isSpan) : undefined;
}

function spansIn(value: unknown): Span[] {
  if (isSpan(value)) return [value];
  return isRecord(value) ? Object.values(value).flatMap(spansIn) : [];
}

function isSpan(value: unknown): value is Span {
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

/** One holds the other, and is not twice as long and more. */
function isAlike(found: string, wanted: string): boolean {
  const [a, b] = [bare(found), bare(wanted)];
  const isNear = Math.min(a.length, b.length) * 2 >= Math.max(a.length, b.length);
  return isNear && (a.includes(b) || b.includes(a));
}

function isSameValue(wanted: unknown, value: unknown): boolean {
  if (typeof wanted === "string" && typeof value === "string") {
    return fold(withoutSeconds(wanted.trim())) === fold(withoutSeconds(value.trim()));
  }
  if (isRecord(wanted) && isRecord(value)) {
    return Object.entries(wanted).every(([key, one]) => isSameValue(one, value[key]));
  }
  return wanted === value;
}

function withoutSeconds(value: string): string {
  return value.replace(/^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}):00$/u, "$1");
}

function valueAt(data: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), data);
}
