import { FUNCTION_WORDS, wordSet } from "../../text/words.ts";
import { monthNumber, weekdayNumber } from "../../text/calendar-words.ts";
import { isDoubtfulPlace, isPlace } from "./gazetteer.ts";
import {
  wordBefore,
  wordAfter,
  foldedPhrase,
  skipParticle,
  type IsFree,
  type TokenRange,
  type NameToken,
} from "./name-tokens.ts";
import { isOrganisationHead, knownOrganisation } from "./organisation-words.ts";
import {
  isDoubtfulGivenName,
  isGivenName,
  isSurname,
  ROLES,
  SPEECH_BEFORE,
  SPEECH_AFTER,
  TITLES,
} from "./people-words.ts";

const MAX_NAME_WORDS = 6;
/** Words this short may be a month or weekday abbreviation by chance. */
const MAX_SHORT_NAME_LENGTH = 4;
const SURNAME_PARTICLES = wordSet("de del la van von der den da do dos di du le");
const SURNAMES_AFTER_Y = wordSet("gasset cajal aragon vives");

/**
 * A person's name that starts at this word. It has a known given name, or a title, role, surname or verb of speech
 * shows that it is a person. Titles and roles are not part of the name.
 */
export function readPerson(
  tokens: readonly NameToken[],
  at: number,
  isFree: IsFree,
): TokenRange | undefined {
  const head = tokens[at];
  if (!head?.isCapitalised || isNotName(head)) return undefined;
  const end = endOfName(tokens, at, isFree);
  if (end === at) return undefined;
  const range = { first: at, end };
  const previous = wordBefore(tokens, at);
  const words = tokens.slice(at, end).filter(({ isCapitalised }) => isCapitalised);

  if (head.isAllCaps) return isNameInCapitals(words) ? range : undefined;
  if (previous && isTitle(previous)) return range;
  if (isGivenName(head.folded))
    return isSurePerson(tokens, range, words, previous) ? range : undefined;
  return isPersonByContext(tokens, range, words, previous) ? range : undefined;
}

/** «ANA PÉREZ»: in capitals, only a known given name before a known surname is a person. */
function isNameInCapitals(words: readonly NameToken[]): boolean {
  const [given, ...others] = words;
  return (
    given !== undefined &&
    isGivenName(given.folded) &&
    others.some(({ folded, isAllCaps }) => isAllCaps && isSurname(folded))
  );
}

function isTitle(word: NameToken): boolean {
  return TITLES.has(word.folded) && (word.folded !== "d" || word.text === "D");
}

function isSurePerson(
  tokens: readonly NameToken[],
  { first, end }: TokenRange,
  words: readonly NameToken[],
  previous: NameToken | undefined,
): boolean {
  const [given, second] = words;
  if (!given) return false;
  const isAnnounced =
    previous !== undefined && (ROLES.has(previous.folded) || SPEECH_BEFORE.has(previous.folded));
  if (isAnnounced) return true;
  if (isDoubtfulGivenName(given.folded)) {
    if (!second)
      return SPEECH_AFTER.has(wordAfter(tokens, end)?.folded ?? "") && !given.startsSentence;
    return isSurname(second.folded) || isGivenName(second.folded);
  }
  if (second) return true;
  return (
    !isPlace(given.folded) && !isDoubtfulPlace(given.folded) && !isPartOfTitle(tokens, first, end)
  );
}

/** A single given name next to other capitals names something else: «Villa Teresa», «Premio Carmen». */
function isPartOfTitle(tokens: readonly NameToken[], first: number, end: number): boolean {
  const previous = tokens[first]?.link === "space" ? tokens[first - 1] : undefined;
  return Boolean(
    (previous?.isCapitalised && !previous.startsSentence) || wordAfter(tokens, end)?.isCapitalised,
  );
}

/** Whether the words around an unknown name show that it is a person. */
function isPersonByContext(
  tokens: readonly NameToken[],
  { first, end }: TokenRange,
  words: readonly NameToken[],
  previous: NameToken | undefined,
): boolean {
  const [head, ...others] = words;
  if (!head || isPlace(foldedPhrase(tokens, first, end - first) ?? "") || isPlace(head.folded))
    return false;
  if (words.some(({ isAllCaps }) => isAllCaps)) return false;
  const isSpeaking = SPEECH_AFTER.has(wordAfter(tokens, end)?.folded ?? "");
  const hasSurname = tokens
    .slice(first + 1, end)
    .some(
      ({ folded, isCapitalised }, index) =>
        isCapitalised && tokens[first + index]?.isCapitalised && isSurname(folded),
    );
  const isAnnounced =
    previous !== undefined && (ROLES.has(previous.folded) || previous.folded === "segun");
  const isQuoted =
    previous !== undefined && !previous.isCapitalised && SPEECH_BEFORE.has(previous.folded);
  if (others.length === 0) {
    return isSurname(head.folded) && (isAnnounced || isQuoted || isSpeaking);
  }
  if (isAnnounced || isQuoted) return true;
  if (head.startsSentence) return isSpeaking && hasSurname;
  return hasSurname || isSpeaking;
}

