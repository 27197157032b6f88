import { textAfter, textBefore } from "../../text/spans.ts";
import type { DateDirection } from "./calendar.ts";

const LAST_BEFORE = /(?:^|\P{L})(?:pasad[oa]|[uú]ltim[oa]|last)\s{1,3}$/iu;
const NEXT_BEFORE = /(?:^|\P{L})(?:pr[oó]xim[oa]|next)\s{1,3}$/iu;

/** On which side of today a day without a year lies, by the words around it. */
export function directionOf(text: string, at: number, end: number): DateDirection {
  const before = textBefore(text, at, 12);
  if (LAST_BEFORE.test(before)) return "past";
  if (NEXT_BEFORE.test(before)) return "future";
  return hasPastVerb(text, at, end) ? "past" : "nearest";
}

const CONTEXT_LENGTH = 70;
const SENTENCE_STOP = /[.!?;\n]/u;
const PAST_VERB =
  /(?:^|\P{L})(?:\p{L}{2,15}(?:[^aeiou]ó|ió|aron|ieron)|fue|fui|fuimos|hubo|hizo|dijo|vino|tuvo|tuvimos|pudo|puso|estuvo|estuvimos|era|was|were|did|went|sent|said|met|had|\p{L}{2,14}[^aeiou]ed)(?!\p{L})/u;

/** Whether a verb around text[start..end), in the same sentence, ends like the past tense. */
export function hasPastVerb(text: string, start: number, end: number): boolean {
  const before = textBefore(text, start, CONTEXT_LENGTH).split(SENTENCE_STOP).at(-1) ?? "";
  const after = textAfter(text, end, CONTEXT_LENGTH).split(SENTENCE_STOP)[0] ?? "";
  return PAST_VERB.test(`${before} ${after}`);
}
