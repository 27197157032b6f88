import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import {
  PLAIN,
  TRAPS,
  type Case,
  type Expected,
} from "../../../tests/questions/question-corpus.ts";
import { readQuestion, type QuestionFilter } from "./question.ts";

const ZONE = "Europe/Madrid";
/** A Wednesday, at noon in Madrid. */
const ASKED = { now: new Date("2026-05-20T10:00:00Z"), timeZone: ZONE };

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

const isUnderstood = ([question]: Case): boolean => readQuestion(question, ASKED).understood;

describe("readQuestion", () => {
  it("understands nine of ten plain questions without a model", () => {
    expect(PLAIN.filter(isUnderstood).length / PLAIN.length).toBeGreaterThanOrEqual(0.9);
    expect(PLAIN.length + TRAPS.length).toBeGreaterThanOrEqual(150);
    expect(TRAPS.length).toBeGreaterThanOrEqual(40);
  });

  it.for([...PLAIN, ...TRAPS])(
    "is right about «%s», or admits that it does not understand",
    ([question, expected]) => {
      const reading = readQuestion(question, ASKED);
      if (reading.understood) expect(reading.filter).toEqual(expected && filterOf(expected));
    },
  );

  it("leaves only these to the model", () => {
    const left = [...PLAIN, ...TRAPS].filter(([, expected]) => expected !== null);
    expect(left.filter((one) => !isUnderstood(one)).map(([question]) => question)).toEqual([
      "cuántos reportes generé",
      "cuántas veces pregunté por vacaciones",
      "las clasificaiones de abirl",
    ]);
  });

  it.for([
    // Where the clock jumps at midnight, the day begins at one.
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
    // Its last hour comes twice.
    ["ayer", "2026-04-05T15:00Z", "America/Santiago", "2026-04-04T03:00Z", "2026-04-05T04:00Z"],
    ["anoche", "2026-11-01T15:00Z", "America/New_York", "2026-11-01T01:00Z", "2026-11-01T11:00Z"],
    [
      "los últimos 2 días",
      "2026-03-09T15:00Z",
      "America/New_York",
      "2026-03-07T16:00Z",
      "2026-03-09T15:00Z",
    ],
  ] as const)("«%s» at %s in %s is from %s to %s", ([question, now, timeZone, from, to]) => {
    expect(readQuestion(question, { now: new Date(now), timeZone })).toMatchObject({
      filter: { from: new Date(from), to: new Date(to) },
    });
  });

  it("does not read what is longer than a question", () => {
    expect(readQuestion(`ayer ${"a".repeat(600)}`, ASKED)).toEqual({ understood: false });
  });

  it(
    "never throws, and what it understands is always within its bounds",
    { timeout: 60_000 },
    () => {
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
          const reading = readQuestion(question, ASKED);
          if (!reading.understood) return;
          const { limit, position, from, to, action, field } = reading.filter;
          expect(limit === null || (limit >= 1 && limit <= 100)).toBe(true);
          expect(position).not.toBe(0);
          expect(from === null || to === null || from < to).toBe(true);
          expect(action === "campo").toBe(field !== null);
        }),
        { numRuns: 2_000 },
      );
    },
  );
});
