import { foldCodeUnit } from "../../text/fold.ts";

/** Lower case, without accents and with a space for each sign. Has the length of `text`, so offsets fit both. */
export function normalise(text: string): string {
  let normal = "";
  for (let index = 0; index < text.length; index += 1) {
    normal += normaliseUnit(text.charAt(index));
  }
  return normal;
}

/** Many keyboards have the degree sign for «nº». */
const ORDINAL_MARKS: Record<string, string> = { º: "o", "°": "o", ª: "a" };

function normaliseUnit(unit: string): string {
  const folded = ORDINAL_MARKS[unit] ?? foldCodeUnit(unit);
  const isKept = folded.length === 1 && /[\p{L}\p{N}/:-]/u.test(folded);
  return isKept ? folded : " ";
}
