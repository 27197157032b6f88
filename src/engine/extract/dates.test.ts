import { casual } from "chrono-node/en";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findDates } from "./dates.ts";
import { toReferenceClock } from "./reference-clock.ts";

/** A Friday, noon in Madrid. */
const REFERENCE = "2026-05-15T10:00:00Z";

type DateCase = readonly [text: string, ...found: string[]];

function datesOf(text: string, monthFirst = false): string[] {
  const clock = toReferenceClock(REFERENCE, "Europe/Madrid");
  return findDates(text, { clock, monthFirst }).map(({ start, end, value }) => {
    const written = typeof value === "string" ? value : `${value.from}/${value.to}`;
    return `${text.slice(start, end)} = ${written}`;
  });
}

const DAYS: readonly DateCase[] = [
  ["Vence el 3 de mayo", "3 de mayo = 2026-05-03"],
  ["Vence el 3 de mayo de 2027.", "3 de mayo de 2027 = 2027-05-03"],
  ["Vence el 1º de mayo", "1º de mayo = 2026-05-01"],
  ["el primero de mayo", "primero de mayo = 2026-05-01"],
  ["el veintitrés de octubre de 2026", "veintitrés de octubre de 2026 = 2026-10-23"],
  ["el treinta y uno de julio", "treinta y uno de julio = 2026-07-31"],
  ["Firmado el 12 de octubre de 1492", "12 de octubre de 1492 = 1492-10-12"],
  ["lunes, 18 de mayo de 2026", "lunes, 18 de mayo de 2026 = 2026-05-18"],
  ["lunes, 3 de mayo", "lunes, 3 de mayo = 2027-05-03"],
  ["el lunes 18", "lunes 18 = 2026-05-18"],
  ["el día 20", "día 20 = 2026-05-20"],
  ["03/05/2026", "03/05/2026 = 2026-05-03"],
  ["3-5-2026", "3-5-2026 = 2026-05-03"],
  ["03.05.2026", "03.05.2026 = 2026-05-03"],
  ["3/5/26", "3/5/26 = 2026-05-03"],
  ["nos vemos el 3/6", "3/6 = 2026-06-03"],
  ["2026-05-03", "2026-05-03 = 2026-05-03"],
  ["2026/05/03", "2026/05/03 = 2026-05-03"],
  ["3-may-2026", "3-may-2026 = 2026-05-03"],
  ["3 ene. 2026", "3 ene. 2026 = 2026-01-03"],
  ["29 de febrero de 2028", "29 de febrero de 2028 = 2028-02-29"],
  ["el 29 de febrero", "29 de febrero = 2028-02-29"],
  ["en enero y el 10 de octubre", "enero = 2026-01", "10 de octubre = 2026-10-10"],
  ["el pasado 3 de junio", "3 de junio = 2025-06-03"],
  ["Nací el 5 de agosto del 98", "5 de agosto del 98 = 1998-08-05"],
  ["vale hasta el 31 de diciembre", "31 de diciembre = 2026-12-31"],
  ["cerró el 31 de diciembre", "31 de diciembre = 2025-12-31"],
  ["el próximo 3 de mayo", "3 de mayo = 2027-05-03"],
  ["EL 3 DE MAYO", "3 DE MAYO = 2026-05-03"],
  ["el 3 de\nmayo", "3 de\nmayo = 2026-05-03"],
  ["el pro\u0301ximo mie\u0301rcoles", "pro\u0301ximo mie\u0301rcoles = 2026-05-20"],
];

