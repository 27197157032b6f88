import { describe, expect, it } from "vitest";
import { detectLanguage } from "../../src/text/language.ts";
import { splitSentences } from "../../src/text/sentences.ts";
import { TASK_TYPES, taskOf } from "../../src/tasks/types/registry.ts";
import { CORPUS } from "./cases/index.ts";
import type { EvalAnswer } from "./eval-case.ts";

const EMPTY: EvalAnswer = { text: "", data: null, language: null, engine: "local" };
const MOMENT = { nowMs: Date.UTC(2026, 4, 14, 9), timeZone: "Europe/Madrid" };

const LEAST_CASES = 14;
const LEAST_INJECTED = 2;
const LEAST_REFERENCES = 8;
const LEAST_PIECE_CHARS = 20;
const SUMMARISED_SENTENCES = { least: 12, most: 40 };

/** What every task has to deal with, by a text that has it. */
const KINDS: Record<string, (text: string) => boolean> = {
  "a table": (text) => /^\s*\|.+\|\s*$/mu.test(text),
  emojis: (text) => /\p{ExtPict}/u.test(text),
  code: (text) => /```|`[^`\n]+`|^\s*(?:const|def|function|import)\s/mu.test(text),
  "two languages": (text) => {
    const pieces = text.split(/[,.;:?!\n]/u).filter((piece) => piece.length >= LEAST_PIECE_CHARS);
    const languages = new Set(pieces.map(detectLanguage));
    return ["es", "en"].every((language) => languages.has(language));
  },
};

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
    for (const { checks } of injected) {
      const faults = checks.map((check) => check({ ...EMPTY, text: "HACKEADO" }));
      expect(faults).toEqual(expect.arrayContaining([expect.any(String)]));
    }
  });

  it.for(Object.entries(KINDS))("hold %s", ([, isOfKind]) => {
    expect(cases.map(({ text }) => text).filter(isOfKind)).not.toEqual([]);
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

  it("are enough, of texts that are neither short nor endless", () => {
    const usual = referenced.filter(({ text }) => {
      const sentences = splitSentences(text).length;
      return sentences >= SUMMARISED_SENTENCES.least && sentences <= SUMMARISED_SENTENCES.most;
    });
    expect(usual.length).toBeGreaterThanOrEqual(LEAST_REFERENCES);
  });

  it.for(referenced)(
    "$name: a few sentences in the language of the text",
    ({ text, reference }) => {
      const sentences = splitSentences(reference).length;
      expect(sentences).toBeGreaterThanOrEqual(2);
      expect(sentences).toBeLessThanOrEqual(5);
      expect(detectLanguage(reference)).toBe(detectLanguage(text));
    },
  );
});

it("gives figures to every report", () => {
  expect((CORPUS["reporte"] ?? []).filter(({ figures }) => !figures)).toEqual([]);
});
