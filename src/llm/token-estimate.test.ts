import { expect, it } from "vitest";
import { estimateTokens } from "./token-estimate.ts";

it("divides the UTF-8 length by 3.5 in every script", () => {
  for (const text of ["", "hola", "mañana", "日本語", "👩‍🚀 aquí"]) {
    expect(estimateTokens(text)).toBe(Math.ceil(new TextEncoder().encode(text).length / 3.5));
  }
});
