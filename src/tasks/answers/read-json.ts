import { isJsonObject, type JsonObject } from "../../lib/json-object.ts";

/** Limits the search in an answer with many braces: one parse attempt per opening brace. */
const MAX_STARTS = 50;

/**
 * Finds the JSON object in an answer: alone, in a code fence or inside prose.
 * @throws {SyntaxError} when there is none
 */
export function readJson(answer: string): unknown {
  const text = answer.replace(/^\uFEFF/u, "");
  const whole = parseObject(text);
  if (whole) return whole;

  let start = text.indexOf("{");
  for (let starts = 0; start >= 0 && starts < MAX_STARTS; starts += 1) {
    const end = findObjectEnd(text, start);
    const object = end === undefined ? undefined : parseObject(text.slice(start, end));
    if (object) return object;
    start = text.indexOf("{", start + 1);
  }
  throw new SyntaxError("The answer contains no JSON object");
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Not JSON: the caller tries the next brace.
    return undefined;
  }
}

/** The offset after the brace that closes the one at `start`. Ignores braces in strings. */
function findObjectEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let isString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (isString) {
      if (character === "\\") at += 1;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === "{") depth += 1;
    else if (character === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
