import { isDoubtfulPlace, isPlace, LONGEST_PLACE_WORDS } from "./gazetteer.ts";
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
import { isGivenName } from "./people-words.ts";

const STREETS = new Set(
  "calle avenida avda plaza paseo carretera camino glorieta rambla travesia urbanizacion poligono callejon rio sierra isla islas lago golfo playa aeropuerto estacion barrio".split(
    " ",
  ),
);
const OF = new Set(["de", "del", "la", "las", "los", "el", "of"]);

/** «calle de Alcalá», «C/ Mayor», «río Ebro»: with the word that says what it is. */
export function readStreet(
  tokens: readonly NameToken[],
  at: number,
  text: string,
  isFree: IsFree,
): NameRange | undefined {
  const head = tokens[at];
  if (!head) return undefined;
  const isShort = head.key === "c" && /^\/ ?$/u.test(text.slice(head.end, tokens[at + 1]?.start));
  if (!isShort && !STREETS.has(head.key)) return undefined;
  const name = isShort ? at + 1 : (skipParticle(tokens, at + 1, OF) ?? at + 1);
  const first = tokens[name];
  if (!first?.capital || (!isShort && first.link !== "blank")) return undefined;
  const end = endWithParticles(tokens, name, isFree);
  return end > name ? { first: at, end } : undefined;
}

function endWithParticles(tokens: readonly NameToken[], at: number, isFree: IsFree): number {
  let end = endOfCapitals(tokens, at, isFree);
  const next = skipParticle(tokens, end, OF);
  if (next !== undefined && end > at) end = endOfCapitals(tokens, next, isFree, 2);
  return end;
}

/** Countries, regions and cities of the gazetteer, of at least `fewest` words, the longest first. */
export function readKnownPlace(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
  fewest: number,
): NameRange | undefined {
  const head = tokens[at];
  if (!head?.capital) return undefined;
  for (let count = LONGEST_PLACE_WORDS; count >= fewest; count -= 1) {
    const key = keyOf(tokens, at, count);
    const end = at + count;
    if (key === undefined || !isPlace(key) || !tokens[end - 1]?.capital) continue;
    if (!isAllFree(at, end, isFree) || isPartOfName(tokens, at, end, isFree)) continue;
    if (/^(?:uk|usa|eeuu|cdmx)$/u.test(key) && !head.allCaps) continue;
    if (isDoubtfulPlace(key) && !isSpokenOfAsPlace(tokens, at, key)) continue;
    return { first: at, end };
  }
  return undefined;
}

/** Capitals on either side make it a part of a longer name that nobody knows. */
function isPartOfName(
  tokens: readonly NameToken[],
  at: number,
  end: number,
  isFree: IsFree,
): boolean {
  if (tokens[at]?.allCaps) return false;
  const next = behind(tokens, end);
  if (next?.capital && isFree(end) && !next.allCaps && !isPlace(next.key)) return true;
  const previous = tokens[at]?.link === "blank" ? tokens[at - 1] : undefined;
  return Boolean(
    previous?.capital && !previous.startsSentence && isFree(at - 1) && !previous.allCaps,
  );
}

const AT = new Set("en desde hacia hasta a in from to at near cerca vivo reside".split(" "));

function isSpokenOfAsPlace(tokens: readonly NameToken[], at: number, key: string): boolean {
  const previous = before(tokens, at)?.key ?? "";
  if (previous === "de" || previous === "of") return !isGivenName(key);
  // «a Sofía» is as likely someone.
  return AT.has(previous) && !(/^(?:a|to)$/u.test(previous) && isGivenName(key));
}

const PLACE_CUES = new Set(
  "ciudad pueblo municipio provincia localidad comarca aldea villa capital city town village".split(
    " ",
  ),
);

/** What «la localidad de …» calls a place, known or not. */
export function readCuedPlace(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
): NameRange | undefined {
  const previous = before(tokens, at);
  if (!tokens[at]?.capital || !previous || !/^(?:de|of)$/u.test(previous.text)) return undefined;
  if (!PLACE_CUES.has(before(tokens, at - 1)?.key ?? "")) return undefined;
  const end = endWithParticles(tokens, at, isFree);
  return end > at ? { first: at, end } : undefined;
}
