import { parseConfig } from "../../src/config.ts";
import { asProblem } from "../../src/errors.ts";
import { applyMask } from "../../src/tasks/mask.ts";
import { TASK_TYPES, taskOf, type TaskType } from "../../src/tasks/types/registry.ts";
import { prepareWork } from "../../src/tasks/work.ts";
import { median } from "../lib/median.ts";
import { describeMachine } from "./machine.ts";

const ROUNDS = 15;
const ROUND_MS = 20;
const WARM_UP_ROUNDS = 3;

const NOW_MS = Date.UTC(2026, 4, 14, 9);
const PROSE =
  "La reunión de hoy trató tres asuntos. El presupuesto de 2027 sube un 4 %. Llama al 612 345 678 o escribe a marta@ejemplo.es; la mudanza se aplaza a junio por las obras del edificio. ";
const TEXTS = [
  { size: "1 kB", text: PROSE.repeat(6).slice(0, 1_000) },
  { size: "200 kB", text: PROSE.repeat(1_200).slice(0, 200_000) },
];

const config = parseConfig({ OPENAI_API_KEY: "sk-de-pega" });

/** `npm run bench:prepare`: the CPU time of preparing each task in the Worker, and of what the chat object adds. */
function main(): void {
  console.log(`${describeMachine()}:\n`);
  console.log("| task, text | Worker | Worker, masked | chat object | chat object, masked |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const { size, text } of TEXTS) {
    for (const type of TASK_TYPES) console.log(`| ${type}, ${size} | ${cells(type, text)} |`);
  }
}

function cells(type: TaskType, text: string): string {
  const { opciones: options } = taskOf(type).example;
  const prepare = (protect: boolean) =>
    prepareWork(config, { client: "bench", type, text, options, protect }, NOW_MS);
  try {
    const [plain, masked] = [prepare(false), prepare(true)];
    const figures = [
      measureCpu(() => prepare(false)),
      measureCpu(() => prepare(true)),
      measureCpu(() => taskOf(type).rebind(plain.options)),
      measureCpu(() => {
        taskOf(type).rebind(masked.options);
        if (masked.mask) applyMask(text, structuredClone(masked.mask));
      }),
    ];
    return figures.map((us) => us.toFixed(us < 10 ? 1 : 0)).join(" | ");
  } catch (error) {
    const problem = asProblem(error);
    if (!problem) throw error;
    return `${problem.codigo} | | |`;
  }
}

/** The CPU microseconds of one call, on this thread: other processes of the machine do not count. */
function measureCpu(run: () => unknown): number {
  const rounds = Array.from({ length: WARM_UP_ROUNDS + ROUNDS }, () => {
    const startMs = performance.now();
    const before = process.threadCpuUsage();
    let calls = 0;
    do {
      run();
      calls += 1;
    } while (performance.now() - startMs < ROUND_MS);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / calls;
  });
  return median(rounds.slice(WARM_UP_ROUNDS));
}

main();
