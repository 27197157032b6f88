import { FUNCTION_WORDS, OF_WORDS, wordSet } from "../../text/words.ts";
import { isPlace } from "./gazetteer.ts";
import {
  wordBefore,
  wordAfter,
  endOfCapitals,
  isAllFree,
  NAME_PARTICLES,
  foldedPhrase,
  skipParticle,
  type IsFree,
  type TokenRange,
  type NameToken,
} from "./name-tokens.ts";
import {
  ENGLISH_HEADS,
  ENGLISH_TAILS,
  isOrganisationHead,
  isWordLikeOrganisation,
  knownOrganisation,
  LEGAL_FORM,
  MAX_KNOWN_WORDS,
  ORGANISATION_CUES,
} from "./organisation-words.ts";
import { phrase, WORD_END } from "./patterns.ts";
import { isGivenName, isSurname } from "./people-words.ts";

// ---- By their legal form

const WITH_LEGAL_FORM = new RegExp(
  `(?<=[\\p{L}\\p{N}])(?:, ?| )(?:${phrase(LEGAL_FORM)})${WORD_END}`,
  "gu",
);
const COMPANY_PARTICLES = wordSet(`${OF_WORDS} la las los y e and the`);
const MAX_COMPANY_WORDS = 7;

/** «Construcciones Hermanos Pérez, S.L.», with its legal form. */
export function findCompanies(tokens: readonly NameToken[], text: string): TokenRange[] {
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
  const earliest = Math.max(0, last - MAX_COMPANY_WORDS + 1);
  for (let index = last; index >= earliest; index -= 1) {
    const token = tokens[index];
    if (!token || !(token.isCapitalised || COMPANY_PARTICLES.has(token.text))) break;
    if (/^del?$/u.test(token.text) && endsPerson(tokens, index)) break;
    const isOpening = token.startsSentence && FUNCTION_WORDS.has(token.folded);
    if (token.isCapitalised && !isOpening) first = index;
    if (token.link === "break" || token.link === "point") break;
  }
  return first;
}

/** «Marta Ruiz de Acme, S.L.» is one person of a company; «Talleres Marta Ruiz de Soria, S.L.» is a company. */
function endsPerson(tokens: readonly NameToken[], end: number): boolean {
  let first = end;
  while (tokens[first - 1]?.isCapitalised && (first === end || tokens[first]?.link === "space"))
    first -= 1;
  const [given, ...surnames] = tokens.slice(first, end);
  return (
    given !== undefined &&
    isGivenName(given.folded) &&
    surnames.some(({ folded }) => isSurname(folded))
  );
}

// ---- By their first or last word

/** Also written in lower case: «el ayuntamiento de Vigo». */
const LOWER_CASE_HEADS = wordSet("ayuntamiento universidad ministerio diputacion consejeria");
/** Their name may list several fields: «Ministerio de Economía y Hacienda». */
const HEADS_WITH_FIELDS = wordSet(
  "ministerio consejeria instituto facultad secretaria comision direccion asociacion federacion ministry department",
);
const ORGANISATION_PARTICLES = new Set([...NAME_PARTICLES, "para"]);
const MAX_ORGANISATION_WORDS = 10;

/** «Universidad de Salamanca», «Ministerio de Economía y Hacienda», «Bank of America». */
export function readHeadedOrganisation(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
): TokenRange | undefined {
  const head = tokens[at];
  if (!head || (!head.isCapitalised && !LOWER_CASE_HEADS.has(head.folded))) return undefined;
  const rest = tokens.slice(at + 1, at + 5).map(({ folded }) => folded);
  const isEnglish = ENGLISH_HEADS.has(head.folded) && rest[0] === "of";
  if (!isEnglish && !isOrganisationHead(head.folded, rest.join(" "))) return undefined;

  let end = at + 1;
  while (end < at + MAX_ORGANISATION_WORDS) {
    const next = nextOfOrganisation(tokens, end, HEADS_WITH_FIELDS.has(head.folded));
    if (next === undefined || !isFree(next)) break;
    end = next + 1;
  }
  return end > at + 1 ? { first: at, end } : undefined;
}

/** The next capitalised word that still belongs to the name. */
function nextOfOrganisation(
  tokens: readonly NameToken[],
  end: number,
  hasFields: boolean,
): number | undefined {
  const next = wordAfter(tokens, end);
  if (next?.isCapitalised) return end;
  const afterOf = skipParticle(tokens, end, ORGANISATION_PARTICLES);
  if (afterOf !== undefined) return afterOf;
  if (!hasFields || !next || !/^(?:y|e|and)$/u.test(next.text)) return undefined;
  const field = wordAfter(tokens, end + 1);
  const isOther =
    !field?.isCapitalised ||
    field.isAllCaps ||
    isGivenName(field.folded) ||
    isOrganisationHead(field.folded, "de") ||
    isPlace(field.folded);
  return isOther ? undefined : end + 1;
}

/** «Harvard University», «Fever Labs Holdings». */
export function readTailedOrganisation(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
): TokenRange | undefined {
  const head = tokens[at];
  if (!head?.isCapitalised || FUNCTION_WORDS.has(head.folded)) return undefined;
  const end = endOfCapitals(tokens, at, isFree, 5);
  for (let index = end - 1; index > at; index -= 1) {
    if (ENGLISH_TAILS.has(tokens[index]?.folded ?? "")) return { first: at, end: index + 1 };
  }
  return undefined;
}

// ---- By a list of names, or by the word before them

export function readKnownOrganisation(
  tokens: readonly NameToken[],
  at: number,
  text: string,
  isFree: IsFree,
): TokenRange | undefined {
  const head = tokens[at];
  if (!head?.isCapitalised) return undefined;
  for (let count = MAX_KNOWN_WORDS; count >= 1; count -= 1) {
    const name = foldedPhrase(tokens, at, count);
    const known = name === undefined ? undefined : knownOrganisation(name);
    if (name === undefined || known === undefined || !isAllFree(at, at + count, isFree)) continue;
    const written = text.slice(head.start, tokens[at + count - 1]?.end);
    if (known === known.toUpperCase() && written !== known) continue;
    if (isWordLikeOrganisation(name) && (written !== known || head.startsSentence)) continue;
    if (!tokens[at + count - 1]?.isCapitalised) continue;
    return { first: at, end: at + count };
  }
  return undefined;
}

/** «la empresa Acme», «la startup Fever Labs». */
export function readCuedOrganisation(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
): TokenRange | undefined {
  const head = tokens[at];
  const cue = wordBefore(tokens, at);
  if (!head?.isCapitalised || !cue || cue.isCapitalised || !ORGANISATION_CUES.has(cue.folded))
    return undefined;
  if (isGivenName(head.folded) || isPlace(head.folded)) return undefined;
  return { first: at, end: endOfCapitals(tokens, at, isFree) };
}