const RELATIVE: readonly DateCase[] = [
  ["lo quiero hoy", "hoy = 2026-05-15"],
  ["hoy mismo", "hoy mismo = 2026-05-15"],
  ["Mañana llamo", "Mañana = 2026-05-16"],
  ["manana te digo", "manana = 2026-05-16"],
  ["pasado mañana", "pasado mañana = 2026-05-17"],
  ["hoy viernes", "hoy viernes = 2026-05-15"],
  ["mañana, sábado", "mañana, sábado = 2026-05-16"],
  ["ayer", "ayer = 2026-05-14"],
  ["anteayer", "anteayer = 2026-05-13"],
  ["antes de ayer", "antes de ayer = 2026-05-13"],
  ["esta mañana", "esta mañana = 2026-05-15"],
  ["anoche no dormí", "anoche = 2026-05-14"],
  ["mañana por la mañana", "mañana por la mañana = 2026-05-16"],
  ["el próximo martes", "próximo martes = 2026-05-19"],
  ["el martes que viene", "martes que viene = 2026-05-19"],
  ["el viernes pasado", "viernes pasado = 2026-05-08"],
  ["el pasado lunes", "pasado lunes = 2026-05-11"],
  ["este viernes", "este viernes = 2026-05-15"],
  ["nos vemos el martes", "martes = 2026-05-19"],
  ["el martes llegó el paquete", "martes = 2026-05-12"],
  ["el jueves de la semana que viene", "jueves de la semana que viene = 2026-05-21"],
  ["hace dos días", "hace dos días = 2026-05-13"],
  ["hace una semana", "hace una semana = 2026-05-08"],
  ["hace 3 meses", "hace 3 meses = 2026-02-15"],
  ["hace dos horas", "hace dos horas = 2026-05-15T10:00"],
  ["dentro de tres semanas", "dentro de tres semanas = 2026-06-05"],
  ["te pago en 2 días", "en 2 días = 2026-05-17"],
];

const MONTHS_AND_SPANS: readonly DateCase[] = [
  ["en mayo", "mayo = 2026-05"],
  ["marzo de 2026", "marzo de 2026 = 2026-03"],
  ["marzo del 2027", "marzo del 2027 = 2027-03"],
  ["el mes que viene", "mes que viene = 2026-06"],
  ["el mes pasado", "mes pasado = 2026-04"],
  ["el año que viene", "año que viene = 2027"],
  ["en 2025.", "2025 = 2025"],
  ["el año 2025", "año 2025 = 2025"],
  ["la semana que viene", "semana que viene = 2026-05-18/2026-05-24"],
  ["esta semana", "esta semana = 2026-05-11/2026-05-17"],
  ["este fin de semana", "este fin de semana = 2026-05-16/2026-05-17"],
  ["el fin de semana pasado", "fin de semana pasado = 2026-05-09/2026-05-10"],
  ["del 3 al 10 de mayo", "del 3 al 10 de mayo = 2026-05-03/2026-05-10"],
  ["3-10 de mayo de 2027", "3-10 de mayo de 2027 = 2027-05-03/2027-05-10"],
  ["entre el 3 y el 10 de mayo", "entre el 3 y el 10 de mayo = 2026-05-03/2026-05-10"],
  ["del 28 de abril al 3 de mayo", "del 28 de abril al 3 de mayo = 2026-04-28/2026-05-03"],
  [
    "del 28 de diciembre al 3 de enero de 2027",
    "del 28 de diciembre al 3 de enero de 2027 = 2026-12-28/2027-01-03",
  ],
  ["de mayo a junio de 2026", "de mayo a junio de 2026 = 2026-05/2026-06"],
  ["del 03/05/2026 al 10/05/2026", "del 03/05/2026 al 10/05/2026 = 2026-05-03/2026-05-10"],
  ["el primer semestre de 2025", "primer semestre de 2025 = 2025-01-01/2025-06-30"],
  ["del 24 al 26 de diciembre", "del 24 al 26 de diciembre = 2026-12-24/2026-12-26"],
  ["los próximos 15 días", "próximos 15 días = 2026-05-15/2026-05-30"],
  ["el segundo trimestre de 2026", "segundo trimestre de 2026 = 2026-04-01/2026-06-30"],
];

