import { parseConfig, type Config } from "../../src/config.ts";
import type { ReportFigures } from "../../src/tasks/report-figures.ts";
import type { Prompt } from "../../src/llm/prompt.ts";
import type { TaskType } from "../../src/tasks/types/registry.ts";
import type { JsonObject } from "../../src/lib/json-object.ts";
import { executeWork, prepareWork, type CompletedWork, type Work } from "../../src/tasks/work.ts";
import { scriptedLlm, type ScriptedAnswer } from "./scripted-llm.ts";

/** Thursday, 14 May 2026. */
export const NOW_MS = Date.UTC(2026, 4, 14, 9);

type TaskTestRequest = {
  type: TaskType;
  text: string;
  options?: JsonObject;
  protect?: boolean;
  figures?: ReportFigures;
  config?: Config;
};

const WITH_MODEL = parseConfig({ OPENAI_API_KEY: "sk-de-pega" });
const WITHOUT_MODEL = parseConfig({});

export type DoneTask = CompletedWork["result"] &
  Pick<CompletedWork, "attempts"> & { prompts: Prompt[]; work: Work };

/** Runs a task with a model that returns these answers. */
export async function doTask(
  request: TaskTestRequest,
  ...answers: ScriptedAnswer[]
): Promise<DoneTask> {
  const { type, text, options, protect = false, figures, config = WITH_MODEL } = request;
  const work = prepareWork(config, { client: "prueba", type, text, options, protect }, NOW_MS);
  const { llm, prompts } = scriptedLlm(...answers);
  const figuresOf = async (): Promise<ReportFigures> => {
    if (!figures) throw new Error("This test gives no figures");
    return figures;
  };
  const { result, attempts } = await executeWork({ llm, figuresOf }, work);
  return { ...result, attempts, prompts, work };
}

/** Runs a task with the local engine. */
export async function doLocally(request: TaskTestRequest): Promise<DoneTask> {
  return await doTask({ ...request, config: WITHOUT_MODEL });
}
