import { describe, expect, it } from "vitest";
import { findUnknownFigures } from "./narrative.ts";

const KNOWN = {
  counts: ["12", "10", "1", "5", "7", "1234", "0.0123", "Sala 2"],
  dates: ["2026-05-08", "2026-05-09", "2026-05-14", "12 de mayo de 2026, 10:00", "7"],
};
const unknown = (narrative: string) =>
  findUnknownFigures(narrative, KNOWN, { today: "2026-05-14", timeZone: "Europe/Madrid" });

describe("findUnknownFigures", () => {
  it.for([
    "Entre el 8 y el 14 de mayo de 2026 hiciste 12 peticiones, 10 completadas.",
    "Del 8 al 14 de mayo hubo 12 peticiones; el jueves 14 fueron 7.",
    "**Periodo:** 8–14 de mayo de 2026\n**Total:** 12",
    "Los días 8 y 14 hubo 5 y 7.",
    "El 12 a las 10:00, revisión en la Sala 2.",
    "El 12, a las 10.00 h, revisión.",
    "En los últimos 7 días gastaste 1.234 tokens y 0,0123 USD.",
    "Periodo: 08/05/2026 - 14/05/2026. Total: 12.",
    "No hubo nada que contar.",
  ])("returns nothing for «%s»", (narrative) => {
    expect(unknown(narrative)).toEqual([]);
  });

  it.for([
    ["Del 8 al 14 de mayo de 2026 hiciste 14 peticiones.", "14"],
    ["Hiciste 2026 peticiones.", "2026"],
    ["El 8 de mayo hubo 9.", "9"],
    ["El 14 % acabó bien.", "14"],
    ["Fueron 14.", "14"],
    ["El 13 de mayo hubo 5.", "13"],
    ["El día 20 hubo 5.", "20"],
    ["Nos vemos a las 11:30.", "11:30"],
    ["La revisión es en la Sala 3.", "3"],
    ["En los últimos 30 días hubo 12.", "30"],
    ["Hubo 12,5 de media.", "12,5"],
  ] as const)("returns the unknown figure of «%s»", ([narrative, figure]) => {
    expect(unknown(narrative)).toEqual([figure]);
  });
});
