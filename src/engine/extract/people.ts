import { FUNCTION_WORDS } from "../../text/words.ts";
import { monthNumber, weekdayNumber } from "../../text/calendar-words.ts";
import { isDoubtfulPlace, isPlace } from "./gazetteer.ts";
import {
  before,
  behind,
  keyOf,
  skipParticle,
  type IsFree,
  type NameRange,
  type NameToken,
} from "./name-tokens.ts";
import { isOrganisationHead, knownOrganisation } from "./organisation-words.ts";
import {
  isDoubtfulGivenName,
  isGivenName,
  isSurname,
  ROLES,
  SPEECH_BEFORE,
  SPEECH_BEHIND,
  TITLES,
} from "./people-words.ts";

const LONGEST_NAME_WORDS = 6;
const NOBILIARY = new Set("de del la van von der den da do dos di du le".split(" "));

/**
 * A person whose name begins at this word: behind a title or a role, with a given name, with a surname behind another
 * capital, or as the one who says something. Titles and roles are no part of the name.
 */
export function readPerson(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
): NameRange | undefined {
  const head = tokens[at];
  if (!head?.capital || isNoNameWord(head)) return undefined;
  const end = endOfName(tokens, at, isFree);
  if (end === at) return undefined;
  const range = { first: at, end };
  const previous = before(tokens, at);
  const words = tokens.slice(at, end).filter(({ capital }) => capital);

  if (head.allCaps) return isShoutedName(words) ? range : undefined;
  if (previous && isTitle(previous)) return range;
  if (isGivenName(head.key))
    return isSurePerson(tokens, range, words, previous) ? range : undefined;
  return isSpokenOf(tokens, range, words, previous) ? range : undefined;
}

/** Whose name is in capitals as a whole: only a known given name before a known surname. */
function isShoutedName(words: readonly NameToken[]): boolean {
  const [given, ...others] = words;
  return (
    given !== undefined &&
    isGivenName(given.key) &&
    others.some(({ key, allCaps }) => allCaps && isSurname(key))
  );
}

function isTitle(word: NameToken): boolean {
  return TITLES.has(word.key) && (word.key !== "d" || word.text === "D");
}

function isSurePerson(
  tokens: readonly NameToken[],
  { first, end }: NameRange,
  words: readonly NameToken[],
  previous: NameToken | undefined,
): boolean {
  const [given, second] = words;
  if (!given) return false;
  const isCalled =
    previous !== undefined && (ROLES.has(previous.key) || SPEECH_BEFORE.has(previous.key));
  if (isCalled) return true;
  if (isDoubtfulGivenName(given.key)) {
    if (!second) return SPEECH_BEHIND.has(behind(tokens, end)?.key ?? "") && !given.startsSentence;
    return isSurname(second.key) || isGivenName(second.key);
  }
  if (second) return true;
  return !isPlace(given.key) && !isDoubtfulPlace(given.key) && !isPartOfTitle(tokens, first, end);
}

/** A lone given name among other capitals belongs to something else («Villa Teresa», «Premio Carmen»). */
function isPartOfTitle(tokens: readonly NameToken[], first: number, end: number): boolean {
  const previous = tokens[first]?.link === "blank" ? tokens[first - 1] : undefined;
  return Boolean((previous?.capital && !previous.startsSentence) || behind(tokens, end)?.capital);
}

/** Of names that nobody knows: what is said around them decides. */
function isSpokenOf(
  tokens: readonly NameToken[],
  { first, end }: NameRange,
  words: readonly NameToken[],
  previous: NameToken | undefined,
): boolean {
  const [head, ...others] = words;
  if (!head || isPlace(keyOf(tokens, first, end - first) ?? "") || isPlace(head.key)) return false;
  if (words.some(({ allCaps }) => allCaps)) return false;
  const isSpeaking = SPEECH_BEHIND.has(behind(tokens, end)?.key ?? "");
  const hasSurname = tokens
    .slice(first + 1, end)
    .some(({ key, capital }, index) => capital && tokens[first + index]?.capital && isSurname(key));
  const isAnnounced =
    previous !== undefined && (ROLES.has(previous.key) || previous.key === "segun");
  const isQuoted = previous !== undefined && !previous.capital && SPEECH_BEFORE.has(previous.key);
  if (others.length === 0) {
    return isSurname(head.key) && (isAnnounced || isQuoted || isSpeaking);
  }
  if (isAnnounced || isQuoted) return true;
  if (head.startsSentence) return isSpeaking && hasSurname;
  return hasSurname || isSpeaking;
}

