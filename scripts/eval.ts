import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { parseConfig } from "../src/config.ts";
import { asProblem } from "../src/errors.ts";
import { createLlm } from "../src/llm/llm.ts";
import { splitSentences } from "../src/text/sentences.ts";
import { TASK_TYPES, type TaskType } from "../src/tasks/types/registry.ts";
import { executeWork, prepareWork, type TaskContext } from "../src/tasks/work.ts";
import { CORPUS } from "../tests/evals/cases/index.ts";
import type { EvalAnswer, EvalCase } from "../tests/evals/eval-case.ts";
import { firstSentences, rouge } from "../tests/evals/rouge.ts";
import { readRawSettings } from "./lib/settings.ts";

/** Requests in parallel: below the rate limits of the providers. */
const CONCURRENCY = 4;
/** The time of the request in every case that does not set its own. */
const NOW_MS = Date.UTC(2026, 4, 14, 9);

type Verdict = {
  task: TaskType;
  name: string;
  /** `unavailable`: the local engine cannot do the task. */
  outcome: "passed" | "failed" | "unavailable";
  faults: string[];
  answer: EvalAnswer | undefined;
  costUsd: number | null;
};

const config = parseConfig(readRawSettings(process.env));
const llm = config.OPENAI_API_KEY === undefined ? undefined : createLlm(config);

/** `npm run eval [-- --tarea resumir] [--caso palabra]`: runs the evaluation cases against the configured provider. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { tarea: { type: "string" }, caso: { type: "string" } },
  });
  const cases = selectCases(values.tarea, values.caso);
  if (cases.length === 0) {
    console.error("✗ No hay ningún caso con ese nombre.");
    return 1;
  }
  const limit = pLimit(CONCURRENCY);
  const verdicts = await Promise.all(
    cases.map(({ task, evalCase }) => limit(() => judge(task, evalCase))),
  );
  printScores(verdicts);
  printFailures(verdicts);
  return summariesBeatFirstSentences(verdicts) ? 0 : 1;
}

function selectCases(
  wantedTask: string | undefined,
  nameContains: string | undefined,
): { task: TaskType; evalCase: EvalCase }[] {
  return TASK_TYPES.filter((task) => !wantedTask || task === wantedTask).flatMap((task) =>
    (CORPUS[task] ?? [])
      .filter(({ name }) => !nameContains || name.includes(nameContains))
      .map((evalCase) => ({ task, evalCase })),
  );
}

async function judge(task: TaskType, evalCase: EvalCase): Promise<Verdict> {
  const verdict = { task, name: evalCase.name, answer: undefined, costUsd: null };
  const context: TaskContext = {
    llm,
    figuresOf: async () => {
      if (!evalCase.figures) throw new Error(`The case «${evalCase.name}» has no figures`);
      return evalCase.figures;
    },
  };
  try {
    const request = { client: "eval", type: task, text: evalCase.text, protect: false };
    const work = prepareWork(config, { ...request, options: evalCase.options }, NOW_MS);
    const { result, usage } = await executeWork(context, work);
    const faults = evalCase.checks
      .map((check) => check(result))
      .filter((fault) => fault !== undefined);
    const outcome = faults.length === 0 ? "passed" : "failed";
    return { ...verdict, outcome, faults, answer: result, costUsd: usage?.costUsd ?? null };
  } catch (error) {
    const problem = asProblem(error);
    if (!problem) throw error;
    const outcome = problem.codigo === "motor_local_no_puede" ? "unavailable" : "failed";
    return { ...verdict, outcome, faults: [problem.codigo] };
  }
}

function printScores(verdicts: readonly Verdict[]): void {
  const engine = llm ? `${config.OPENAI_MODEL}, ${config.OPENAI_BASE_URL}` : "local engine";
  console.log(`\n${engine}\n`);
  console.log("| task | cases | passed | failed | out of reach | USD |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const task of TASK_TYPES) {
    const taskVerdicts = verdicts.filter((verdict) => verdict.task === task);
    if (taskVerdicts.length === 0) continue;
    const count = (outcome: Verdict["outcome"]): number =>
      taskVerdicts.filter((verdict) => verdict.outcome === outcome).length;
    const costUsd = taskVerdicts.reduce((sum, verdict) => sum + (verdict.costUsd ?? 0), 0);
    console.log(
      `| ${task} | ${taskVerdicts.length} | ${count("passed")} | ${count("failed")} | ${count("unavailable")} | ${costUsd === 0 ? "–" : costUsd.toFixed(4)} |`,
    );
  }
}

function printFailures(verdicts: readonly Verdict[]): void {
  for (const { task, name, outcome, faults } of verdicts) {
    if (outcome === "failed") console.log(`\n✗ ${task}: ${name}\n  ${faults.join("\n  ")}`);
  }
}

/**
 * Prints the ROUGE scores of the summaries and of a baseline: the same number of sentences from the start of the text.
 * True if no summary was evaluated.
 */
function summariesBeatFirstSentences(verdicts: readonly Verdict[]): boolean {
  const pairs = (CORPUS["resumir"] ?? []).flatMap(({ name, text, reference }) => {
    const summary = verdicts.find((verdict) => verdict.task === "resumir" && verdict.name === name)
      ?.answer?.text;
    if (!reference || summary === undefined) return [];
    const sentences = splitSentences(summary).length;
    return [
      {
        summary: rouge(summary, reference),
        firstSentences: rouge(firstSentences(text, sentences), reference),
      },
    ];
  });
  if (pairs.length === 0) return true;

  const mean = (pick: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length;
  console.log(`\nSummaries of ${pairs.length} texts against our references (F1):\n`);
  console.log("| | ROUGE-1 | ROUGE-2 | ROUGE-L |");
  console.log("| --- | --- | --- | --- |");
  for (const [candidate, label] of [
    ["summary", "summary"],
    ["firstSentences", "first sentences, as many"],
  ] as const) {
    const scores = (["rouge1", "rouge2", "rougeL"] as const).map((measure) =>
      mean((pair) => pair[candidate][measure]).toFixed(3),
    );
    console.log(`| ${label} | ${scores.join(" | ")} |`);
  }
  return mean(({ summary }) => summary.rougeL) > mean((pair) => pair.firstSentences.rougeL);
}

process.exitCode = await main();
