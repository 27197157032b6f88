import { describe, expect, it } from "vitest";
import { readCompletion } from "./read-completion.ts";

const choice = (content: string | null, finish_reason = "stop") => ({
  finish_reason,
  message: { content },
});
const answerOf = (...choices: unknown[]) => {
  const read = readCompletion({ choices }, "m");
  return "answer" in read ? read.answer : read.failure.problem;
};

describe("readCompletion", () => {
  it("drops answers that were cut off when another is complete", () => {
    const answer = answerOf(
      choice("Se cor", "length"),
      choice("Entera."),
      choice("Y ot", "length"),
    );
    expect(answer).toEqual({ texts: ["Entera."], cut: false });
  });

  it("keeps cut answers and marks them when all of them were cut off", () => {
    expect(answerOf(choice("Se cor", "length"), choice("Y ot", "length"))).toEqual({
      texts: ["Se cor", "Y ot"],
      cut: true,
    });
  });

  it("drops blank, null and filtered answers", () => {
    const filtered = choice("No", "content_filter");
    expect(answerOf(choice(" \n"), choice(null), filtered, choice("Vale."))).toEqual({
      texts: ["Vale."],
      cut: false,
    });
    expect(answerOf(choice(null, "length"))).toBe("modelo_respuesta_invalida");
    expect(answerOf(choice(null), filtered)).toBe("contenido_filtrado");
  });

  it("drops the reasoning before an answer, and an answer that is only reasoning", () => {
    const whole = choice("<think>\nA ver: {1}\n</think>\n\nEl resumen. <think> queda.");
    expect(answerOf(whole)).toEqual({ texts: ["El resumen. <think> queda."], cut: false });
    expect(answerOf(choice("<think> y sigo pensando", "length"))).toBe("modelo_respuesta_invalida");
  });
});
