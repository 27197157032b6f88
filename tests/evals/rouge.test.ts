import { describe, expect, it } from "vitest";
import { firstSentences, rouge } from "./rouge.ts";

describe("rouge", () => {
  it("returns 1 for a summary that equals its reference", () => {
    const text = "El comité aprobó la mudanza a junio.";
    expect(rouge(text, text)).toEqual({ rouge1: 1, rouge2: 1, rougeL: 1 });
  });

  it("returns 0 for a summary without common words and for an empty one", () => {
    const nothing = { rouge1: 0, rouge2: 0, rougeL: 0 };
    expect(rouge("Otra cosa", "El comité aprobó")).toEqual(nothing);
    expect(rouge("", "El comité aprobó")).toEqual(nothing);
    expect(rouge("", "")).toEqual(nothing);
  });

  // The example of Lin's paper, section 3: a subsequence sees the order that a word count does not.
  it("considers the word order in ROUGE-L", () => {
    const reference = "police killed the gunman";
    const good = rouge("police kill the gunman", reference);
    const bad = rouge("the gunman kill police", reference);
    expect(good.rougeL).toBeCloseTo(0.75);
    expect(bad.rougeL).toBeCloseTo(0.5);
    expect(good.rouge1).toBeCloseTo(bad.rouge1);
  });

  it("counts pairs of adjacent words in ROUGE-2", () => {
    expect(rouge("a b c d", "a b x d").rouge2).toBeCloseTo(1 / 3);
  });

  it("counts a repeated word as often as the reference has it", () => {
    expect(rouge("the the the the", "the cat").rouge1).toBeCloseTo(1 / 3);
  });

  it("ignores accents, case and punctuation", () => {
    expect(rouge("¡DECISIÓN aprobada!", "decision, aprobada").rouge1).toBe(1);
  });
});

describe("firstSentences", () => {
  const TEXT = "Hola, Sr. Gil.\n\nLlegó el pedido.  Falta una caja.";

  it("returns the requested number of sentences", () => {
    expect(firstSentences(TEXT, 2)).toBe("Hola, Sr. Gil. Llegó el pedido.");
  });

  it("returns all sentences when there are fewer", () => {
    expect(firstSentences(TEXT, 9)).toBe("Hola, Sr. Gil. Llegó el pedido. Falta una caja.");
  });
});
