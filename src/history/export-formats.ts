import type { z } from "zod";
import type { RecordReply } from "./history.schemas.ts";
import { formatInstant } from "../text/format-instant.ts";

type Fields = z.input<typeof RecordReply>;

export const EXPORT_FORMATS = ["csv", "jsonl", "md"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

type Format = {
  contentType: string;
  head: (chatId: number) => string;
  /** Dates for people are written in `timeZone`. */
  record: (record: Fields, timeZone: string) => string;
};

const COLUMNS = [
  "id",
  "fecha",
  "tipo_tarea",
  "texto_original",
  "resultado",
  "idioma",
  "estado",
  "solicitud_id",
] as const satisfies readonly (keyof Fields)[];

export const FORMATS: Record<ExportFormat, Format> = {
  csv: {
    contentType: "text/csv; charset=utf-8",
    // Excel reads a file without a byte order mark as Latin-1.
    head: () => `\uFEFF${COLUMNS.join(",")}\r\n`,
    record: (record) => `${COLUMNS.map((name) => csvCell(record[name])).join(",")}\r\n`,
  },
  jsonl: {
    contentType: "application/jsonl; charset=utf-8",
    head: () => "",
    record: (record) => `${JSON.stringify(record)}\n`,
  },
  md: {
    contentType: "text/markdown; charset=utf-8",
    head: (chatId) => `# Historial del chat ${chatId}\n`,
    record: ({ fecha, tipo_tarea, estado, texto_original, resultado }, timeZone) =>
      [
        `\n## ${formatInstant(fecha, timeZone)} · ${tipo_tarea} · ${estado}`,
        `**Texto**`,
        fenced(texto_original),
        `**Resultado**`,
        `${fenced(resultado)}\n`,
      ].join("\n\n"),
  },
};

/** RFC 4180. A cell that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV Injection"). */
function csvCell(value: string | number | null | undefined): string {
  if (typeof value === "number") return String(value);
  const text = value ?? "";
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** Fences the text with more backticks than its longest run, so that the text cannot close the fence. */
function fenced(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