// ---- Where a name ends

function endOfName(tokens: readonly NameToken[], at: number, isFree: IsFree): number {
  let end = at;
  while (end < at + LONGEST_NAME_WORDS) {
    const token = tokens[end];
    if (!token || !isFree(end)) break;
    const follows = end === at || token.link === "blank" || token.link === "point";
    if (follows && token.capital && isNameWord(tokens, at, end)) {
      end += 1;
      continue;
    }
    const next = end > at ? afterParticle(tokens, at, end) : undefined;
    if (next === undefined || !isFree(next)) break;
    end = next + 1;
  }
  return end;
}

function isNameWord(tokens: readonly NameToken[], first: number, index: number): boolean {
  const token = tokens[index];
  if (!token || (index > first && isNoNameWord(token))) return false;
  if (index === first) return true;
  if (/^[IVX]{1,5}$/u.test(token.text) || /^\p{L}$/u.test(token.text)) return true;
  if (token.allCaps && !tokens[first]?.allCaps) return isSurname(token.key);
  return knownOrganisation(token.key) === undefined || isSurname(token.key);
}

/** Particles go on only to what is surely still the name: «Pérez de la Fuente», but «Pérez de Acme» ends before. */
function afterParticle(
  tokens: readonly NameToken[],
  first: number,
  at: number,
): number | undefined {
  const particle = tokens[at];
  if (!particle || particle.link !== "blank") return undefined;
  if (/^[yi]$/u.test(particle.text)) {
    const next = behind(tokens, at + 1);
    const isPair =
      particle.text === "i" || /^(?:gasset|cajal|aragon|vives)$/u.test(next?.key ?? "");
    return next?.capital && isPair && !isGivenName(next.key) ? at + 1 : undefined;
  }
  const next = skipParticle(tokens, at, NOBILIARY);
  const name = next === undefined ? undefined : tokens[next];
  if (
    next === undefined ||
    !name ||
    isNoNameWord(name) ||
    knownOrganisation(name.key) ||
    isPlace(name.key)
  )
    return undefined;
  if (!/^(?:de|del|la)$/u.test(particle.text) || isSurname(name.key)) return next;
  const onlyGiven = tokens.slice(first, at).every(({ key }) => isGivenName(key));
  const isElsewhere = isPlace(name.key) || isOrganisationHead(name.key, "de");
  return onlyGiven && isMarian(tokens, first, at) && !isElsewhere ? next : undefined;
}

/** «María del Carmen», «José de Jesús»: given names that go on. */
function isMarian(tokens: readonly NameToken[], first: number, at: number): boolean {
  return at === first + 1 && /^(?:maria|jose|juan|ana)$/u.test(tokens[first]?.key ?? "");
}

const NEVER_IN_NAMES = new Set(
  "asunto fecha hora telefono correo email direccion nota att cc re fwd saludos gracias atentamente estimado estimada estimados querido querida hola buenos buenas hoy ayer manana ahora factura pedido cliente empresa proyecto reunion departamento comunidad provincia ciudad plaza calle avenida subject regards thanks dear team meeting monday dios bluetooth internet online web covid premio copa mundial navidad pascua santo santa san".split(
    " ",
  ),
);

/** Function words, months, days, roles and the like: they end a name or never begin one. */
function isNoNameWord({ key, text }: NameToken): boolean {
  if (NEVER_IN_NAMES.has(key) || TITLES.has(key) || SPEECH_BEHIND.has(key)) return true;
  if (isGivenName(key) || isSurname(key)) return false;
  if (/^\p{L}$/u.test(text)) return false;
  return (
    FUNCTION_WORDS.has(key) ||
    ROLES.has(key) ||
    SPEECH_BEFORE.has(key) ||
    isOrganisationHead(key, "de") ||
    (key.length > 4 && (monthNumber(key) !== undefined || weekdayNumber(key) !== undefined))
  );
}
