import { EMAIL } from "../../text/email.ts";
import { matchSpans, type TextSpan } from "../../text/spans.ts";

/** Top-level domains of addresses without «http» or «www», which must have a path. */
const KNOWN_DOMAINS =
  "com|org|net|edu|gov|gob|info|io|ai|app|dev|eu|es|cat|gal|eus|mx|ar|co|cl|pe|uy|ve|ec|bo|cr|gt|pa|do|uk|us|de|fr|it|pt|br|me|ly|gl|be";
const URL_CHARACTER = '[^\\s<>"«»“”\\uFFFC]';
const URL = new RegExp(
  `(?<![\\p{L}\\p{N}@._-])(?:https?://(?=[\\p{L}\\p{N}\\[])|www\\.(?=[\\p{L}\\p{N}])|(?:[a-z0-9][a-z0-9-]{0,62}\\.){1,4}(?:${KNOWN_DOMAINS})(?::\\d{1,5})?/(?=[\\p{L}\\p{N}]))${URL_CHARACTER}{0,2048}`,
  "giu",
);

const HOST = /[\p{L}\p{N}]\.[\p{L}\p{N}]|\/\/[\p{L}\p{N}[]/u;

/** Web addresses, without the punctuation of the sentence. */
export function findUrls(text: string): TextSpan[] {
  return Array.from(text.matchAll(URL), ({ 0: url, index }) => ({
    start: index,
    end: index + trimClosing(url).length,
  })).filter(({ start, end }) => HOST.test(text.slice(start, end)));
}

const CLOSERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Drops trailing punctuation, and closing brackets that the address did not open. */
function trimClosing(url: string): string {
  const open = new Map<string, number>();
  for (const character of url) {
    if (/[()[\]{}]/u.test(character)) open.set(character, (open.get(character) ?? 0) + 1);
  }
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1);
    const opener = CLOSERS[last];
    if (opener) {
      const closed = open.get(last) ?? 0;
      if (closed <= (open.get(opener) ?? 0)) break;
      open.set(last, closed - 1);
    } else if (!/[.,;:!?¡¿…'’‘`*_~|]/u.test(last)) break;
  }
  return url.slice(0, end);
}

export function findEmails(text: string): TextSpan[] {
  return matchSpans(text, EMAIL);
}
