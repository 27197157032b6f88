import { ASCII_EMAIL } from "../../text/email.ts";

/** The pieces of a text that a translation copies unchanged. */
export const PIECE_KINDS = [
  "code",
  "inline",
  "link",
  "url",
  "email",
  "tag",
  "placeholder",
] as const;
export type PieceKind = (typeof PIECE_KINDS)[number];

/** The layout that a translation must keep. Numbers count lines or fragments. */
export type TextLayout = {
  pieces: Record<PieceKind, string[]>;
  /** One run of «#» per heading, in order. */
  headings: string[];
  /** One marker per list item, such as «-», «1.» (for any number) or «- [x]». */
  items: string[];
  /** The number of columns of each table row, the row of dashes included. */
  rows: number[];
  quotes: number;
  rules: number;
  images: number;
  bold: number;
  italic: number;
  /** Lines that are not blank. */
  lines: number;
  /** Groups of blank lines between other lines. */
  breaks: number;
};

const HEADING = /^ {0,3}(#{1,6})[\t ]+\S/u;
const ITEM = /^[\t ]*([-*+•◦▪‣]|\d{1,3}[.)])[\t ]+(\[[ xX]\](?=[\t ]))?/u;
const RULE = /^ {0,3}(?:-[\t ]*){3,}$|^ {0,3}(?:\*[\t ]*){3,}$|^ {0,3}(?:_[\t ]*){3,}$/u;
const QUOTE = /^ {0,3}(?:>[\t ]?)+/u;

/** Reads line by line, not as a Markdown tree, so that a half-translated or invalid text still compares. */
export function readLayout(text: string): TextLayout {
  const { blocks, lines } = takeFences(splitLines(text.trim()));
  const pieces: TextLayout["pieces"] = {
    code: blocks,
    inline: [],
    link: [],
    url: [],
    email: [],
    tag: [],
    placeholder: [],
  };
  const layout: TextLayout = {
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
    const prose = readBlocks(takePieces(takeInlineCode(line, pieces.inline), layout), layout);
    emphasis = addEmphasis(prose, emphasis);
  }
  layout.bold = Math.floor(emphasis.bold / 2);
  layout.italic = Math.floor(emphasis.italic / 2);
  return layout;
}

/** Takes out the code blocks: each with its language and its content. One mark line stays in the place of each. */
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

/** Replaces a piece that was taken out, so that the words on both sides stay apart. */
const TAKEN = "\u{fffc}";
const CODE_LINE = TAKEN;

