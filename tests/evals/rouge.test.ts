import { describe, expect, it } from "vitest";
import { firstSentences, rouge } from "./rouge.ts";

describe("rouge", () => {
  it("gives 1 to a summary that is its reference", () => {
    const text = "El comité aprobó la mudanza a junio.";
    expect(rouge(text, text)).toEqual({ rouge1: 1, rouge2: 1, rougeL: 1 });
  });

  it("gives 0 to one that shares nothing, and to none at all", () => {
    const nothing = { rouge1: 0, rouge2: 0, rougeL: 0 };
    expect(rouge("Otra cosa", "El comité aprobó")).toEqual(nothing);
    expect(rouge("", "El comité aprobó")).toEqual(nothing);
    expect(rouge("", "")).toEqual(nothing);
  });

  // The example of Lin's paper, section 3: a subsequence tells what a count of words cannot.
  it("follows the order of the words in ROUGE-L", () => {
    const reference = "police killed the gunman";
    const good = rouge("police kill the gunman", reference);
    const bad = rouge("the gunman kill police", reference);
    expect(good.rougeL).toBeCloseTo(0.75);
    expect(bad.rougeL).toBeCloseTo(0.5);
    expect(good.rouge1).toBeCloseTo(bad.rouge1);
  });

  it("counts pairs of neighbours in ROUGE-2", () => {
    expect(rouge("a b c d", "a b x d").rouge2).toBeCloseTo(1 / 3);
  });

  it("counts a word no more often than the reference has it", () => {
    expect(rouge("the the the the", "the cat").rouge1).toBeCloseTo(1 / 3);
  });

  it("folds accents, case and marks", () => {
    expect(rouge("¡DECISIÓN aprobada!", "decision, aprobada").rouge1).toBe(1);
  });
});

describe("firstSentences", () => {
  const TEXT = "Hola, Sr. Gil.\n\nLlegó el pedido.  Falta una caja.";

  it("takes as many whole sentences as it is asked for", () => {
    expect(firstSentences(TEXT, 2)).toBe("Hola, Sr. Gil. Llegó el pedido.");
  });

  it("takes all when there are fewer", () => {
    expect(firstSentences(TEXT, 9)).toBe("Hola, Sr. Gil. Llegó el pedido. Falta una caja.");
  });
});
