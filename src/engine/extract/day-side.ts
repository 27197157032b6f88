import type { Direction } from "./calendar.ts";

/** What the words around a day without a year say of the side on which it lies. */
export function directionOf(text: string, at: number, end: number): Direction {
  const before = text.slice(Math.max(0, at - 12), at);
  if (/(?:^|\P{L})(?:pasad[oa]|[uú]ltim[oa]|last)\s{1,3}$/iu.test(before)) return "past";
  if (/(?:^|\P{L})(?:pr[oó]xim[oa]|next)\s{1,3}$/iu.test(before)) return "future";
  return tellsPast(text, at, end) ? "past" : "nearest";
}

const SENTENCE_CHARACTERS = 70;
const PAST_VERB =
  /(?:^|\P{L})(?:\p{L}{2,15}(?:[^aeiou]ó|ió|aron|ieron)|fue|fui|fuimos|hubo|hizo|dijo|vino|tuvo|tuvimos|pudo|puso|estuvo|estuvimos|era|was|were|did|went|sent|said|met|had|\p{L}{2,14}[^aeiou]ed)(?!\p{L})/u;

/** Whether the verbs around a day are in the past, as far as their endings tell. */
export function tellsPast(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - SENTENCE_CHARACTERS), start);
  const after = text.slice(end, end + SENTENCE_CHARACTERS);
  const stop = /[.!?;\n]/u;
  return PAST_VERB.test(`${before.split(stop).at(-1) ?? ""} ${after.split(stop)[0] ?? ""}`);
}
