import { describe, expect, it } from "vitest";
import { detectLanguage } from "../../src/text/language.ts";
import { splitSentences } from "../../src/text/sentences.ts";
import { TASK_TYPES, taskOf } from "../../src/tasks/types/registry.ts";
import { CORPUS } from "./cases/index.ts";
import type { EvalAnswer } from "./eval-case.ts";

const EMPTY: EvalAnswer = { text: "", data: null, language: null, engine: "local" };
const CLOCK = { nowMs: Date.UTC(2026, 4, 14, 9), timeZone: "Europe/Madrid" };

const MIN_CASES = 14;
const MIN_INJECTED = 2;
const MIN_REFERENCES = 8;
const MIN_PIECE_CHARS = 20;
const SUMMARISED_SENTENCES = { least: 12, most: 40 };

/** Features that the texts of every task must cover. */
const KINDS: Record<string, (text: string) => boolean> = {
  "a table": (text) => /^\s*\|.+\|\s*$/mu.test(text),
  emojis: (text) => /\p{ExtPict}/u.test(text),
  code: (text) => /```|`[^`\n]+`|^\s*(?:const|def|function|import)\s/mu.test(text),
  "two languages": (text) => {
    const pieces = text.split(/[,.;:?!\n]/u).filter((piece) => piece.length >= MIN_PIECE_CHARS);
    const languages = new Set(pieces.map(detectLanguage));
    return ["es", "en"].every((language) => languages.has(language));
  },
};

it("contains cases for exactly the tasks of the registry", () => {
  expect(Object.keys(CORPUS).toSorted()).toEqual(TASK_TYPES.toSorted());
});

describe.for(TASK_TYPES)("the corpus of %s", (task) => {
  const cases = CORPUS[task] ?? [];

  it("has enough cases, with unique names", () => {
    expect(cases.length).toBeGreaterThanOrEqual(MIN_CASES);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  it("has cases in Spanish and in English", () => {
    const languages = cases.map(({ text }) => detectLanguage(text));
    expect(languages).toEqual(expect.arrayContaining(["es", "en"]));
  });

  it("has cases with orders hidden in the text", () => {
    const injected = cases.filter(({ name }) => name.includes("hidden order"));
    expect(injected.length).toBeGreaterThanOrEqual(MIN_INJECTED);
    for (const { checks } of injected) {
      const faults = checks.map((check) => check({ ...EMPTY, text: "HACKEADO" }));
      expect(faults).toEqual(expect.arrayContaining([expect.any(String)]));
    }
  });

  it.for(Object.entries(KINDS))("has a case with %s", ([, isOfKind]) => {
    expect(cases.map(({ text }) => text).filter(isOfKind)).not.toEqual([]);
  });

  it.for(cases)("rejects an empty answer and accepts the options in «$name»", (evalCase) => {
    expect(evalCase.checks.map((check) => check(EMPTY))).toEqual(
      expect.arrayContaining([expect.any(String)]),
    );
    expect(() => taskOf(task).bind(evalCase.options, CLOCK)).not.toThrow();
    expect(evalCase.text.isWellFormed()).toBe(true);
  });
});

describe("the references of resumir", () => {
  const referenced = (CORPUS["resumir"] ?? []).flatMap(({ name, text, reference }) =>
    reference === undefined ? [] : [{ name, text, reference }],
  );

  it("covers enough texts of medium length", () => {
    const usual = referenced.filter(({ text }) => {
      const sentences = splitSentences(text).length;
      return sentences >= SUMMARISED_SENTENCES.least && sentences <= SUMMARISED_SENTENCES.most;
    });
    expect(usual.length).toBeGreaterThanOrEqual(MIN_REFERENCES);
  });

  it.for(referenced)(
    "has two to five sentences in the language of the text in «$name»",
    ({ text, reference }) => {
      const sentences = splitSentences(reference).length;
      expect(sentences).toBeGreaterThanOrEqual(2);
      expect(sentences).toBeLessThanOrEqual(5);
      expect(detectLanguage(reference)).toBe(detectLanguage(text));
    },
  );
});

it("contains figures in every case of reporte", () => {
  expect((CORPUS["reporte"] ?? []).filter(({ figures }) => !figures)).toEqual([]);
});
