import { quotePiece } from "./pieces-in-words.ts";
import { splitLines } from "./text-layout.ts";

const LEAD_IN =
  /^\P{L}{0,4}(?:(?:claro|por supuesto|desde luego|sure|of course|certainly)\b.{0,120}|(?:aquí|aqui|esta es|este es|a continuación|la traducción|traducción|texto traducido|here(?:'|’)?s?\b|this is|the translation|translation|translated|below is|voici|voilà|hier ist|hier die|ecco|segue|aqui está|tradução|traduction|übersetzung|traduzione).{0,120}):[\s*_]{0,4}$/iu;
const QUOTATION_MARKS: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "«": "»",
  "“": "”",
  "‘": "’",
  "「": "」",
  "`": "`",
};
/** A lead-in, a code block and quotation marks, each once. */
const MAX_FRAMES = 3;

/**
 * Removes what a model puts around its answer: a sentence that presents it, a code block or quotation marks. A frame that
 * the source has too belongs to the text and stays. `problems` names each removed frame, in Spanish.
 */
export function removeAnswerFrame(
  source: string,
  answer: string,
): { problems: string[]; text: string } {
  const problems: string[] = [];
  let text = answer.trim();
  for (let index = 0; index < MAX_FRAMES; index += 1) {
    const unframed =
      removeLeadIn(source, text) ?? removeFence(source, text) ?? removeQuotes(source, text);
    if (!unframed) break;
    problems.push(unframed.problem);
    text = unframed.text.trim();
  }
  return { problems, text };
}

type Unframed = { problem: string; text: string } | undefined;

function removeLeadIn(source: string, answer: string): Unframed {
  const end = answer.search(/[\n\r]/u);
  const first = end === -1 ? "" : answer.slice(0, end);
  if (first.length > 200 || !LEAD_IN.test(first) || /:[\s*_]*$/u.test(firstLine(source))) {
    return undefined;
  }
  if (countLines(answer) <= countLines(source)) return undefined;
  return {
    problem: `Sobra la frase que presenta la traducción: ${quotePiece(first)}.`,
    text: answer.slice(end),
  };
}

function removeFence(source: string, answer: string): Unframed {
  const [fence] = /^(?:`{3,}|~{3,})/u.exec(answer) ?? [];
  if (!fence || !answer.endsWith(fence) || /^\s*(?:```|~~~)/u.test(source)) return undefined;
  const start = answer.indexOf("\n");
  const end = answer.length - fence.length;
  if (start === -1 || start >= end) return undefined;
  const text = answer.slice(start + 1, end);
  // An odd number of fences in between: the answer starts with one code block and ends with another.
  if (text.split(/^(?:```|~~~)/mu).length % 2 === 0) return undefined;
  return { problem: "Sobra el bloque de código que rodea la traducción.", text };
}

function removeQuotes(source: string, answer: string): Unframed {
  const opening = answer.charAt(0);
  const closing = QUOTATION_MARKS[opening];
  if (closing === undefined || answer.length < 3 || !answer.endsWith(closing)) return undefined;
  const text = answer.slice(1, -1);
  if (text.includes(opening) || text.includes(closing)) return undefined;
  if (QUOTATION_MARKS[source.trimStart().charAt(0)] !== undefined) return undefined;
  return {
    problem: `Sobran las comillas que rodean la traducción: ${opening}…${closing}.`,
    text,
  };
}

function countLines(text: string): number {
  return splitLines(text).filter((line) => line.trim() !== "").length;
}

function firstLine(text: string): string {
  return splitLines(text.trim().slice(0, 1_000))[0] ?? "";
}
