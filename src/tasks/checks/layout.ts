import { ASCII_EMAIL } from "../../text/email.ts";

export type LayoutRules = {
  /** Terms that stay as they are, written just so. */
  keep: readonly string[];
  /** Term of the source to the term that its translation has to use. */
  glossary: Readonly<Record<string, string>>;
};

const MOST_PROBLEMS = 20;

/**
 * What a translation lost of its source's form, in Spanish sentences that say what to mend and name the pieces; empty
 * when nothing was lost. A frame around the answer («Aquí tienes la traducción:», a block of code, quotation marks) is
 * named once and then looked through. Linear in both texts.
 */
export function layoutProblems(source: string, answer: string, rules: LayoutRules): string[] {
  const { frame, framed } = unwrap(source, answer);
  const wanted = readLayout(source);
  const written = readLayout(framed);
  return [
    ...frame,
    ...comparePieces(wanted, written),
    ...compareMarkdown(wanted, written),
    ...compareLines(wanted, written),
    ...compareTerms(source, framed, rules),
  ].slice(0, MOST_PROBLEMS);
}

// ---- Frames

const LEAD_IN =
  /^\P{L}{0,4}(?:(?:claro|por supuesto|desde luego|sure|of course|certainly)\b.{0,120}|(?:aquí|aqui|esta es|este es|a continuación|la traducción|traducción|texto traducido|here(?:'|’)?s?\b|this is|the translation|translation|translated|below is|voici|voilà|hier ist|hier die|ecco|segue|aqui está|tradução|traduction|übersetzung|traduzione).{0,120}):[\s*_]{0,4}$/iu;
const QUOTATION_MARKS: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "«": "»",
  "“": "”",
  "‘": "’",
  "「": "」",
  "`": "`",
};
/** A lead-in, a block of code and quotation marks, each once. */
const MOST_FRAMES = 3;

type Unwrapped = { frame: string[]; framed: string };

function unwrap(source: string, answer: string): Unwrapped {
  const frame: string[] = [];
  let framed = answer.trim();
  for (let index = 0; index < MOST_FRAMES; index += 1) {
    const found =
      withoutLeadIn(source, framed) ??
      withoutFence(source, framed) ??
      withoutQuotes(source, framed);
    if (!found) break;
    frame.push(found.problem);
    framed = found.framed.trim();
  }
  return { frame, framed };
}

type Found = { problem: string; framed: string } | undefined;

function withoutLeadIn(source: string, answer: string): Found {
  const end = answer.search(/[\n\r]/u);
  const first = end === -1 ? "" : answer.slice(0, end);
  if (first.length > 200 || !LEAD_IN.test(first) || /:[\s*_]*$/u.test(firstLine(source))) {
    return undefined;
  }
  if (countLines(answer) <= countLines(source)) return undefined;
  return {
    problem: `Sobra la frase que presenta la traducción: ${named(first)}.`,
    framed: answer.slice(end),
  };
}

function withoutFence(source: string, answer: string): Found {
  const [fence] = /^(?:`{3,}|~{3,})/u.exec(answer) ?? [];
  if (!fence || !answer.endsWith(fence) || /^\s*(?:```|~~~)/u.test(source)) return undefined;
  const start = answer.indexOf("\n");
  const end = answer.length - fence.length;
  if (start === -1 || start >= end) return undefined;
  const framed = answer.slice(start + 1, end);
  // Two blocks of code, one at either end, frame nothing.
  if (framed.split(/^(?:```|~~~)/mu).length % 2 === 0) return undefined;
  return { problem: "Sobra el bloque de código que rodea la traducción.", framed };
}

function withoutQuotes(source: string, answer: string): Found {
  const opening = answer.charAt(0);
  const closing = QUOTATION_MARKS[opening];
  if (closing === undefined || answer.length < 3 || !answer.endsWith(closing)) return undefined;
  const framed = answer.slice(1, -1);
  if (framed.includes(opening) || framed.includes(closing)) return undefined;
  if (QUOTATION_MARKS[source.trimStart().charAt(0)] !== undefined) return undefined;
  return {
    problem: `Sobran las comillas que rodean la traducción: ${opening}…${closing}.`,
    framed,
  };
}

// ---- What a text is made of

const PIECE_KINDS = ["code", "inline", "link", "url", "email", "tag", "placeholder"] as const;
type PieceKind = (typeof PIECE_KINDS)[number];

const PIECE_NAMES: Record<PieceKind, string> = {
  code: "Bloques de código",
  inline: "Fragmentos de código",
  link: "Destinos de enlaces o imágenes",
  url: "Direcciones web",
  email: "Direcciones de correo",
  tag: "Etiquetas",
  placeholder: "Marcadores",
};

type Layout = {
  pieces: Record<PieceKind, string[]>;
  headings: string[];
  items: string[];
  rows: number[];
  quotes: number;
  rules: number;
  images: number;
  bold: number;
  italic: number;
  lines: number;
  breaks: number;
};

const HEADING = /^ {0,3}(#{1,6})[\t ]+\S/u;
const ITEM = /^[\t ]*([-*+•◦▪‣]|\d{1,3}[.)])[\t ]+(\[[ xX]\](?=[\t ]))?/u;
const RULE = /^ {0,3}(?:-[\t ]*){3,}$|^ {0,3}(?:\*[\t ]*){3,}$|^ {0,3}(?:_[\t ]*){3,}$/u;
const QUOTE = /^ {0,3}(?:>[\t ]?)+/u;

function readLayout(text: string): Layout {
  const { blocks, lines } = takeFences(toLines(text.trim()));
  const pieces: Layout["pieces"] = {
    code: blocks,
    inline: [],
    link: [],
    url: [],
    email: [],
    tag: [],
    placeholder: [],
  };
  const layout: Layout = {
    pieces,
    headings: [],
    items: [],
    rows: [],
    quotes: 0,
    rules: 0,
    images: 0,
    bold: 0,
    italic: 0,
    lines: 0,
    breaks: 0,
  };
  let emphasis = { bold: 0, italic: 0 };
  let wasBlank = true;
  for (const line of lines) {
    const isBlank = line.trim() === "";
    if (isBlank && !wasBlank) layout.breaks += 1;
    wasBlank = isBlank;
    if (isBlank) continue;
    layout.lines += 1;
    const bare = readBlocks(takePieces(takeInlineCode(line, pieces.inline), layout), layout);
    emphasis = addEmphasis(bare, emphasis);
  }
  layout.bold = Math.floor(emphasis.bold / 2);
  layout.italic = Math.floor(emphasis.italic / 2);
  return layout;
}

/** Blocks of code as they are between their fences, with the language; a line stands for each. */
function takeFences(lines: readonly string[]): { blocks: string[]; lines: string[] } {
  const blocks: string[] = [];
  const rest: string[] = [];
  let open: { mark: string; content: string[] } | undefined;
  for (const line of lines) {
    const [, mark = "", info = ""] = /^[\t >]{0,12}(`{3,}|~{3,})([^`]*)$/u.exec(line) ?? [];
    if (!open && mark !== "") {
      open = { mark, content: [info.trim()] };
      rest.push(CODE_LINE);
    } else if (open && mark.startsWith(open.mark) && info.trim() === "") {
      blocks.push(open.content.join("\n"));
      open = undefined;
    } else if (open) {
      open.content.push(line);
    } else {
      rest.push(line);
    }
  }
  if (open) blocks.push(open.content.join("\n"));
  return { blocks, lines: rest };
}

/** What was taken out leaves a mark without a meaning, so that the words around it stay apart. */
const TAKEN = "\u{fffc}";
const CODE_LINE = TAKEN;

/** A run of grave accents opens code up to the next run of the same length. */
function takeInlineCode(line: string, inline: string[]): string {
  if (!line.includes("`")) return line;
  const runs = [...line.matchAll(/`+/gu)];
  const lastOfLength = new Map(runs.map(({ 0: run }, index) => [run.length, index]));
  let bare = "";
  let from = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const open = runs[index];
    if (!open || (lastOfLength.get(open[0].length) ?? index) <= index) continue;
    let next = index + 1;
    while (runs[next]?.[0].length !== open[0].length) next += 1;
    const close = runs[next];
    if (!close) break;
    inline.push(line.slice(open.index + open[0].length, close.index));
    bare += line.slice(from, open.index) + TAKEN;
    from = close.index + close[0].length;
    index = next;
  }
  return bare + line.slice(from);
}

const LINK = /\]\([\t ]?<?((?!https?:)[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)/u;
const ADDRESS = /https?:\/\/[\w\-.~:/?#@!$&*+,;=%{}]+|\bwww\.[\w\-.~:/?#@!$&*+,;=%{}]+/u;
const TAG = /<\/?[A-Za-z][\w-]{0,40}(?::[\w-]{1,40})?(?:[\s/][^<>]{0,500})?>/u;
const BRACES =
  /\{\{\{?[^{}]{1,100}\}\}\}?|\$\{[^{}]{1,100}\}|\{%[^{}%]{1,200}%\}|\{[\w.$:-]{0,60}\}|\{\s{0,3}\w{1,60}\s{0,3},\s{0,3}(?:plural|selectordinal|select|number|date|time)\b/u;
const PERCENT =
  /%\([\w.]{1,60}\)[-+#0 ]{0,3}\d{0,3}(?:\.\d{1,3})?[sdifr]|(?<![\d%])%(?:\d{1,2}\$)?[-+#0]{0,3}\d{0,3}(?:\.\d{1,3})?(?:ll?|h)?[sdiufxXcgeE@](?![\p{L}\p{N}])/u;
const DOUBLE_BRACKETS = /\[\[[\w.:=-]{1,60}\]\]/u;
/** `:name` only behind a blank, quote or bracket and in plain letters; `:name:` is an emoji's short code. */
const COLON = /(?<=^|[\s"'(«“])::?[a-z]\w{1,60}(?![\p{L}\p{N}]):?/u;

const sourceOf = ({ source }: RegExp) => source;
const PLACEHOLDER = [BRACES, PERCENT, DOUBLE_BRACKETS, COLON].map(sourceOf).join("|");
const PIECE = new RegExp(
  `(?<link>${sourceOf(LINK)})|(?<url>${sourceOf(ADDRESS)})|(?<email>${sourceOf(ASCII_EMAIL)})|(?<tag>${sourceOf(TAG)})|(?<placeholder>${PLACEHOLDER})`,
  "gu",
);

function takePieces(line: string, layout: Layout): string {
  layout.images += line.split("![").length - 1;
  let bare = "";
  let from = 0;
  for (const found of line.matchAll(PIECE)) {
    const { groups = {}, index } = found;
    let end = index + found[0].length;
    const { pieces } = layout;
    if (groups["link"] !== undefined) pieces.link.push(found[0].replace(/^\]\([\t ]?<?/u, ""));
    else if (groups["url"] !== undefined) {
      const url = withoutEndMarks(found[0]);
      end = index + url.length;
      pieces.url.push(url);
    } else if (groups["email"] !== undefined) pieces.email.push(found[0]);
    else if (groups["tag"] !== undefined) pieces.tag.push(toTag(found[0]));
    else pieces.placeholder.push(found[0]);
    bare += line.slice(from, index) + TAKEN;
    from = end;
  }
  return bare + line.slice(from);
}

/** A sentence's own marks, and those of emphasis, are not of the address. */
function withoutEndMarks(url: string): string {
  let end = url.length;
  while (".,;:!?*_".includes(url.charAt(end - 1)) && end > 1) end -= 1;
  return url.slice(0, end);
}

/** What a reader sees of a tag is translated too. */
const READ_ATTRIBUTE =
  /\s(?:alt|title|placeholder|label|summary|content|lang|aria-[a-z]{1,30})=(?:"[^"]*"|'[^']*')/giu;

function toTag(tag: string): string {
  return tag.replace(READ_ATTRIBUTE, "").replace(/\s+/gu, " ");
}

/** Takes what marks a block from the start of the line. */
function readBlocks(line: string, layout: Layout): string {
  const [quote = ""] = QUOTE.exec(line) ?? [];
  if (quote !== "") layout.quotes += 1;
  const inner = line.slice(quote.length);
  const heading = HEADING.exec(inner)?.[1];
  if (heading) layout.headings.push(heading);
  if (RULE.test(inner)) {
    layout.rules += 1;
    return "";
  }
  const columns = countColumns(inner);
  if (columns > 0) layout.rows.push(columns);
  const item = ITEM.exec(inner);
  if (!item) return inner;
  const [marker, sign = "", box = ""] = item;
  layout.items.push(`${sign.replace(/\d+/u, "1")}${box === "" ? "" : ` ${box.toLowerCase()}`}`);
  return inner.slice(marker.length);
}

/** 0 for what is no row of a table. */
function countColumns(line: string): number {
  const row = line.trim();
  if (!row.startsWith("|") && !row.includes(" | ")) return 0;
  const bars = row.replace(/\\\|/gu, "").split("|").length - 1;
  return bars + 1 - (row.startsWith("|") ? 1 : 0) - (row.endsWith("|") && row.length > 1 ? 1 : 0);
}

/** Asterisks that touch something, and low lines at the border of a word. */
const EMPHASIS =
  /(?<!\\)(?:(?<=[^\s*])\*{1,3}(?!\*)|(?<!\*)\*{1,3}(?=[^\s*])|(?<![\p{L}\p{N}_])_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?![\p{L}\p{N}_]))/gu;

function addEmphasis(
  line: string,
  { bold, italic }: { bold: number; italic: number },
): { bold: number; italic: number } {
  const lengths = [...line.matchAll(EMPHASIS)].map(([run]) => run.length);
  return {
    bold: bold + lengths.filter((length) => length > 1).length,
    italic: italic + lengths.filter((length) => length !== 2).length,
  };
}

// ---- Comparisons

function comparePieces(wanted: Layout, written: Layout): string[] {
  return PIECE_KINDS.flatMap((kind) => {
    const missing = difference(wanted.pieces[kind], written.pieces[kind]);
    const extra = difference(written.pieces[kind], wanted.pieces[kind]);
    const name = PIECE_NAMES[kind];
    return [
      ...(missing.length > 0 ? [`${name} que faltan o han cambiado: ${listed(missing)}.`] : []),
      ...(extra.length > 0 ? [`${name} que no están en el original: ${listed(extra)}.`] : []),
    ];
  });
}

function compareMarkdown(wanted: Layout, written: Layout): string[] {
  const problems: string[] = [];
  if (wanted.headings.join(" ") !== written.headings.join(" ")) {
    problems.push(
      `Los títulos deben ser ${sequence(wanted.headings)}, en ese orden, y son ${sequence(written.headings)}.`,
    );
  }
  const signs = [...new Set([...wanted.items, ...written.items])];
  for (const sign of signs) {
    const count = (items: string[]) => items.filter((item) => item === sign).length;
    problems.push(
      ...compareCounts(
        `Elementos de lista con «${sign}»`,
        count(wanted.items),
        count(written.items),
      ),
    );
  }
  problems.push(...compareRows(wanted.rows, written.rows));
  problems.push(
    ...compareCounts("Líneas de cita («>»)", wanted.quotes, written.quotes),
    ...compareCounts("Líneas de separación («---»)", wanted.rules, written.rules),
    ...compareCounts("Imágenes («![»)", wanted.images, written.images),
    ...compareCounts("Fragmentos en negrita", wanted.bold, written.bold),
    ...compareCounts("Fragmentos en cursiva", wanted.italic, written.italic),
  );
  return problems;
}

function compareRows(wanted: readonly number[], written: readonly number[]): string[] {
  if (wanted.length !== written.length) {
    return compareCounts("Filas de tabla", wanted.length, written.length);
  }
  const row = wanted.findIndex((columns, index) => columns !== written[index]);
  if (row === -1) return [];
  return [
    `La fila ${row + 1} de la tabla debe tener ${wanted[row]} columnas y tiene ${written[row]}.`,
  ];
}

function compareLines(wanted: Layout, written: Layout): string[] {
  return [
    ...compareCounts("Líneas con texto", wanted.lines, written.lines),
    ...compareCounts("Separaciones de párrafo (líneas en blanco)", wanted.breaks, written.breaks),
  ];
}

function compareCounts(name: string, wanted: number, written: number): string[] {
  if (wanted === written) return [];
  return [`${name}: ${wanted} en el original y ${written} en la traducción.`];
}

/** What `from` has more often than `others`, each as often as it is missing. */
function difference(from: readonly string[], others: readonly string[]): string[] {
  const left = tally(others);
  return from.filter((piece) => {
    const count = left.get(piece) ?? 0;
    left.set(piece, count - 1);
    return count <= 0;
  });
}

function tally(pieces: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return counts;
}

// ---- Terms

function compareTerms(source: string, answer: string, { keep, glossary }: LayoutRules): string[] {
  const kept = countTerms(source, keep, { wholeWords: true });
  const keptIn = countTerms(answer, keep, { wholeWords: false });
  const lost = [...kept].filter(([term, count]) => (keptIn.get(term) ?? 0) < count);
  return [
    ...(lost.length > 0
      ? [`Términos que deben quedar tal cual y faltan: ${listed(lost.map(([term]) => term))}.`]
      : []),
    ...compareGlossary(source, answer, glossary),
  ];
}

/** Capitals do not count; terms with the same translation are counted together. */
function compareGlossary(
  source: string,
  answer: string,
  glossary: LayoutRules["glossary"],
): string[] {
  const translations = new Map(
    Object.entries(glossary).map(([term, translation]) => [term.toLowerCase(), translation]),
  );
  const held = countTerms(source.toLowerCase(), [...translations.keys()], { wholeWords: true });
  const needed = new Map<string, { translation: string; terms: string[]; count: number }>();
  for (const [term, count] of held) {
    const translation = translations.get(term) ?? term;
    const key = translation.toLowerCase();
    const need = needed.get(key) ?? { translation, terms: [], count: 0 };
    needed.set(key, { translation, terms: [...need.terms, term], count: need.count + count });
  }
  const used = countTerms(answer.toLowerCase(), [...needed.keys()], { wholeWords: false });
  return [...needed].flatMap(([key, { translation, terms, count }]) => {
    const times = used.get(key) ?? 0;
    if (times >= count) return [];
    return [
      `Traduce ${listed(terms)} por ${named(translation)}: debe aparecer ${count} ${count === 1 ? "vez" : "veces"} y aparece ${times}.`,
    ];
  });
}

/** How often each term stands in the text; where a longer one stands, the shorter ones in it do not count. */
function countTerms(
  text: string,
  terms: readonly string[],
  { wholeWords }: { wholeWords: boolean },
): Map<string, number> {
  const byFirst = new Map<string, string[]>();
  for (const term of [...new Set(terms)].toSorted((one, other) => other.length - one.length)) {
    if (term === "") continue;
    const first = term.charAt(0);
    byFirst.set(first, [...(byFirst.get(first) ?? []), term]);
  }
  const counts = new Map<string, number>();
  if (byFirst.size === 0) return counts;
  for (let at = 0; at < text.length;) {
    const start = at;
    const term = byFirst
      .get(text.charAt(start))
      ?.find(
        (each) =>
          text.startsWith(each, start) && (!wholeWords || isWholeWord(text, start, each.length)),
      );
    if (term !== undefined) counts.set(term, (counts.get(term) ?? 0) + 1);
    at += term?.length ?? 1;
  }
  return counts;
}

const WORD_CHARACTER = /[\p{L}\p{M}\p{N}]/u;
/** Written without blanks, so that every place may be the border of a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}]/u;

function isWholeWord(text: string, start: number, length: number): boolean {
  return isBorder(text, start) && isBorder(text, start + length);
}

function isBorder(text: string, offset: number): boolean {
  const before = text.charAt(offset - 1);
  const after = text.charAt(offset);
  if (!WORD_CHARACTER.test(before) || !WORD_CHARACTER.test(after)) return true;
  return UNSPACED.test(before) || UNSPACED.test(after);
}

// ---- Words for people

const MOST_NAMED = 5;
const LONGEST_NAME_CHARACTERS = 80;

function listed(pieces: readonly string[]): string {
  const different = [...tally(pieces)].map(
    ([piece, count]) => `${named(piece)}${count > 1 ? ` (${count} veces)` : ""}`,
  );
  const rest = different.length - MOST_NAMED;
  return [...different.slice(0, MOST_NAMED), ...(rest > 0 ? [`y ${rest} más`] : [])].join(", ");
}

function named(piece: string): string {
  const line = piece.trim().replace(/\s*[\n\r]\s*/gu, " ⏎ ");
  const short = line.length > LONGEST_NAME_CHARACTERS;
  return `«${short ? `${line.slice(0, LONGEST_NAME_CHARACTERS).toWellFormed()}…` : line}»`;
}

const MOST_LEVELS = 30;

function sequence(levels: readonly string[]): string {
  if (levels.length === 0) return "ninguno";
  return `«${levels.slice(0, MOST_LEVELS).join(" ")}${levels.length > MOST_LEVELS ? " …" : ""}» (${levels.length})`;
}

function toLines(text: string): string[] {
  return text.split(/\r\n|[\n\r]/u);
}

function countLines(text: string): number {
  return toLines(text).filter((line) => line.trim() !== "").length;
}

function firstLine(text: string): string {
  return toLines(text.trim().slice(0, 1_000))[0] ?? "";
}
