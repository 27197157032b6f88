import { wordSet } from "../../text/words.ts";
import { isDoubtfulPlace, isPlace, MAX_PLACE_WORDS } from "./gazetteer.ts";
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
import { isGivenName } from "./people-words.ts";

const STREETS = wordSet(
  "calle avenida avda plaza paseo carretera camino glorieta rambla travesia urbanizacion poligono callejon rio sierra isla islas lago golfo playa aeropuerto estacion barrio",
);

/** «calle de Alcalá», «C/ Mayor», «río Ebro», with the kind of place as part of the name. */
export function readStreet(
  tokens: readonly NameToken[],
  at: number,
  text: string,
  isFree: IsFree,
): TokenRange | undefined {
  const head = tokens[at];
  if (!head) return undefined;
  const isShort =
    head.folded === "c" && /^\/ ?$/u.test(text.slice(head.end, tokens[at + 1]?.start));
  if (!isShort && !STREETS.has(head.folded)) return undefined;
  const name = isShort ? at + 1 : (skipParticle(tokens, at + 1, NAME_PARTICLES) ?? at + 1);
  const first = tokens[name];
  if (!first?.isCapitalised || (!isShort && first.link !== "space")) return undefined;
  const end = endWithParticles(tokens, name, isFree);
  return end > name ? { first: at, end } : undefined;
}

function endWithParticles(tokens: readonly NameToken[], at: number, isFree: IsFree): number {
  let end = endOfCapitals(tokens, at, isFree);
  const next = skipParticle(tokens, end, NAME_PARTICLES);
  if (next !== undefined && end > at) end = endOfCapitals(tokens, next, isFree, 2);
  return end;
}

/** A country, region or city of the gazetteer, of at least `minWords` words; the longest name wins. */
export function readKnownPlace(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
  minWords: number,
): TokenRange | undefined {
  const head = tokens[at];
  if (!head?.isCapitalised) return undefined;
  for (let count = MAX_PLACE_WORDS; count >= minWords; count -= 1) {
    const name = foldedPhrase(tokens, at, count);
    const end = at + count;
    if (name === undefined || !isPlace(name) || !tokens[end - 1]?.isCapitalised) continue;
    if (!isAllFree(at, end, isFree) || isPartOfName(tokens, at, end, isFree)) continue;
    if (/^(?:uk|usa|eeuu|cdmx)$/u.test(name) && !head.isAllCaps) continue;
    if (isDoubtfulPlace(name) && !isPlaceByContext(tokens, at, name)) continue;
    return { first: at, end };
  }
  return undefined;
}

/** Capitals on either side make it part of a longer, unknown name. */
function isPartOfName(
  tokens: readonly NameToken[],
  at: number,
  end: number,
  isFree: IsFree,
): boolean {
  if (tokens[at]?.isAllCaps) return false;
  const next = wordAfter(tokens, end);
  if (next?.isCapitalised && isFree(end) && !next.isAllCaps && !isPlace(next.folded)) return true;
  const previous = tokens[at]?.link === "space" ? tokens[at - 1] : undefined;
  return Boolean(
    previous?.isCapitalised && !previous.startsSentence && isFree(at - 1) && !previous.isAllCaps,
  );
}

const PLACE_BEFORE = wordSet("en desde hacia hasta a in from to at near cerca vivo reside");

function isPlaceByContext(tokens: readonly NameToken[], at: number, name: string): boolean {
  const previous = wordBefore(tokens, at)?.folded ?? "";
  if (previous === "de" || previous === "of") return !isGivenName(name);
  // «a Sofía» is as likely a person.
  return PLACE_BEFORE.has(previous) && !(/^(?:a|to)$/u.test(previous) && isGivenName(name));
}

const PLACE_CUES = wordSet(
  "ciudad pueblo municipio provincia localidad comarca aldea villa capital city town village",
);

/** «la localidad de Villaconejos», also for unknown names. */
export function readCuedPlace(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
): TokenRange | undefined {
  const previous = wordBefore(tokens, at);
  if (!tokens[at]?.isCapitalised || !previous || !/^(?:de|of)$/u.test(previous.text))
    return undefined;
  if (!PLACE_CUES.has(wordBefore(tokens, at - 1)?.folded ?? "")) return undefined;
  const end = endWithParticles(tokens, at, isFree);
  return end > at ? { first: at, end } : undefined;
}
