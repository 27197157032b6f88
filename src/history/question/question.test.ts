import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readQuestion, type QuestionFilter } from "./question.ts";

/** A Wednesday. Madrid is two hours ahead of UTC in May, one in winter. */
const CONTEXT = { now: new Date("2026-05-20T10:00:00Z"), timeZone: "Europe/Madrid" };

const PLAIN: QuestionFilter = {
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

const day = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) });
const YESTERDAY = day("2026-05-18T22:00Z", "2026-05-19T22:00Z");
const TODAY = day("2026-05-19T22:00Z", "2026-05-20T22:00Z");
const LAST_WEEK = day("2026-05-10T22:00Z", "2026-05-17T22:00Z");
const THIS_MONTH = day("2026-04-30T22:00Z", "2026-05-31T22:00Z");

const UNDERSTOOD: [question: string, filter: Partial<QuestionFilter>][] = [
  ["dame los 3 últimos registros clasificados", { limit: 3, task: "clasificar" }],
  ["dame los tres ultimos registros clasificados", { limit: 3, task: "clasificar" }],
  ["mis últimas cinco traducciones", { limit: 5, task: "traducir" }],
  ["últimos 10", { limit: 10 }],
  ["los últimos", {}],
  ["los 10 primeros registros", { limit: 10, order: "asc" }],
  ["mis últimas 500 consultas", { limit: 100 }],
  ["dame 5 registros", { limit: 5 }],
  ["el último", { position: -1 }],
  ["muéstrame el último", { position: -1 }],
  ["El Último Resumen, por favor", { position: -1, task: "resumir" }],
  ["el penúltimo", { position: -2 }],
  ["el antepenúltimo", { position: -3 }],
  ["registro número 15", { position: 15 }],
  ["la segunda traducción", { position: 2, task: "traducir" }],
  ["muéstrame el primer resumen", { position: 1, task: "resumir" }],
  [
    "¿cuántos textos traduje la semana pasada?",
    { action: "contar", task: "traducir", ...LAST_WEEK },
  ],
  ["cuántas consultas llevo", { action: "contar" }],
  ["cuantos resumenes hice hoy", { action: "contar", task: "resumir", ...TODAY }],
  ["¿Cuántas veces traduje algo este mes?", { action: "contar", task: "traducir", ...THIS_MONTH }],
  [
    "la fecha del primer resumen",
    { action: "campo", field: "fecha", position: 1, task: "resumir" },
  ],
  [
    "cuándo fue la última vez que traduje algo",
    { action: "campo", field: "fecha", position: -1, task: "traducir" },
  ],
  ["en qué idioma estaba el último texto", { action: "campo", field: "idioma", position: -1 }],
  [
    "texto original de la segunda clasificación",
    { action: "campo", field: "texto_original", position: 2, task: "clasificar" },
  ],
  [
    "el resultado de la última traducción",
    { action: "campo", field: "resultado", position: -1, task: "traducir" },
  ],
  ["resúmenes de ayer", { task: "resumir", ...YESTERDAY }],
  ["qué hice hoy", TODAY],
  ["ayer", YESTERDAY],
  [
    "qué traduje anteayer por la mañana",
    { task: "traducir", ...day("2026-05-18T04:00Z", "2026-05-18T12:00Z") },
  ],
  ["lo que pedí anoche", day("2026-05-19T19:00Z", "2026-05-20T04:00Z")],
  ["entre el 3 y el 10 de mayo", day("2026-05-02T22:00Z", "2026-05-10T22:00Z")],
  [
    "traducciones del 28 de abril al 3 de mayo",
    { task: "traducir", ...day("2026-04-27T22:00Z", "2026-05-03T22:00Z") },
  ],
  ["qué pedí el lunes", day("2026-05-17T22:00Z", "2026-05-18T22:00Z")],
  ["qué pedí el miércoles", day("2026-05-12T22:00Z", "2026-05-13T22:00Z")],
  ["qué hice el 3/5", day("2026-05-02T22:00Z", "2026-05-03T22:00Z")],
  ["registros de 2026-03-29", day("2026-03-28T23:00Z", "2026-03-29T22:00Z")],
  ["consultas desde el 1 de abril", { from: new Date("2026-03-31T22:00Z") }],
  ["consultas de diciembre", day("2025-11-30T23:00Z", "2025-12-31T23:00Z")],
  [
    "traducciones de mayo de 2025",
    { task: "traducir", ...day("2025-04-30T22:00Z", "2025-05-31T22:00Z") },
  ],
  [
    "cuántos textos traduje en los últimos 7 días",
    { action: "contar", task: "traducir", ...day("2026-05-13T10:00Z", "2026-05-20T10:00Z") },
  ],
  [
    "resúmenes de hace 3 días",
    { task: "resumir", ...day("2026-05-16T22:00Z", "2026-05-17T22:00Z") },
  ],
  ["lo que hice el fin de semana", day("2026-05-15T22:00Z", "2026-05-17T22:00Z")],
  ["lo que dije sobre facturas", { search: "facturas" }],
  [
    "lo que dije sobre la Reunión de Ventas la semana pasada",
    { search: "Reunión de Ventas", ...LAST_WEEK },
  ],
  ["lo que dije sobre traducir contratos", { search: "traducir contratos" }],
  ["resúmenes que hablen de presupuestos", { task: "resumir", search: "presupuestos" }],
  ['cuántos textos sobre "plan B" resumí', { action: "contar", task: "resumir", search: "plan B" }],
  ["todo lo de este mes en inglés", { language: "en", ...THIS_MONTH }],
  ["textos en francés", { language: "fr" }],
  [
    "how many summaries last month",
    { action: "contar", task: "resumir", ...day("2026-03-31T22:00Z", "2026-04-30T22:00Z") },
  ],
  ["show my last 5 translations", { limit: 5, task: "traducir" }],
  ["the first one", { position: 1 }],
  ["what did I ask yesterday", YESTERDAY],
];

