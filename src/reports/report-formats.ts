import { Temporal } from "temporal-polyfill";
import type { ReportFigures } from "../tasks/report-figures.ts";
import { escapeHtml } from "../notify/telegram-html.ts";
import { plainReport, reportRows, reportTitle } from "../tasks/plain-report.ts";
import type { JsonObject } from "../lib/json-object.ts";

/** Formats of a report. Wire values. */
export const REPORT_FORMATS = ["json", "html", "texto", "telegram"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Renders a report as text. `json` has no text: its data is `toReportData`. */
export function formatReport(
  format: Exclude<ReportFormat, "json">,
  figures: ReportFigures,
): string {
  switch (format) {
    case "html":
      return toPage(figures);
    case "texto":
      return `${plain(figures).text}\n\n${HOW_TO_STOP}`;
    case "telegram":
      return toTelegram(figures);
  }
}

export function toReportData(figures: ReportFigures): JsonObject {
  return plain(figures).data;
}

export function reportSubject(figures: ReportFigures): string {
  const { first, last } = daysOf(figures);
  return `Tu semana: del ${shortDay(first)} al ${shortDay(last)}`;
}

const HOW_TO_STOP = "Para dejar de recibirlo: /reporte semanal no";

function plain(figures: ReportFigures): { text: string; data: JsonObject } {
  const { first: desde, last: hasta } = daysOf(figures);
  return plainReport(figures, { desde, hasta, zona_horaria: figures.timeZone, eventos: [] });
}

/** Fits one Telegram message (4,096 characters): tasks and languages are single words from short lists. */
function toTelegram(figures: ReportFigures): string {
  const rows = reportRows(figures).map(
    ({ label, value }) => `<b>${escapeHtml(label)}:</b> ${escapeHtml(value)}`,
  );
  const bars = figures.byDay.map(({ day, count }) => {
    return `${weekday(day).padEnd(3)} ${bar(count, busiestCount(figures))} ${count}`;
  });
  return [
    `📊 <b>${escapeHtml(titleOf(figures))}</b>`,
    "",
    ...rows,
    "",
    `<pre>${escapeHtml(bars.join("\n"))}</pre>`,
    `<i>${HOW_TO_STOP}</i>`,
  ].join("\n");
}

const BAR_CHARS = 12;

function bar(count: number, max: number): string {
  return "█".repeat(Math.ceil((count / Math.max(max, 1)) * BAR_CHARS));
}

/** A page for mail programs: nested tables, inline styles, no external resources. */
function toPage(figures: ReportFigures): string {
  const max = busiestCount(figures);
  const bars = figures.byDay.map(({ day, count }) => {
    const percent = Math.round((count / Math.max(max, 1)) * 100);
    const filled = `<div style="width:${Math.max(percent, count > 0 ? 2 : 0)}%;height:14px;border-radius:4px;background:${ACCENT}"></div>`;
    return `<tr>
<td style="padding:4px 12px 4px 0;width:76px;color:${MUTED};white-space:nowrap">${escapeHtml(`${weekday(day)} ${dayNumber(day)}`)}</td>
<td style="padding:4px 0">${filled}</td>
<td style="padding:4px 0 4px 12px;width:36px;text-align:right;font-weight:600">${count}</td>
</tr>`;
  });
  const rows = reportRows(figures).map(
    ({ label, value }) => `<tr>
<td style="padding:10px 16px 10px 0;border-top:1px solid ${LINE};color:${MUTED};vertical-align:top">${escapeHtml(label)}</td>
<td style="padding:10px 0;border-top:1px solid ${LINE};text-align:right">${escapeHtml(value)}</td>
</tr>`,
  );
  const { first, last } = daysOf(figures);
  return `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(reportSubject(figures))}</title>
</head>
<body style="margin:0;padding:24px 12px;background:#f3f5f8;color:#1c2733;font:15px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0"><tr><td align="center">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="max-width:560px;background:#ffffff;border-radius:14px;text-align:left">
<tr><td style="padding:28px 28px 0">
<p style="margin:0;color:${ACCENT};font-size:13px;font-weight:700;letter-spacing:.06em;text-transform:uppercase">Informe semanal</p>
<h1 style="margin:6px 0 0;font-size:24px;line-height:1.25">Del ${escapeHtml(shortDay(first))} al ${escapeHtml(shortDay(last))}</h1>
<p style="margin:14px 0 0"><span style="font-size:40px;font-weight:700;line-height:1">${figures.total}</span> <span style="color:${MUTED}">${figures.total === 1 ? "petición" : "peticiones"}</span></p>
</td></tr>
<tr><td style="padding:20px 28px 8px">
<table width="100%" cellspacing="0" cellpadding="0">
${bars.join("\n")}
</table>
</td></tr>
<tr><td style="padding:12px 28px 20px">
<table width="100%" cellspacing="0" cellpadding="0">
${rows.join("\n")}
</table>
</td></tr>
<tr><td style="padding:16px 28px 24px;border-top:1px solid ${LINE};color:${MUTED};font-size:13px">${escapeHtml(titleOf(figures))}<br>${HOW_TO_STOP}</td></tr>
</table>
</td></tr></table>
</body>
</html>`;
}

const ACCENT = "#2f6fde";
const MUTED = "#5c6b7a";
const LINE = "#e4e9ef";

function titleOf(figures: ReportFigures): string {
  const { first, last } = daysOf(figures);
  return reportTitle(first, last, figures.timeZone);
}

function daysOf({ byDay, from }: ReportFigures): { first: string; last: string } {
  const first = byDay[0]?.day ?? from.slice(0, 10);
  return { first, last: byDay.at(-1)?.day ?? first };
}

function busiestCount({ byDay }: ReportFigures): number {
  return Math.max(...byDay.map(({ count }) => count));
}

function shortDay(iso: string): string {
  return Temporal.PlainDate.from(iso).toLocaleString("es", { day: "numeric", month: "long" });
}

function weekday(iso: string): string {
  return Temporal.PlainDate.from(iso).toLocaleString("es", { weekday: "short" });
}

function dayNumber(iso: string): number {
  return Temporal.PlainDate.from(iso).day;
}