// ---- Where a name ends

function endOfName(tokens: readonly NameToken[], at: number, isFree: IsFree): number {
  let end = at;
  while (end < at + MAX_NAME_WORDS) {
    const token = tokens[end];
    if (!token || !isFree(end)) break;
    const follows = end === at || token.link === "space" || token.link === "point";
    if (follows && token.isCapitalised && isNameWord(tokens, at, end)) {
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
  if (!token || (index > first && isNotName(token))) return false;
  if (index === first) return true;
  if (/^[IVX]{1,5}$/u.test(token.text) || /^\p{L}$/u.test(token.text)) return true;
  if (token.isAllCaps && !tokens[first]?.isAllCaps) return isSurname(token.folded);
  return knownOrganisation(token.folded) === undefined || isSurname(token.folded);
}

/** The index of the name word after a particle: «Pérez de la Fuente» continues, «Pérez de Acme» ends before «de». */
function afterParticle(
  tokens: readonly NameToken[],
  first: number,
  at: number,
): number | undefined {
  const particle = tokens[at];
  if (!particle || particle.link !== "space") return undefined;
  if (/^[yi]$/u.test(particle.text)) return afterConjunction(tokens, at);
  const next = skipParticle(tokens, at, SURNAME_PARTICLES);
  const name = next === undefined ? undefined : tokens[next];
  if (!name || isNotName(name) || knownOrganisation(name.folded) || isPlace(name.folded)) {
    return undefined;
  }
  if (!/^(?:de|del|la)$/u.test(particle.text) || isSurname(name.folded)) return next;
  const isGiven = isGivenName(tokens[first]?.folded ?? "");
  const continuesGivenName = isGiven && isCompoundGivenName(tokens, first, at);
  return continuesGivenName && !isOrganisationHead(name.folded, "de") ? next : undefined;
}

/** «Ortega y Gasset», «Puig i Cadafalch» are one surname; «Ana y Juan» are two people. */
function afterConjunction(tokens: readonly NameToken[], at: number): number | undefined {
  const next = wordAfter(tokens, at + 1);
  if (!next?.isCapitalised || isGivenName(next.folded)) return undefined;
  const isCatalan = tokens[at]?.text === "i";
  return isCatalan || SURNAMES_AFTER_Y.has(next.folded) ? at + 1 : undefined;
}

/** «María del Carmen», «José de Jesús» are given names. */
function isCompoundGivenName(tokens: readonly NameToken[], first: number, at: number): boolean {
  return at === first + 1 && /^(?:maria|jose|juan|ana)$/u.test(tokens[first]?.folded ?? "");
}

const NEVER_IN_NAMES = wordSet(
  "asunto fecha hora telefono correo email direccion nota att cc re fwd saludos gracias atentamente estimado estimada estimados querido querida hola buenos buenas hoy ayer manana ahora factura pedido cliente empresa proyecto reunion departamento comunidad provincia ciudad plaza calle avenida subject regards thanks dear team meeting monday dios bluetooth internet online web covid premio copa mundial navidad pascua santo santa san",
);

/** Function words, months, weekdays, roles and similar words end a name and never start one. */
function isNotName({ folded, text }: NameToken): boolean {
  if (NEVER_IN_NAMES.has(folded) || TITLES.has(folded) || SPEECH_AFTER.has(folded)) return true;
  if (isGivenName(folded) || isSurname(folded)) return false;
  if (/^\p{L}$/u.test(text)) return false;
  return (
    FUNCTION_WORDS.has(folded) ||
    ROLES.has(folded) ||
    SPEECH_BEFORE.has(folded) ||
    isOrganisationHead(folded, "de") ||
    isCalendarWord(folded)
  );
}

function isCalendarWord(folded: string): boolean {
  if (folded.length <= MAX_SHORT_NAME_LENGTH) return false;
  return monthNumber(folded) !== undefined || weekdayNumber(folded) !== undefined;
}
