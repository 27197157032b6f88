/** ISO 639-1 codes by the folded Spanish and English names of the languages. */
export const LANGUAGE_CODES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    espanol: "es",
    castellano: "es",
    spanish: "es",
    ingles: "en",
    english: "en",
    frances: "fr",
    french: "fr",
    aleman: "de",
    german: "de",
    italiano: "it",
    italian: "it",
    portugues: "pt",
    portuguese: "pt",
    catalan: "ca",
    gallego: "gl",
    euskera: "eu",
    vasco: "eu",
    chino: "zh",
    chinese: "zh",
    japones: "ja",
    ruso: "ru",
    arabe: "ar",
  }),
);

const SPANISH_NAMES = new Intl.DisplayNames("es", { type: "language", fallback: "none" });

/**
 * «inglés» for `en`; undefined for a code without a known name.
 * @throws {RangeError} for a malformed code
 */
export function spanishLanguageName(code: string): string | undefined {
  return SPANISH_NAMES.of(code);
}
