import { describe, expect, it } from "vitest";
import { generateApiKey, generateKeyId, parseApiKey } from "./api-key.ts";

const PEPPER = "p".repeat(32);

describe("an API key", () => {
  const id = generateKeyId();
  const { text, digest } = generateApiKey(PEPPER, "equipo-1", id);

  it("parses to its client, id and digest, and is different each time", () => {
    expect(parseApiKey(PEPPER, text)).toEqual({ client: "equipo-1", id, digest });
    expect(generateApiKey(PEPPER, "equipo-1", id).text).not.toBe(text);
  });

  it("is rejected with any single character changed, with another pepper, and with text around it", () => {
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === "a" ? "b" : "a";
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      expect(parseApiKey(PEPPER, changed)).toBeUndefined();
    }
    expect(parseApiKey("q".repeat(32), text)).toBeUndefined();
    for (const other of ["", "aia_", `${text} `, `${text}0`, text.slice(1), text.toUpperCase()])
      expect(parseApiKey(PEPPER, other)).toBeUndefined();
  });
});
