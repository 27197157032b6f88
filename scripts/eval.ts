import { parseArgs } from "node:util";
import { parseConfig } from "../src/config.ts";
import { asProblem } from "../src/errors.ts";
import { createLlm } from "../src/llm/llm.ts";
import { splitSentences } from "../src/text/sentences.ts";
import { TASK_TYPES, type TaskType } from "../src/tasks/types/registry.ts";
import { doWork, prepareWork, type Means } from "../src/tasks/work.ts";
import { CORPUS } from "../tests/evals/cases/index.ts";
import type { EvalAnswer, EvalCase } from "../tests/evals/eval-case.ts";
import { firstSentences, rouge } from "../tests/evals/rouge.ts";
import { readRawSettings } from "./lib/settings.ts";

/** A provider takes this many at once without complaint, and the local engine has one core. */
const CONCURRENT = 4;
/** «Today», wherever a case does not say. */
const NOW_MS = Date.UTC(2026, 4, 14, 9);

type Verdict = {
  task: TaskType;
  name: string;
  outcome: "passed" | "failed" | "unavailable";
  faults: string[];
  answer: EvalAnswer | undefined;
  costUsd: number | null;
};

const config = parseConfig(readRawSettings(process.env));
const llm = config.OPENAI_API_KEY === undefined ? undefined : createLlm(config);

/** `npm run eval [-- --tarea resumir] [--caso palabra]`: every case against the provider that is configured. */
async function evaluate(): Promise<number> {
  const { values } = parseArgs({
    options: { tarea: { type: "string" }, caso: { type: "string" } },
  });
  const cases = TASK_TYPES.filter((task) => !values.tarea || task === values.tarea).flatMap(
    (task) =>
      (CORPUS[task] ?? [])
        .filter(({ name }) => !values.caso || name.includes(values.caso))
        .map((one) => ({ task, one })),
  );
  if (cases.length === 0) {
    console.error("✗ No hay ningún caso con ese nombre.");
    return 1;
  }
  const verdicts: Verdict[] = [];
  const queue = cases.values();
  const work = async (): Promise<void> => {
    for (const { task, one } of queue) verdicts.push(await judge(task, one));
  };
  await Promise.all(Array.from({ length: CONCURRENT }, work));
  return report(verdicts);
}

async function judge(task: TaskType, one: EvalCase): Promise<Verdict> {
  const verdict = { task, name: one.name, answer: undefined, costUsd: null };
  const means: Means = {
    llm,
    figuresOf: async () => {
      if (!one.figures) throw new Error(`The case «${one.name}» has no figures`);
      return one.figures;
    },
  };
  try {
    const request = { client: "eval", type: task, text: one.text, protect: false };
    const asked = prepareWork(config, { ...request, options: one.options }, NOW_MS);
    const { result, usage } = await doWork(means, asked);
    const faults = one.checks.map((check) => check(result)).filter((fault) => fault !== undefined);
    const outcome = faults.length === 0 ? "passed" : "failed";
    return { ...verdict, outcome, faults, answer: result, costUsd: usage?.costUsd ?? null };
  } catch (error) {
    const problem = asProblem(error);
    if (!problem) throw error;
    const outcome = problem.codigo === "motor_local_no_puede" ? "unavailable" : "failed";
    return { ...verdict, outcome, faults: [problem.codigo] };
  }
}

function report(verdicts: readonly Verdict[]): number {
  const engine = llm ? `${config.OPENAI_MODEL}, ${config.OPENAI_BASE_URL}` : "local engine";
  console.log(`\n${engine}\n`);
  console.log("| task | cases | passed | failed | out of reach | USD |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const task of TASK_TYPES) {
    const own = verdicts.filter((verdict) => verdict.task === task);
    if (own.length === 0) continue;
    const count = (outcome: Verdict["outcome"]): number =>
      own.filter((verdict) => verdict.outcome === outcome).length;
    const cost = own.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
    console.log(
      `| ${task} | ${own.length} | ${count("passed")} | ${count("failed")} | ${count("unavailable")} | ${cost === 0 ? "–" : cost.toFixed(4)} |`,
    );
  }
  for (const { task, name, outcome, faults } of verdicts) {
    if (outcome === "failed") console.log(`\n✗ ${task}: ${name}\n  ${faults.join("\n  ")}`);
  }
  return reportRouge(verdicts) ? 1 : 0;
}

/** Summaries beside the first sentences of their texts, as many. True when they are no better. */
function reportRouge(verdicts: readonly Verdict[]): boolean {
  const pairs = (CORPUS["resumir"] ?? []).flatMap(({ name, text, reference }) => {
    const made = verdicts.find((verdict) => verdict.task === "resumir" && verdict.name === name);
    if (!reference || !made?.answer) return [];
    const sentences = splitSentences(made.answer.text).length;
    return [
      {
        ours: rouge(made.answer.text, reference),
        first: rouge(firstSentences(text, sentences), reference),
      },
    ];
  });
  if (pairs.length === 0) return false;

  const mean = (pick: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length;
  console.log(`\nSummaries of ${pairs.length} texts against our references (F1):\n`);
  console.log("| | ROUGE-1 | ROUGE-2 | ROUGE-L |");
  console.log("| --- | --- | --- | --- |");
  for (const who of ["ours", "first"] as const) {
    const label = who === "ours" ? "summary" : "first sentences, as many";
    const scores = (["rouge1", "rouge2", "rougeL"] as const).map((measure) =>
      mean((pair) => pair[who][measure]).toFixed(3),
    );
    console.log(`| ${label} | ${scores.join(" | ")} |`);
  }
  return mean(({ ours }) => ours.rougeL) <= mean(({ first }) => first.rougeL);
}

process.exitCode = await evaluate();
