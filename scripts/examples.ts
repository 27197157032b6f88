import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "./lib/root.ts";
import { runMain } from "./lib/run-main.ts";
import { callService, type Service } from "./lib/service.ts";
import { readSettings } from "./lib/settings.ts";
import { findRunningService } from "./lib/state.ts";

const REQUEST_TIMEOUT_MS = 60_000;
const PAGE = join(ROOT, "docs/tasks.md");
const TABLE_PLACE = /<!-- ejemplos -->[\s\S]*<!-- \/ejemplos -->/;

const TasksReply = z.object({
  tareas: z.array(
    z.object({
      tipo_tarea: z.string(),
      ejemplo: z.object({ texto: z.string(), opciones: z.record(z.string(), z.unknown()) }),
    }),
  ),
});
const TaskReply = z.object({ resultado: z.string().optional(), mensaje: z.string() });
type TaskExample = z.output<typeof TasksReply>["tareas"][number];

/** `npm run ejemplos`: runs the example of each task in the local service and rewrites the table of docs/tasks.md. */
async function main(): Promise<number> {
  const running = findRunningService();
  if (!running) {
    console.error("✗ No hay ningún servicio en marcha: npm start.");
    return 1;
  }
  const { apiKey } = readSettings(process.env);
  const table = renderTable(await runExamples({ address: running.address, apiKey }));
  const page = readFileSync(PAGE, "utf8");
  const section = `<!-- ejemplos -->\n\n${table}\n\n<!-- /ejemplos -->`;
  writeFileSync(
    PAGE,
    // A function, because `$` has a meaning in a replacement string.
    page.replace(TABLE_PLACE, () => section),
  );
  console.log(table);
  return 0;
}

type Answered = { example: TaskExample; answer: string };

/** The report runs last, so that it has the other examples to report on. */
async function runExamples(service: Service): Promise<Answered[]> {
  const { tareas } = TasksReply.parse(await callJson(service, "/api/v1/tareas"));
  // A new chat: its report covers these examples only.
  const chat_id = Date.now();
  const answered: Answered[] = [];
  for (const example of moveToEnd(tareas, "reporte")) {
    const { tipo_tarea, ejemplo } = example;
    const body = { chat_id, tipo_tarea, ...ejemplo };
    const { resultado, mensaje } = TaskReply.parse(
      await callJson(service, "/api/v1/procesar", body),
    );
    answered.push({ example, answer: resultado ?? `_${mensaje}_` });
  }
  return answered;
}

async function callJson(service: Service, path: string, body?: object): Promise<unknown> {
  const response = await callService(service, path, {
    method: body ? "POST" : "GET",
    body,
    // The report counts answers from the cache separately: the table must not depend on earlier runs.
    headers: { "cache-control": "no-cache" },
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  return await response.json();
}

function renderTable(answered: readonly Answered[]): string {
  return [
    "| task | asked | `opciones` | answered |",
    "| --- | --- | --- | --- |",
    ...answered.map(renderRow),
  ].join("\n");
}

function renderRow({ example: { tipo_tarea, ejemplo }, answer }: Answered): string {
  const options = `\`${JSON.stringify(ejemplo.opciones)}\``;
  const cells = [`\`${tipo_tarea}\``, ejemplo.texto, options, answer];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", "<br>")).join(" | ")} |`;
}

function moveToEnd(examples: readonly TaskExample[], task: string): TaskExample[] {
  return [
    ...examples.filter(({ tipo_tarea }) => tipo_tarea !== task),
    ...examples.filter(({ tipo_tarea }) => tipo_tarea === task),
  ];
}

await runMain(main);
