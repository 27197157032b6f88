import { expect, it } from "vitest";
import { readCompletion } from "./read-completion.ts";

const choice = (content: string | null, finish_reason = "stop") => ({
  finish_reason,
  message: { content },
});
const answerOf = (...choices: unknown[]) => {
  const read = readCompletion({ choices }, "m");
  return "answer" in read ? read.answer : read.failure.codigo;
};

it("leaves out the answers that were cut off while there is a whole one", () => {
  const answer = answerOf(choice("Se cor", "length"), choice("Entera."), choice("Y ot", "length"));
  expect(answer).toEqual({ texts: ["Entera."], cut: false });
});

it("tells that all of them were cut off", () => {
  expect(answerOf(choice("Se cor", "length"), choice("Y ot", "length"))).toEqual({
    texts: ["Se cor", "Y ot"],
    cut: true,
  });
});

it("leaves out what is blank, null or filtered", () => {
  const filtered = choice("No", "content_filter");
  expect(answerOf(choice(" \n"), choice(null), filtered, choice("Vale."))).toEqual({
    texts: ["Vale."],
    cut: false,
  });
  expect(answerOf(choice(null, "length"))).toBe("modelo_respuesta_invalida");
  expect(answerOf(choice(null), filtered)).toBe("contenido_filtrado");
});

it("leaves out what a model says to itself first, and an answer that is nothing else", () => {
  const whole = choice("<think>\nA ver: {1}\n</think>\n\nEl resumen. <think> queda.");
  expect(answerOf(whole)).toEqual({ texts: ["El resumen. <think> queda."], cut: false });
  expect(answerOf(choice("<think> y sigo pensando", "length"))).toBe("modelo_respuesta_invalida");
});
