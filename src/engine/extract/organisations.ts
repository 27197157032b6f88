import { FUNCTION_WORDS } from "../../text/words.ts";
import { isPlace } from "./gazetteer.ts";
import {
  before,
  behind,
  endOfCapitals,
  isAllFree,
  keyOf,
  skipParticle,
  type IsFree,
  type NameRange,
  type NameToken,
} from "./name-tokens.ts";
import {
  ENGLISH_HEADS,
  ENGLISH_TAILS,
  isOrganisationHead,
  isWordLikeOrganisation,
  knownOrganisation,
  LEGAL_FORM,
  LONGEST_KNOWN_WORDS,
  ORGANISATION_CUES,
} from "./organisation-words.ts";
import { phrase, WORD_END } from "./patterns.ts";
import { isGivenName, isSurname } from "./people-words.ts";

// ---- By their legal form

const WITH_LEGAL_FORM = new RegExp(
  `(?<=[\\p{L}\\p{N}])(?:, ?| )(?:${phrase(LEGAL_FORM)})${WORD_END}`,
  "gu",
);
const INSIDE_COMPANY = new Set("de del la las los y e and of the".split(" "));
const LONGEST_COMPANY_WORDS = 7;

/** «Construcciones Hermanos Pérez, S.L.», with the form at its end. */
export function findCompanies(tokens: readonly NameToken[], text: string): NameRange[] {
  const indexAtEnd = new Map(tokens.map(({ end }, index) => [end, index]));
  return Array.from(text.matchAll(WITH_LEGAL_FORM)).flatMap(({ 0: form, index }) => {
    const last = indexAtEnd.get(index);
    const first = last === undefined ? undefined : companyStart(tokens, last);
    if (last === undefined || first === undefined) return [];
    const endsAt = index + form.length;
    let end = last + 1;
    while ((tokens[end]?.start ?? endsAt) < endsAt) end += 1;
    return { first, end, endsAt };
  });
}

function companyStart(tokens: readonly NameToken[], last: number): number | undefined {
  let first: number | undefined;
  const earliest = Math.max(0, last - LONGEST_COMPANY_WORDS + 1);
  for (let index = last; index >= earliest; index -= 1) {
    const token = tokens[index];
    if (!token || !(token.capital || INSIDE_COMPANY.has(token.text))) break;
    if (/^del?$/u.test(token.text) && endsPerson(tokens, index)) break;
    const isOpening = token.startsSentence && FUNCTION_WORDS.has(token.key);
    if (token.capital && !isOpening) first = index;
    if (token.link === "break" || token.link === "point") break;
  }
  return first;
}

/** «Marta Ruiz de Acme, S.L.» is one person of a company; «Talleres Marta Ruiz de Soria, S.L.» is a company. */
function endsPerson(tokens: readonly NameToken[], end: number): boolean {
  let first = end;
  while (tokens[first - 1]?.capital && (first === end || tokens[first]?.link === "blank"))
    first -= 1;
  const [given, ...surnames] = tokens.slice(first, end);
  return (
    given !== undefined && isGivenName(given.key) && surnames.some(({ key }) => isSurname(key))
  );
}

// ---- By the word at their head

/** They are also written small: «el ayuntamiento de Vigo». */
const SMALL_HEADS = new Set("ayuntamiento universidad ministerio diputacion consejeria".split(" "));
/** Their fields may be several: «Ministerio de Economía y Hacienda». */
const WITH_FIELDS = new Set(
  "ministerio consejeria instituto facultad secretaria comision direccion asociacion federacion ministry department".split(
    " ",
  ),
);
const OF = new Set("de del la las los el para of".split(" "));
const LONGEST_ORGANISATION_WORDS = 10;

/** «Universidad de Salamanca», «Ministerio de Economía y Hacienda», «Bank of America». */
export function readHeadedOrganisation(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
): NameRange | undefined {
  const head = tokens[at];
  if (!head || (!head.capital && !SMALL_HEADS.has(head.key))) return undefined;
  const rest = tokens.slice(at + 1, at + 5).map(({ key }) => key);
  const isEnglish = ENGLISH_HEADS.has(head.key) && rest[0] === "of";
  if (!isEnglish && !isOrganisationHead(head.key, rest.join(" "))) return undefined;

  let end = at + 1;
  while (end < at + LONGEST_ORGANISATION_WORDS) {
    const next = nextOfOrganisation(tokens, end, WITH_FIELDS.has(head.key));
    if (next === undefined || !isFree(next)) break;
    end = next + 1;
  }
  return end > at + 1 ? { first: at, end } : undefined;
}

/** The next word with a capital that is still of the name. */
function nextOfOrganisation(
  tokens: readonly NameToken[],
  end: number,
  hasFields: boolean,
): number | undefined {
  const next = behind(tokens, end);
  if (next?.capital) return end;
  const afterOf = skipParticle(tokens, end, OF);
  if (afterOf !== undefined) return afterOf;
  if (!hasFields || !next || !/^(?:y|e|and)$/u.test(next.text)) return undefined;
  const field = behind(tokens, end + 1);
  const isOther =
    !field?.capital ||
    field.allCaps ||
    isGivenName(field.key) ||
    isOrganisationHead(field.key, "de") ||
    isPlace(field.key);
  return isOther ? undefined : end + 1;
}

/** «Harvard University», «Fever Labs Holdings». */
export function readTailedOrganisation(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
): NameRange | undefined {
  const head = tokens[at];
  if (!head?.capital || FUNCTION_WORDS.has(head.key)) return undefined;
  const end = endOfCapitals(tokens, at, isFree, 5);
  for (let index = end - 1; index > at; index -= 1) {
    if (ENGLISH_TAILS.has(tokens[index]?.key ?? "")) return { first: at, end: index + 1 };
  }
  return undefined;
}

// ---- By heart, or by what is said before them

export function readKnownOrganisation(
  tokens: readonly NameToken[],
  at: number,
  text: string,
  isFree: IsFree,
): NameRange | undefined {
  const head = tokens[at];
  if (!head?.capital) return undefined;
  for (let count = LONGEST_KNOWN_WORDS; count >= 1; count -= 1) {
    const key = keyOf(tokens, at, count);
    const known = key === undefined ? undefined : knownOrganisation(key);
    if (key === undefined || known === undefined || !isAllFree(at, at + count, isFree)) continue;
    const written = text.slice(head.start, tokens[at + count - 1]?.end);
    if (known === known.toUpperCase() && written !== known) continue;
    if (isWordLikeOrganisation(key) && (written !== known || head.startsSentence)) continue;
    if (!tokens[at + count - 1]?.capital) continue;
    return { first: at, end: at + count };
  }
  return undefined;
}

/** «la empresa Acme», «la startup Fever Labs». */
export function readCuedOrganisation(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
): NameRange | undefined {
  const head = tokens[at];
  const cue = before(tokens, at);
  if (!head?.capital || !cue || cue.capital || !ORGANISATION_CUES.has(cue.key)) return undefined;
  if (isGivenName(head.key) || isPlace(head.key)) return undefined;
  return { first: at, end: endOfCapitals(tokens, at, isFree) };
}
