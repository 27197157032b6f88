import { DETECTED_LANGUAGES, detectLanguage } from "../../text/language.ts";
import { baseLanguage, languageName } from "../options/language-option.ts";

/** The detector is unreliable on shorter texts: names, figures, loan words. */
const MIN_CHARS = 60;
/** From this length on, similar languages are distinguished too. No Spanish eval text of this length is misdetected. */
const MIN_CHARS_SIMILAR = 150;

/** Pairs that the detector confuses in short texts. */
const SIMILAR_LANGUAGES = [
  ["es", "ca", "pt"],
  ["no", "da", "sv"],
  ["hr", "sr", "sl"],
  ["cs", "sk"],
  ["uk", "ru", "be", "bg"],
];
/** Pairs that the detector confuses in texts of any length. */
const INDISTINCT_LANGUAGES = [
  ["hr", "sr"],
  ["no", "da"],
];

/** A Spanish sentence when the text is certainly not in the expected language; undefined otherwise or in doubt. */
export function findLanguageFault(text: string, expected: string): string | undefined {
  const code = baseLanguage(expected);
  if (text.length < MIN_CHARS || !DETECTED_LANGUAGES.has(code)) return undefined;
  const detected = detectLanguage(text);
  if (detected === null || detected === code) return undefined;
  const areTogetherIn = (groups: readonly string[][]): boolean =>
    groups.some((group) => group.includes(detected) && group.includes(code));
  const isDoubtful =
    areTogetherIn(INDISTINCT_LANGUAGES) ||
    (text.length < MIN_CHARS_SIMILAR && areTogetherIn(SIMILAR_LANGUAGES));
  if (isDoubtful) return undefined;
  return `Debe estar en ${languageName(expected)} y está en ${languageName(detected)}.`;
}
