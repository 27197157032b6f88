import { expect, it } from "vitest";
import { tokenEstimate } from "./fits-window.ts";

it("counts UTF-8 bytes, whatever the script", () => {
  for (const text of ["", "hola", "mañana", "日本語", "👩‍🚀 aquí"]) {
    expect(tokenEstimate(text)).toBe(Math.ceil(new TextEncoder().encode(text).length / 3.5));
  }
});