/** Takes out inline code: a run of backticks opens it, and the next run of the same length closes it. */
function takeInlineCode(line: string, inline: string[]): string {
  if (!line.includes("`")) return line;
  const runs = [...line.matchAll(/`+/gu)];
  const lastOfLength = new Map(runs.map(({ 0: run }, index) => [run.length, index]));
  let rest = "";
  let from = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const open = runs[index];
    if (!open || (lastOfLength.get(open[0].length) ?? index) <= index) continue;
    let next = index + 1;
    while (runs[next]?.[0].length !== open[0].length) next += 1;
    const close = runs[next];
    if (!close) break;
    inline.push(line.slice(open.index + open[0].length, close.index));
    rest += line.slice(from, open.index) + TAKEN;
    from = close.index + close[0].length;
    index = next;
  }
  return rest + line.slice(from);
}

const LINK = /\]\([\t ]?<?((?!https?:)[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)/u;
const ADDRESS = /https?:\/\/[\w\-.~:/?#@!$&*+,;=%{}]+|\bwww\.[\w\-.~:/?#@!$&*+,;=%{}]+/u;
const TAG = /<\/?[A-Za-z][\w-]{0,40}(?::[\w-]{1,40})?(?:[\s/][^<>]{0,500})?>/u;
const BRACES =
  /\{\{\{?[^{}]{1,100}\}\}\}?|\$\{[^{}]{1,100}\}|\{%[^{}%]{1,200}%\}|\{[\w.$:-]{0,60}\}|\{\s{0,3}\w{1,60}\s{0,3},\s{0,3}(?:plural|selectordinal|select|number|date|time)\b/u;
const PERCENT =
  /%\([\w.]{1,60}\)[-+#0 ]{0,3}\d{0,3}(?:\.\d{1,3})?[sdifr]|(?<![\d%])%(?:\d{1,2}\$)?[-+#0]{0,3}\d{0,3}(?:\.\d{1,3})?(?:ll?|h)?[sdiufxXcgeE@](?![\p{L}\p{N}])/u;
const DOUBLE_BRACKETS = /\[\[[\w.:=-]{1,60}\]\]/u;
/** `:name` after a space, quotation mark or bracket, in ASCII letters; `:name:` is the short code of an emoji. */
const COLON = /(?<=^|[\s"'(«“])::?[a-z]\w{1,60}(?![\p{L}\p{N}]):?/u;

const sourceOf = ({ source }: RegExp) => source;
const PLACEHOLDER = [BRACES, PERCENT, DOUBLE_BRACKETS, COLON].map(sourceOf).join("|");
const PIECE = new RegExp(
  `(?<link>${sourceOf(LINK)})|(?<url>${sourceOf(ADDRESS)})|(?<email>${sourceOf(ASCII_EMAIL)})|(?<tag>${sourceOf(TAG)})|(?<placeholder>${PLACEHOLDER})`,
  "gu",
);

/** Takes out the links, addresses, tags and placeholders of a line. */
function takePieces(line: string, layout: TextLayout): string {
  layout.images += line.split("![").length - 1;
  let rest = "";
  let from = 0;
  for (const found of line.matchAll(PIECE)) {
    const { groups = {}, index } = found;
    let end = index + found[0].length;
    const { pieces } = layout;
    if (groups["link"] !== undefined) pieces.link.push(found[0].replace(/^\]\([\t ]?<?/u, ""));
    else if (groups["url"] !== undefined) {
      const url = withoutTrailingMarks(found[0]);
      end = index + url.length;
      pieces.url.push(url);
    } else if (groups["email"] !== undefined) pieces.email.push(found[0]);
    else if (groups["tag"] !== undefined) pieces.tag.push(toTag(found[0]));
    else pieces.placeholder.push(found[0]);
    rest += line.slice(from, index) + TAKEN;
    from = end;
  }
  return rest + line.slice(from);
}

/** Drops the punctuation of the sentence and emphasis marks, which are not part of the address. */
function withoutTrailingMarks(url: string): string {
  let end = url.length;
  while (".,;:!?*_".includes(url.charAt(end - 1)) && end > 1) end -= 1;
  return url.slice(0, end);
}

/** Attributes that people read, so a translation may change them. */
const READABLE_ATTRIBUTE =
  /\s(?:alt|title|placeholder|label|summary|content|lang|aria-[a-z]{1,30})=(?:"[^"]*"|'[^']*')/giu;

function toTag(tag: string): string {
  return tag.replace(READABLE_ATTRIBUTE, "").replace(/\s+/gu, " ");
}

/** Counts the block that the line belongs to. Returns the line without its quote and list markers. */
function readBlocks(line: string, layout: TextLayout): string {
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

/** 0 when the line is not a table row. */
function countColumns(line: string): number {
  const row = line.trim();
  if (!row.startsWith("|") && !row.includes(" | ")) return 0;
  const bars = row.replace(/\\\|/gu, "").split("|").length - 1;
  return bars + 1 - (row.startsWith("|") ? 1 : 0) - (row.endsWith("|") && row.length > 1 ? 1 : 0);
}

/** Asterisks next to a character, and underscores at the border of a word. */
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

export function splitLines(text: string): string[] {
  return text.split(/\r\n|[\n\r]/u);
}
