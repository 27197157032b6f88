import { describe, expect, it } from "vitest";
import { readHtml } from "../../tests/support/fake-telegram.ts";
import type { ReportFigures } from "../tasks/report-figures.ts";
import { toReportData, formatReport, reportSubject } from "./report-formats.ts";

const WEEK = ["11", "12", "13", "14", "15", "16", "17"].map((day) => `2026-05-${day}`);
const FIGURES: ReportFigures = {
  from: "2026-05-10T22:00:00.000Z",
  to: "2026-05-17T22:00:00.000Z",
  timeZone: "Europe/Madrid",
  total: 42,
  completed: 40,
  failed: 1,
  interrupted: 1,
  fromCache: 9,
  byTask: [
    { task: "resumir", count: 30 },
    { task: "traducir", count: 12 },
  ],
  byLanguage: [
    { language: "es", count: 41 },
    { language: null, count: 1 },
  ],
  byDay: WEEK.map((day, index) => ({ day, count: [5, 12, 0, 9, 14, 1, 1][index] ?? 0 })),
  inputTokens: 12_345,
  outputTokens: 2_345,
  costUsd: 0.0123,
};

const TEXT_FORMATS = ["html", "texto", "telegram"] as const;

describe("formatReport", () => {
  it.for(TEXT_FORMATS)("contains the same figures and how to unsubscribe as %s", (format) => {
    const text = formatReport(format, FIGURES);
    const expected = ["42", "resumir 30, traducir 12", "español (es) 41", "sin determinar 1"];
    for (const part of [...expected, "0.0123 USD", "Europe/Madrid", "/reporte semanal no"]) {
      expect(text).toContain(part);
    }
  });

  it("has the same data as the task reporte, and a subject", () => {
    expect(toReportData(FIGURES)).toMatchObject({
      desde: "2026-05-11",
      hasta: "2026-05-17",
      total: 42,
      coste_usd: 0.0123,
    });
    expect(reportSubject(FIGURES)).toBe("Tu semana: del 11 de mayo al 17 de mayo");
  });

  it.for(TEXT_FORMATS)("escapes markup in the figures as %s", (format) => {
    const task = `<script>alert("x")</script>&amp;`;
    const text = formatReport(format, {
      ...FIGURES,
      timeZone: "<b>",
      byTask: [{ task, count: 42 }],
    });
    if (format === "texto") expect(text).toContain(task);
    else expect(text).not.toMatch(/<script|&amp;(?!lt;|gt;|amp;|quot;)|<b>\)/);
  });

  it("fits one Telegram message for the largest figures", () => {
    const codes =
      "es en fr de it pt ca gl eu nl sv no da fi pl cs sk hu ro bg el tr ru uk ar he ja";
    const text = formatReport("telegram", {
      ...FIGURES,
      byLanguage: codes.split(" ").map((language) => ({ language, count: 123_456_789 })),
      byDay: WEEK.map((day) => ({ day, count: 123_456_789 })),
    });
    const seen = readHtml(text);
    expect(seen?.length).toBeLessThan(4_096);
    expect(seen).toContain("lun ████████████ 123456789");
  });

  it("draws no bar for an empty day and a short bar for a quiet day", () => {
    const seen = readHtml(formatReport("telegram", FIGURES)) ?? "";
    expect(seen).toMatch(/^mié {2}0$/m);
    expect(seen).toMatch(/^sáb █ 1$/m);
  });
});
