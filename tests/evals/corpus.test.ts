import { describe, expect, it } from "vitest";
import { detectLanguage } from "../../src/lib/language.ts";
import { splitSentences } from "../../src/llm/local/sentences.ts";
import { TASK_TYPES, taskOf } from "../../src/tasks/types/registry.ts";
import { CORPUS } from "./cases/index.ts";
import type { EvalAnswer } from "./eval-case.ts";

const EMPTY: EvalAnswer = { text: "", data: null, language: null, engine: "local" };
const MOMENT = { nowMs: Date.UTC(2026, 4, 14, 9), timeZone: "Europe/Madrid" };

const LEAST_CASES = 14;
const LEAST_INJECTED = 2;
const LEAST_REFERENCES = 8;

it("has cases for every task and for nothing else", () => {
  expect(Object.keys(CORPUS).toSorted()).toEqual(TASK_TYPES.toSorted());
});

describe.for(TASK_TYPES)("the cases of %s", (task) => {
  const cases = CORPUS[task] ?? [];

  it("are enough, with names of their own", () => {
    expect(cases.length).toBeGreaterThanOrEqual(LEAST_CASES);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  it("are in Spanish and in English", () => {
    const languages = cases.map(({ text }) => detectLanguage(text));
    expect(languages).toEqual(expect.arrayContaining(["es", "en"]));
  });

  it("hold orders hidden in the text", () => {
    const injected = cases.filter(({ name }) => name.includes("hidden order"));
    expect(injected.length).toBeGreaterThanOrEqual(LEAST_INJECTED);
  });

  it.for(cases)("$name: an empty answer fails, and the options are good", (one) => {
    expect(one.checks.map((check) => check(EMPTY))).toEqual(
      expect.arrayContaining([expect.any(String)]),
    );
    expect(() => taskOf(task).bind(one.options, MOMENT)).not.toThrow();
    expect(one.text.isWellFormed()).toBe(true);
  });
});

describe("the references of resumir", () => {
  const referenced = (CORPUS["resumir"] ?? []).flatMap(({ name, text, reference }) =>
    reference === undefined ? [] : [{ name, text, reference }],
  );

  it("are enough", () => {
    expect(referenced.length).toBeGreaterThanOrEqual(LEAST_REFERENCES);
  });

  it.for(referenced)("$name: a few sentences for a text of many", ({ text, reference }) => {
    expect(splitSentences(text).length).toBeGreaterThanOrEqual(12);
    expect(splitSentences(text).length).toBeLessThanOrEqual(60);
    expect(splitSentences(reference).length).toBeGreaterThanOrEqual(2);
    expect(splitSentences(reference).length).toBeLessThanOrEqual(5);
  });
});

it("gives figures to every report", () => {
  expect((CORPUS["reporte"] ?? []).filter(({ figures }) => !figures)).toEqual([]);
});
