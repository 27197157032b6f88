/** Bounds the search for an object in an answer that is mostly prose. */
const MAX_STARTS = 50;

/**
 * The JSON object of an answer: alone, in a code fence or among prose.
 * @throws {SyntaxError} when there is none
 */
export function readJson(answer: string): unknown {
  const said = answer.replace(/^\uFEFF/u, "");
  const whole = parseObject(said);
  if (whole) return whole;

  let start = said.indexOf("{");
  for (let starts = 0; start >= 0 && starts < MAX_STARTS; starts += 1) {
    const end = endOfObject(said, start);
    const object = end === undefined ? undefined : parseObject(said.slice(start, end));
    if (object) return object;
    start = said.indexOf("{", start + 1);
  }
  throw new SyntaxError("The answer holds no JSON object");
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // Not JSON: the caller looks further.
    return undefined;
  }
}

/** Behind the brace that closes the one at `start`; braces in strings do not count. */
function endOfObject(text: string, start: number): number | undefined {
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
