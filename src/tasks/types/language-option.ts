import { z } from "zod";
import { DETECTED_LANGUAGES, detectLanguage } from "../../text/language.ts";
import { spanishLanguageName } from "../../text/language-names.ts";

const CODE = "debe ser un código de idioma, como en o pt-BR";
const UNKNOWN = "no es el código de ningún idioma conocido; el inglés es en, y el español, es";

/** Language, script, region and variant of BCP 47: what fits is well formed, so that `Intl` takes it. */
const TAG = /^[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?(-[a-zA-Z0-9]{5,8})?$/;

/** A language tag, as short as people write them. */
export function languageOption(description: string, example: string) {
  return z.string(CODE).regex(TAG, CODE).refine(isKnown, UNKNOWN).meta({ description, example });
}

/** Without a name for it, no model knows it either. Of what is not well formed, the pattern has said enough. */
function isKnown(tag: string): boolean {
  return !TAG.test(tag) || spanishLanguageName(baseLanguage(tag)) !== undefined;
}

/** «inglés (en)», for people and models. */
export function languageName(code: string): string {
  const name = spanishLanguageName(code);
  return name ? `${name} (${code})` : `idioma «${code}»`;
}

export function baseLanguage(code: string): string {
  return code.split("-", 1)[0]?.toLowerCase() ?? code;
}

/** Shorter texts may be of any language: names, figures, loan words. */
const TELLING_CHARS = 60;
/** From here on neighbours are told apart too: no window of our Spanish evals of this length is taken for another. */
const SURE_CHARS = 150;

/** Says so when a text is surely not in the language that it should be in. */
export function languageFault(text: string, wanted: string): string | undefined {
  const code = baseLanguage(wanted);
  if (text.length < TELLING_CHARS || !DETECTED_LANGUAGES.has(code)) return undefined;
  const found = detectLanguage(text);
  if (found === null || found === code) return undefined;
  const areOf = (groups: readonly string[][]): boolean =>
    groups.some((group) => group.includes(found) && group.includes(code));
  if (areOf(TWINS) || (text.length < SURE_CHARS && areOf(NEIGHBOURS))) return undefined;
  return `Debe estar en ${languageName(wanted)} y está en ${languageName(found)}.`;
}

/** Told apart too badly to refuse a short answer over it. */
const NEIGHBOURS = [
  ["es", "ca", "pt"],
  ["no", "da", "sv"],
  ["hr", "sr", "sl"],
  ["cs", "sk"],
  ["uk", "ru", "be", "bg"],
];
/** Nor any answer. */
const TWINS = [
  ["hr", "sr"],
  ["no", "da"],
];