const NOT_UNDERSTOOD = [
  "",
  "hola",
  "?",
  "cinco",
  "qué tiempo hace mañana",
  "¿qué tiempo hará mañana en Soria?",
  "¿cuántos años tiene el rey?",
  "resume este texto: el perro come",
  "el resumen de la reunión",
  "los que no sean traducciones",
  "resúmenes y traducciones de ayer",
  "traducciones del 31 de febrero",
  "lo que haré mañana",
  "consultas del 3 de mayo de 2031",
  "entre el 10 y el 3 de mayo",
  "cuál es la capital de Francia",
  "cuántos son los dos últimos",
  "bórralo todo",
  "sobre",
  "a".repeat(600),
];

describe("readQuestion", () => {
  it.for(UNDERSTOOD)("understands «%s»", ([question, filter]) => {
    expect(readQuestion(question, CONTEXT)).toEqual({
      understood: true,
      filter: { ...PLAIN, ...filter },
    });
  });

  it.for(NOT_UNDERSTOOD)("admits that it does not understand «%s»", (question) => {
    expect(readQuestion(question, CONTEXT)).toEqual({ understood: false });
  });

  it("counts the hours of a night when clocks change", () => {
    const spring = readQuestion("qué hice hoy", { ...CONTEXT, now: new Date("2026-03-29T10:00Z") });
    expect(spring).toMatchObject({ filter: day("2026-03-28T23:00Z", "2026-03-29T22:00Z") });
    const autumn = readQuestion("qué hice hoy", { ...CONTEXT, now: new Date("2026-10-25T10:00Z") });
    expect(autumn).toMatchObject({ filter: day("2026-10-24T22:00Z", "2026-10-25T23:00Z") });
  });

  it("never throws, and what it understands is always within its bounds", () => {
    const words = fc.constantFrom(
      ...UNDERSTOOD.flatMap(([question]) => question.split(" ")),
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
        const reading = readQuestion(question, CONTEXT);
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
