/** What Telegram takes: 4096 UTF-16 units without marks, entities counted as what they stand for. */
const MAX_UNITS = 4_096;

const TOKEN = /<\/?[a-z][^<>]*>|&(?:lt|gt|amp|quot);|[^<&]+|[<&]/giu;

const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"' };

/** For Telegram and for pages: text, and values of attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Telegram's HTML as a person sees it, without marks. */
export function toPlain(html: string): string {
  return textOf(tokensOf(html));
}

/**
 * Telegram's HTML in pieces that it takes: cut between paragraphs, or else lines, sentences or words, and never inside
 * a character. What is open where it is cut is closed there, and opened again in the next piece.
 */
export function splitHtml(html: string, maxUnits = MAX_UNITS): string[] {
  const tokens = tokensOf(html);
  const ends = endsOfPieces(textOf(tokens), maxUnits);
  const pieces: string[] = [];
  let piece = "";
  let open: string[] = [];
  let at = 0;
  for (const { source, text } of cutTokens(tokens, ends)) {
    if (!source.startsWith("</") && at === ends[pieces.length]) {
      pieces.push(piece.trim() + closingOf(open));
      piece = open.join("");
    }
    piece += source;
    at += text.length;
    if (text === "") open = source.startsWith("</") ? open.slice(0, -1) : [...open, source];
  }
  pieces.push(piece.trim() + closingOf(open));
  return pieces.filter((one) => toPlain(one).trim() !== "");
}

/** `text` is what a person sees of it: nothing of a mark. */
type Token = { source: string; text: string };

function tokensOf(html: string): Token[] {
  return [...html.matchAll(TOKEN)].map(([source]) => {
    const isMark = source.startsWith("<") && source.length > 1;
    return { source, text: isMark ? "" : (ENTITIES[source.toLowerCase()] ?? source) };
  });
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join("");
}

function endsOfPieces(text: string, maxUnits: number): number[] {
  const ends: number[] = [];
  let start = 0;
  while (text.length - start > maxUnits) {
    const window = text.slice(start, start + maxUnits);
    const places = ["\n\n", "\n", ". ", " "].map((sign) => {
      const place = window.lastIndexOf(sign);
      return place < 0 ? 0 : place + sign.length;
    });
    const splitsCharacter = /[\uD800-\uDBFF]$/.test(window);
    start += places.find((place) => place > maxUnits / 2) ?? maxUnits - Number(splitsCharacter);
    ends.push(start);
  }
  return ends;
}

/** Running text that reaches beyond the end of a piece, as one token for each. */
function cutTokens(tokens: readonly Token[], ends: readonly number[]): Token[] {
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

function closingOf(open: readonly string[]): string {
  return open
    .toReversed()
    .map((tag) => `</${/^<([a-z-]+)/iu.exec(tag)?.[1] ?? ""}>`)
    .join("");
}