const HOURS: readonly DateCase[] = [
  ["mañana a las 5 de la tarde", "mañana a las 5 de la tarde = 2026-05-16T17:00"],
  ["mañana a las 5", "mañana a las 5 = 2026-05-16T17:00"],
  ["mañana a las 05:00", "mañana a las 05:00 = 2026-05-16T05:00"],
  ["mañana a las 9", "mañana a las 9 = 2026-05-16T09:00"],
  ["mañana por la tarde a las 8", "mañana por la tarde a las 8 = 2026-05-16T20:00"],
  ["mañana a las cinco y media", "mañana a las cinco y media = 2026-05-16T17:30"],
  ["el lunes a la una menos cuarto", "lunes a la una menos cuarto = 2026-05-18T12:45"],
  ["3 de mayo de 2026 a las 17:30 h", "3 de mayo de 2026 a las 17:30 h = 2026-05-03T17:30"],
  ["el 3/6/2026 10:15", "3/6/2026 10:15 = 2026-06-03T10:15"],
  ["hoy a mediodía", "hoy a mediodía = 2026-05-15T12:00"],
  ["el martes a las 12 de la noche", "martes a las 12 de la noche = 2026-05-20T00:00"],
  ["el domingo a las 20h", "domingo a las 20h = 2026-05-17T20:00"],
  ["a las 9 de la mañana del 3 de mayo", "a las 9 de la mañana del 3 de mayo = 2026-05-03T09:00"],
  ["mañana de 10 a 12", "mañana de 10 a 12 = 2026-05-16T10:00/2026-05-16T12:00"],
  ["2026-05-03T17:30", "2026-05-03T17:30 = 2026-05-03T17:30"],
  ["2026-05-03T17:30:00Z", "2026-05-03T17:30:00Z = 2026-05-03T19:30"],
  ["2026-05-03T17:30+34:31", "2026-05-03T17:30 = 2026-05-03T17:30"],
];

const ENGLISH: readonly DateCase[] = [
  ["due May 3rd, 2026", "May 3rd, 2026 = 2026-05-03"],
  ["the 3rd of May", "3rd of May = 2026-05-03"],
  ["on 3 May 2026", "3 May 2026 = 2026-05-03"],
  ["next Friday", "next Friday = 2026-05-22"],
  ["last Monday", "last Monday = 2026-05-11"],
  ["we met on Monday", "Monday = 2026-05-11"],
  ["tomorrow at 5pm", "tomorrow at 5pm = 2026-05-16T17:00"],
  ["5 p.m. on Friday", "5 p.m. on Friday = 2026-05-22T17:00"],
  ["the day after tomorrow", "the day after tomorrow = 2026-05-17"],
  ["two days ago", "two days ago = 2026-05-13"],
  ["in 3 weeks", "in 3 weeks = 2026-06-05"],
  ["next month", "next month = 2026-06"],
  ["in January", "January = 2026-01"],
  ["this weekend", "this weekend = 2026-05-16/2026-05-17"],
  ["May 3-10, 2026", "May 3-10, 2026 = 2026-05-03/2026-05-10"],
  ["from June 1 to June 5", "from June 1 to June 5 = 2026-06-01/2026-06-05"],
  ["between May 3 and May 10", "between May 3 and May 10 = 2026-05-03/2026-05-10"],
  ["Q3 2026", "Q3 2026 = 2026-07-01/2026-09-30"],
  ["by 05/13/2026", "05/13/2026 = 2026-05-13"],
  ["by 05/03/2026", "05/03/2026 = 2026-05-03"],
];

const NO_DATES: readonly string[] = [
  "por la mañana",
  "a la mañana siguiente",
  "todas las mañanas",
  "hoy en día",
  "a las 17:30",
  "la versión 2.3.1",
  "versión 1.2.2026",
  "la IP 192.168.1.1",
  "1.234,56 €",
  "612 345 678",
  "el 3º piso",
  "3/5 de la población",
  "la sede del mar",
  "de lunes a viernes",
  "los martes",
  "cada viernes",
  "el 2º viernes de mes",
  "31/02/2026",
  "30 de febrero de 2026",
  "45 de mayo",
  "del 3 al 45 de mayo de 2026",
  "Julio Iglesias",
  "Plácido Domingo",
  "Plaza de Mayo",
  "calle 2 de mayo",
  "you may go",
  "4 may apply",
  "March on!",
  "I sat down in the sun",
  "Monday to Friday",
  "every Friday",
  "the second one",
  "en 2025 casos",
  "lo hizo en 2 días",
  "el pedido 2026-113",
  "hace tiempo",
  "2026",
];

