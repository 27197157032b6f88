import { z } from "zod";
import { spanishLanguageName } from "../../text/language-names.ts";

const CODE = "debe ser un código de idioma, como en o pt-BR";
const UNKNOWN = "no es el código de ningún idioma conocido; el inglés es en, y el español, es";

/** Language, script, region and variant of BCP 47. `Intl` accepts every tag that matches. */
const TAG = /^[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?(-[a-zA-Z0-9]{5,8})?$/;

/** An option that takes a language tag such as `en` or `pt-BR`. */
export function languageOption(description: string, example: string) {
  return z.string(CODE).regex(TAG, CODE).refine(isKnown, UNKNOWN).meta({ description, example });
}

/** Whether the language has a name: a model knows no language without one. Malformed tags already fail the pattern. */
function isKnown(tag: string): boolean {
  return !TAG.test(tag) || spanishLanguageName(baseLanguage(tag)) !== undefined;
}

/** «inglés (en)», for people and for prompts. */
export function languageName(code: string): string {
  const name = spanishLanguageName(code);
  return name ? `${name} (${code})` : `idioma «${code}»`;
}

/** `pt` for `pt-BR`. */
export function baseLanguage(code: string): string {
  return code.split("-", 1)[0]?.toLowerCase() ?? code;
}
