/** Telegram's limit for a message: UTF-16 units without tags. An entity counts as the character that it stands for. */
const MAX_MESSAGE_UNITS = 4_096;

const TOKEN = /<\/?[a-z][^<>]*>|&(?:lt|gt|amp|quot);|[^<&]+|[<&]/giu;

const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"' };

/** Escapes text for HTML content and for attribute values in double quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Telegram's HTML as plain text. */
export function toPlain(html: string): string {
  return plainTextOf(tokenize(html));
}

/**
 * Splits Telegram's HTML into messages that Telegram accepts: between paragraphs, or else lines, sentences or words, and
 * never inside a character. Tags that are open at a split are closed there and opened again in the next message.
 */
export function splitHtml(html: string, maxUnits = MAX_MESSAGE_UNITS): string[] {
  const tokens = tokenize(html);
  const ends = findEnds(plainTextOf(tokens), maxUnits);
  const pieces: string[] = [];
  let piece = "";
  let open: string[] = [];
  let at = 0;
  for (const { source, text } of cutTokens(tokens, ends)) {
    if (!source.startsWith("</") && at === ends[pieces.length]) {
      pieces.push(piece.trim() + closingTags(open));
      piece = open.join("");
    }
    piece += source;
    at += text.length;
    if (text === "") open = source.startsWith("</") ? open.slice(0, -1) : [...open, source];
  }
  pieces.push(piece.trim() + closingTags(open));
  return pieces.filter((one) => toPlain(one).trim() !== "");
}

/** A tag, an entity or text. `text` is what a person sees of it: empty for a tag. */
type HtmlToken = { source: string; text: string };

function tokenize(html: string): HtmlToken[] {
  return [...html.matchAll(TOKEN)].map(([source]) => {
    const isTag = source.startsWith("<") && source.length > 1;
    return { source, text: isTag ? "" : (ENTITIES[source.toLowerCase()] ?? source) };
  });
}

function plainTextOf(tokens: readonly HtmlToken[]): string {
  return tokens.map(({ text }) => text).join("");
}

/** Where the pieces end: after the last separator in the second half of each, or at the maximum. */
function findEnds(text: string, maxUnits: number): number[] {
  const ends: number[] = [];
  let start = 0;
  while (text.length - start > maxUnits) {
    const window = text.slice(start, start + maxUnits);
    const lengths = ["\n\n", "\n", ". ", " "].map((separator) => {
      const index = window.lastIndexOf(separator);
      return index < 0 ? 0 : index + separator.length;
    });
    const splitsCharacter = /[\uD800-\uDBFF]$/.test(window);
    start += lengths.find((length) => length > maxUnits / 2) ?? maxUnits - Number(splitsCharacter);
    ends.push(start);
  }
  return ends;
}

/** Cuts text tokens at the ends of the pieces. */
function cutTokens(tokens: readonly HtmlToken[], ends: readonly number[]): HtmlToken[] {
  let at = 0;
  return tokens.flatMap((token) => {
    const start = at;
    at += token.text.length;
    const inside = ends.filter((end) => end > start && end < at).map((end) => end - start);
    if (inside.length === 0) return [token];
    return [...inside, token.text.length].map((end, index) => {
      const text = token.text.slice(inside[index - 1] ?? 0, end);
      return { source: text, text };
    });
  });
}

function closingTags(open: readonly string[]): string {
  return open
    .toReversed()
    .map((tag) => `</${/^<([a-z-]+)/iu.exec(tag)?.[1] ?? ""}>`)
    .join("");
}