describe("findDates", () => {
  it.for([...DAYS, ...RELATIVE, ...MONTHS_AND_SPANS, ...HOURS])(
    "reads «%s»",
    ([text, ...found]) => {
      expect(datesOf(text)).toEqual(found);
    },
  );

  it.for(ENGLISH)("reads «%s» in an English text", ([text, ...found]) => {
    expect(datesOf(text, true)).toEqual(found);
  });

  it.for(NO_DATES)("finds no date in «%s»", (text) => {
    expect(datesOf(text)).toEqual([]);
  });

  it("reads 03/05 month first only with monthFirst", () => {
    expect(datesOf("03/05/2026", true)).toEqual(["03/05/2026 = 2026-03-05"]);
    expect(datesOf("13/05/2026", true)).toEqual(["13/05/2026 = 2026-05-13"]);
  });

  it("counts from today in the time zone of the clock", () => {
    const lateInMadrid = toReferenceClock("2026-05-15T23:30:00Z", "Europe/Madrid");
    const inMexico = toReferenceClock("2026-05-15T23:30:00Z", "America/Mexico_City");
    const today = (clock: typeof lateInMadrid) =>
      findDates("hoy", { clock, monthFirst: false }).map(({ value }) => value);
    expect(today(lateInMadrid)).toEqual(["2026-05-16"]);
    expect(today(inMexico)).toEqual(["2026-05-15"]);
  });

  it("reads a reference date without offset as local", () => {
    expect(String(toReferenceClock("2026-05-15T23:30:00", "America/Lima").today)).toBe(
      "2026-05-15",
    );
  });

  it.for([
    "May 3rd, 2026",
    "3 May 2026",
    "tomorrow",
    "yesterday",
    "tomorrow at 5pm",
    "two days ago",
    "in 3 weeks",
    "a week ago",
    "last Monday",
    "next Friday",
    "the day after tomorrow",
    "September 14 at 9:30 am",
    "today at 17:45",
  ])("agrees with chrono on «%s»", (text) => {
    expect(datesOf(text)).toEqual([`${text} = ${chronoDate(text)}`]);
  });

  it("agrees with chrono on any day in the long English format", () => {
    const day = fc.date({
      min: new Date("1950-01-01"),
      max: new Date("2099-12-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, (date) => {
        const text = date.toLocaleDateString("en-US", {
          dateStyle: "long",
          timeZone: "UTC",
        });
        expect(datesOf(text)).toEqual([`${text} = ${chronoDate(text)}`]);
      }),
    );
  });

  it("reads any day in the Spanish formats of Intl", () => {
    const day = fc.date({
      min: new Date("1950-01-01"),
      max: new Date("2099-12-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, fc.constantFrom("long", "full"), (date, dateStyle) => {
        const text = date.toLocaleDateString("es-ES", { dateStyle, timeZone: "UTC" });
        expect(datesOf(text)).toEqual([`${text} = ${date.toISOString().slice(0, 10)}`]);
      }),
    );
  });
});

function chronoDate(text: string): string {
  const [result] = casual.parse(text, { instant: new Date(REFERENCE), timezone: 120 });
  if (!result) return "";
  const two = (part: "month" | "day" | "hour" | "minute"): string =>
    String(result.start.get(part)).padStart(2, "0");
  const date = `${result.start.get("year")}-${two("month")}-${two("day")}`;
  return result.start.isCertain("hour") ? `${date}T${two("hour")}:${two("minute")}` : date;
}
