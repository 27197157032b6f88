import { describe, expect, it } from "vitest";
import { FORMATS } from "./export-formats.ts";

const ZONE = "Europe/Madrid";
const RECORD = {
  id: 7,
  tipo_tarea: "resumir",
  texto_original: "uno",
  resultado: "dos",
  fecha: "2026-05-14T09:00:00.000Z",
  idioma: null,
  estado: "completada",
  solicitud_id: "0198c0de-0000-7000-8000-000000000000",
} as const;

describe("csv", () => {
  const cell = (resultado: string): string =>
    FORMATS.csv.record({ ...RECORD, resultado }, ZONE).split(",")[4] ?? "";

  it("writes a csv header row and one csv row per record", () => {
    expect(FORMATS.csv.head(12345)).toBe(
      "\uFEFFid,fecha,tipo_tarea,texto_original,resultado,idioma,estado,solicitud_id\r\n",
    );
    expect(FORMATS.csv.record(RECORD, ZONE)).toBe(
      '7,"2026-05-14T09:00:00.000Z","resumir","uno","dos","","completada","0198c0de-0000-7000-8000-000000000000"\r\n',
    );
  });

  it.for(["=1+1", "+34", "-5", "@SUM(A1)", "\t=1", "\r=1", "＝1"])(
    "disables the formula %j",
    (formula) => {
      expect(cell(formula)).toBe(`"'${formula}"`);
    },
  );

  it("quotes cells that contain quotes and line breaks", () => {
    expect(cell('di "hola"\ny ya')).toBe('"di ""hola""\ny ya"');
  });
});

describe("jsonl", () => {
  it("writes one JSON record per line", () => {
    const line = FORMATS.jsonl.record({ ...RECORD, resultado: "a\nb" }, ZONE);
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({ ...RECORD, resultado: "a\nb" });
  });
});

describe("md", () => {
  it("writes Markdown with the chat, and each record's text, result and time in the service's time zone", () => {
    expect(FORMATS.md.head(-100) + FORMATS.md.record(RECORD, ZONE)).toBe(
      `# Historial del chat -100

## 14 de mayo de 2026 a las 11:00 · resumir · completada

**Texto**

\`\`\`text
uno
\`\`\`

**Resultado**

\`\`\`text
dos
\`\`\`
`,
    );
  });

  it("fences a text so that it cannot close its own fence", () => {
    const text = "antes\n````\n# no es un título";
    expect(FORMATS.md.record({ ...RECORD, resultado: text }, ZONE)).toContain(
      `\n\`\`\`\`\`text\n${text}\n\`\`\`\`\`\n`,
    );
  });
});
