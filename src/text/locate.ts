import { splitsCharacter, splitsWord } from "./character-borders.ts";
import { foldQuote, foldWithOffsets, type FoldedText } from "./fold-with-offsets.ts";
import type { TextSpan } from "./spans.ts";

/** Where a quote stands in the text. Never starts or ends inside a character or at white space. */
type QuotePlace = TextSpan;

type QuoteLocator = {
  /** Consumes the occurrence it finds. Quotes that differ only in what is tolerated share their occurrences. */
  next: (quote: string) => QuotePlace | undefined;
  /** The occurrence that a first `next` would find, without using it up. */
  find: (quote: string) => QuotePlace | undefined;
  has: (quote: string) => boolean;
};

/**
 * Finds quotes in a text: exact occurrences first, then those that differ in case, accents, quotation marks, dashes or
 * white space. `next` with the same quote finds the next occurrence, and undefined when none is left. An occurrence
 * inside a word («Ana» in «mañana») counts only when the quote never stands on its own. Folds the text at most once.
 */
export function createLocator(text: string): QuoteLocator {
  let folded: FoldedText | undefined;
  const foldOnce = (): FoldedText => (folded ??= foldWithOffsets(text));
  const searches = new Map<string, QuotePlaces>();
  const taken = new Map<string, Set<number>>();

  const next = (quote: string): QuotePlace | undefined => {
    const wanted = quote.trim();
    // A quote that folds to nothing, such as a lone accent, is identified by its exact text.
    const key = foldQuote(wanted) || wanted;
    const takenStarts = taken.get(key) ?? new Set();
    taken.set(key, takenStarts);
    const search = searches.get(wanted) ?? findPlaces(text, wanted, foldOnce);
    searches.set(wanted, search);
    for (let found = search.next(); !found.done; found = search.next()) {
      if (takenStarts.has(found.value.start)) continue;
      takenStarts.add(found.value.start);
      return found.value;
    }
    return undefined;
  };

  const find = (quote: string): QuotePlace | undefined => {
    const first = findPlaces(text, quote.trim(), foldOnce).next();
    return first.done ? undefined : first.value;
  };

  return { next, find, has: (quote) => find(quote) !== undefined };
}

type QuotePlaces = Generator<QuotePlace, undefined>;
type Accept = (place: QuotePlace) => boolean;

/** Best places first: on word borders, exact before tolerant. Places inside words only when there are no others. */
function* findPlaces(text: string, quote: string, foldOnce: () => FoldedText): QuotePlaces {
  if (quote === "") return;
  let insideWords = 0;
  let onBorders = 0;
  const isOnBorders = (place: QuotePlace): boolean => {
    const cutsWord = splitsWord(text, place.start) || splitsWord(text, place.end);
    if (cutsWord) insideWords += 1;
    else onBorders += 1;
    return !cutsWord;
  };
  yield* findExact(text, quote, isOnBorders);
  yield* findTolerant(foldOnce, quote, isOnBorders);
  if (onBorders > 0 || insideWords === 0) return;
  yield* findExact(text, quote, () => true);
  yield* findTolerant(foldOnce, quote, () => true);
}

function* findExact(text: string, quote: string, accept: Accept): QuotePlaces {
  let start = text.indexOf(quote);
  while (start !== -1) {
    const place = { start, end: start + quote.length };
    const isWhole = !splitsCharacter(text, place.start) && !splitsCharacter(text, place.end);
    const isFound = isWhole && accept(place);
    if (isFound) yield place;
    start = text.indexOf(quote, isFound ? place.end : start + 1);
  }
}

function* findTolerant(foldOnce: () => FoldedText, quote: string, accept: Accept): QuotePlaces {
  const wanted = foldQuote(quote);
  if (wanted === "") return;
  const { folded, starts, ends } = foldOnce();
  const isCharacterBorder = (index: number) => starts[index] !== starts[index - 1];
  let from = folded.indexOf(wanted);
  while (from !== -1) {
    const to = from + wanted.length;
    const place = { start: starts[from] ?? 0, end: ends[to - 1] ?? 0 };
    const isFound = isCharacterBorder(from) && isCharacterBorder(to) && accept(place);
    if (isFound) yield place;
    from = folded.indexOf(wanted, isFound ? to : from + 1);
  }
}
