import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "./lib/root.ts";
import { readSettings } from "./lib/settings.ts";
import { currentRun } from "./lib/state.ts";

const LIMIT_MS = 60_000;
const PAGE = join(ROOT, "docs/tasks.md");
const PLACE = /<!-- ejemplos -->[\s\S]*<!-- \/ejemplos -->/;

const Tasks = z.object({
  tareas: z.array(
    z.object({
      tipo_tarea: z.string(),
      ejemplo: z.object({ texto: z.string(), opciones: z.record(z.string(), z.unknown()) }),
    }),
  ),
});
type Example = z.output<typeof Tasks>["tareas"][number];

/** `npm run ejemplos`: asks the running program for each task's own example, and rewrites the table of docs/tasks.md. */
async function writeExamples(): Promise<number> {
  const run = currentRun();
  if (!run) {
    console.error("✗ No hay ningún servicio en marcha: npm start.");
    return 1;
  }
  const { apiKey } = readSettings(process.env);
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(new URL(path, run.address), {
      method: body ? "POST" : "GET",
      headers: {
        "x-api-key": apiKey,
        "content-type": "application/json",
        // What an earlier run left would be told in the report as done before.
        "cache-control": "no-cache",
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    return await response.json();
  };

  const { tareas } = Tasks.parse(await ask("/api/v1/tareas"));
  const rows: string[] = [];
  // A chat of its own, so that its report is of these examples.
  const chat_id = Date.now();
  for (const { tipo_tarea, ejemplo } of toEnd(tareas, "reporte")) {
    const answer = await ask("/api/v1/procesar", { chat_id, tipo_tarea, ...ejemplo });
    rows.push(toRow({ tipo_tarea, ejemplo }, answer));
  }
  const table = [
    "| task | asked | `opciones` | answered |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
  const page = readFileSync(PAGE, "utf8");
  writeFileSync(
    PAGE,
    page.replace(PLACE, () => `<!-- ejemplos -->\n\n${table}\n\n<!-- /ejemplos -->`),
  );
  console.log(table);
  return 0;
}

const Answer = z.object({ resultado: z.string().optional(), mensaje: z.string() });

function toRow({ tipo_tarea, ejemplo }: Example, answer: unknown): string {
  const { resultado, mensaje } = Answer.parse(answer);
  const options = `\`${JSON.stringify(ejemplo.opciones)}\``;
  const cells = [`\`${tipo_tarea}\``, ejemplo.texto, options, resultado ?? `_${mensaje}_`];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", "<br>")).join(" | ")} |`;
}

/** The report comes last, so that it has something to tell. */
function toEnd(examples: readonly Example[], last: string): Example[] {
  return [
    ...examples.filter(({ tipo_tarea }) => tipo_tarea !== last),
    ...examples.filter(({ tipo_tarea }) => tipo_tarea === last),
  ];
}

process.exitCode = await writeExamples();
