import { splitsWord } from "../../text/character-borders.ts";
import { listPieces, quotePiece } from "./pieces-in-words.ts";

export type TermRules = {
  /** Terms that stay exactly as they are written. */
  keep: readonly string[];
  /** From a term of the source to its required translation. */
  glossary: Readonly<Record<string, string>>;
};

/** The terms that a translation lost or translated otherwise, as Spanish sentences. */
export function findTermProblems(
  source: string,
  answer: string,
  { keep, glossary }: TermRules,
): string[] {
  const expected = countTerms(source, keep, { wholeWords: true });
  const actual = countTerms(answer, keep, { wholeWords: false });
  const lost = [...expected].filter(([term, count]) => (actual.get(term) ?? 0) < count);
  return [
    ...(lost.length > 0
      ? [`Términos que deben quedar tal cual y faltan: ${listPieces(lost.map(([term]) => term))}.`]
      : []),
    ...findGlossaryProblems(source, answer, glossary),
  ];
}

/** Ignores upper and lower case. Terms with the same translation are counted together. */
function findGlossaryProblems(
  source: string,
  answer: string,
  glossary: TermRules["glossary"],
): string[] {
  const translations = new Map(
    Object.entries(glossary).map(([term, translation]) => [term.toLowerCase(), translation]),
  );
  const counts = countTerms(source.toLowerCase(), [...translations.keys()], { wholeWords: true });
  const needed = new Map<string, { translation: string; terms: string[]; count: number }>();
  for (const [term, count] of counts) {
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
      `Traduce ${listPieces(terms)} por ${quotePiece(translation)}: debe aparecer ${count} ${count === 1 ? "vez" : "veces"} y aparece ${times}.`,
    ];
  });
}

/** How often each term occurs. Where a longer term matches, the shorter terms inside it do not count. */
function countTerms(
  text: string,
  terms: readonly string[],
  { wholeWords }: { wholeWords: boolean },
): Map<string, number> {
  const byFirstUnit = new Map<string, string[]>();
  for (const term of [...new Set(terms)].toSorted((one, other) => other.length - one.length)) {
    if (term === "") continue;
    const first = term.charAt(0);
    byFirstUnit.set(first, [...(byFirstUnit.get(first) ?? []), term]);
  }
  const counts = new Map<string, number>();
  if (byFirstUnit.size === 0) return counts;
  for (let at = 0; at < text.length;) {
    const start = at;
    const term = byFirstUnit
      .get(text.charAt(start))
      ?.find(
        (one) =>
          text.startsWith(one, start) && (!wholeWords || isWholeWord(text, start, one.length)),
      );
    if (term !== undefined) counts.set(term, (counts.get(term) ?? 0) + 1);
    at += term?.length ?? 1;
  }
  return counts;
}

function isWholeWord(text: string, start: number, length: number): boolean {
  return !splitsWord(text, start) && !splitsWord(text, start + length);
}
