import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import {
  PLAIN,
  TRAPS,
  type QuestionCase,
  type Expected,
} from "../../../tests/questions/question-corpus.ts";
import type { QuestionFilter } from "./question-filter.ts";
import { readQuestion } from "./read-question.ts";

const ZONE = "Europe/Madrid";
/** A Wednesday, at noon in Madrid. */
const CLOCK = { now: new Date("2026-05-20T10:00:00Z"), timeZone: ZONE };

const EMPTY: QuestionFilter = {
  action: "listar",
  task: null,
  limit: null,
  order: "desc",
  position: null,
  field: null,
  from: null,
  to: null,
  search: null,
  language: null,
};

function instant(local: string | undefined): Date | null {
  if (local === undefined) return null;
  return new Date(Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).epochMilliseconds);
}

function filterOf({ from, to, ...rest }: Expected): QuestionFilter {
  return { ...EMPTY, ...rest, from: instant(from), to: instant(to) };
}

const isUnderstood = ([question]: QuestionCase): boolean =>
  readQuestion(question, CLOCK).understood;

describe("readQuestion", () => {
  it("understands at least 90 % of the typical questions", () => {
    expect(PLAIN.filter(isUnderstood).length / PLAIN.length).toBeGreaterThanOrEqual(0.9);
    expect(PLAIN.length + TRAPS.length).toBeGreaterThanOrEqual(150);
    expect(TRAPS.length).toBeGreaterThanOrEqual(40);
  });

  it.for([...PLAIN, ...TRAPS])("reads «%s» correctly or not at all", ([question, expected]) => {
    const reading = readQuestion(question, CLOCK);
    if (reading.understood) expect(reading.filter).toEqual(expected && filterOf(expected));
  });

  it("fails to understand exactly these questions of the corpus", () => {
    const left = [...PLAIN, ...TRAPS].filter(([, expected]) => expected !== null);
    expect(left.filter((one) => !isUnderstood(one)).map(([question]) => question)).toEqual([
      "cuántos reportes generé",
      "cuántas veces pregunté por vacaciones",
      "las clasificaiones de abirl",
    ]);
  });

  it.for([
    // Clocks skip midnight, so the day starts at one.
    [
      "qué hice hoy",
      "2026-03-08T18:00Z",
      "America/Havana",
      "2026-03-08T05:00Z",
      "2026-03-09T04:00Z",
    ],
    ["qué hice hoy", "2026-03-29T10:00Z", ZONE, "2026-03-28T23:00Z", "2026-03-29T22:00Z"],
    ["qué hice hoy", "2026-10-25T10:00Z", ZONE, "2026-10-24T22:00Z", "2026-10-25T23:00Z"],
    ["esta madrugada", "2026-03-29T10:00Z", ZONE, "2026-03-28T23:00Z", "2026-03-29T04:00Z"],
    ["esta madrugada", "2026-10-25T10:00Z", ZONE, "2026-10-24T22:00Z", "2026-10-25T05:00Z"],
    ["las últimas 24 horas", "2026-10-25T10:00Z", ZONE, "2026-10-24T10:00Z", "2026-10-25T10:00Z"],
    ["este mes", "2026-01-31T23:30Z", ZONE, "2026-01-31T23:00Z", "2026-02-28T23:00Z"],
    [
      "el mes pasado",
      "2026-01-01T02:00Z",
      "America/Bogota",
      "2025-11-01T05:00Z",
      "2025-12-01T05:00Z",
    ],
    ["ayer", "2026-01-01T12:00Z", "Pacific/Auckland", "2025-12-31T11:00Z", "2026-01-01T11:00Z"],
    ["anoche", "2026-10-25T10:00Z", ZONE, "2026-10-24T19:00Z", "2026-10-25T05:00Z"],
    ["hoy", "2026-09-06T15:00Z", "America/Santiago", "2026-09-06T04:00Z", "2026-09-07T03:00Z"],
    // The last hour of the day happens twice.
    ["ayer", "2026-04-05T15:00Z", "America/Santiago", "2026-04-04T03:00Z", "2026-04-05T04:00Z"],
    ["anoche", "2026-11-01T15:00Z", "America/New_York", "2026-11-01T01:00Z", "2026-11-01T11:00Z"],
    [
      "los últimos 2 días",
      "2026-03-09T15:00Z",
      "America/New_York",
      "2026-03-07T16:00Z",
      "2026-03-09T15:00Z",
    ],
  ] as const)(
    "reads «%s», asked at %s in %s, as from %s to %s",
    ([question, now, timeZone, from, to]) => {
      expect(readQuestion(question, { now: new Date(now), timeZone })).toMatchObject({
        filter: { from: new Date(from), to: new Date(to) },
      });
    },
  );

  it("does not understand a text longer than a question", () => {
    expect(readQuestion(`ayer ${"a".repeat(600)}`, CLOCK)).toEqual({ understood: false });
  });

  it("never throws, and keeps every filter within its limits", { timeout: 60_000 }, () => {
    const words = fc.constantFrom(
      ...PLAIN.flatMap(([question]) => question.split(" ")),
      "0",
      "99999",
      "31",
      "2026-02-30",
    );
    const questions = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(words).map((all) => all.join(" ")),
    );
    fc.assert(
      fc.property(questions, (question) => {
        const reading = readQuestion(question, CLOCK);
        if (!reading.understood) return;
        const { limit, position, from, to, action, field } = reading.filter;
        expect(limit === null || (limit >= 1 && limit <= 100)).toBe(true);
        expect(position).not.toBe(0);
        expect(from === null || to === null || from < to).toBe(true);
        expect(action === "campo").toBe(field !== null);
      }),
      { numRuns: 2_000 },
    );
  });
});
