import { describe, expect, it } from "vitest";
import { readJson } from "./read-json.ts";

const OBJECT = { a: 'llave } y "comillas"', b: [{ c: null }] };
const JSON_TEXT = JSON.stringify(OBJECT);

describe("readJson", () => {
  it.for([
    ["alone", JSON_TEXT],
    ["after a byte order mark", `\uFEFF${JSON_TEXT}`],
    ["in a code fence", `\`\`\`json\n${JSON_TEXT}\n\`\`\``],
    ["inside prose", `Aquí tienes: ${JSON_TEXT} ¿Algo más?`],
    ["after prose with braces", `Uso {llaves} así. ${JSON_TEXT}`],
  ])("finds the object %s", ([, answer = ""]) => {
    expect(readJson(answer)).toEqual(OBJECT);
  });

  it.for(["", "No puedo.", "[1, 2]", '"texto"', '{"a": ', "{a: 1}", "null"])(
    "throws for %j, which contains no object",
    (answer) => {
      expect(() => readJson(answer)).toThrow(SyntaxError);
    },
  );
});
