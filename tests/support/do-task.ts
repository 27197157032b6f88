import { parseConfig, type Config } from "../../src/config.ts";
import type { ReportFigures } from "../../src/tasks/report-figures.ts";
import type { Prompt } from "../../src/llm/prompt.ts";
import type { TaskType } from "../../src/tasks/types/registry.ts";
import type { JsonObject } from "../../src/lib/json-object.ts";
import { executeWork, prepareWork, type CompletedWork, type Work } from "../../src/tasks/work.ts";
import { scriptedLlm, type Said } from "./scripted-llm.ts";

/** Thursday. */
export const NOW_MS = Date.UTC(2026, 4, 14, 9);

type Asked = {
  type: TaskType;
  text: string;
  options?: JsonObject;
  protect?: boolean;
  figures?: ReportFigures;
  config?: Config;
};

const WITH_MODEL = parseConfig({ OPENAI_API_KEY: "sk-de-pega" });
export const WITHOUT_MODEL = parseConfig({});

export type DoneTask = CompletedWork["result"] &
  Pick<CompletedWork, "attempts"> & { prompts: Prompt[]; work: Work };

/** Does a task with a model that gives these answers. */
export async function doTask(asked: Asked, ...answers: Said[]): Promise<DoneTask> {
  const { type, text, options, protect = false, figures, config = WITH_MODEL } = asked;
  const work = prepareWork(config, { client: "prueba", type, text, options, protect }, NOW_MS);
  const { llm, prompts } = scriptedLlm(...answers);
  const figuresOf = async (): Promise<ReportFigures> => {
    if (!figures) throw new Error("This test gives no figures");
    return figures;
  };
  const { result, attempts } = await executeWork({ llm, figuresOf }, work);
  return { ...result, attempts, prompts, work };
}

/** The same, with the local engine. */
export async function doLocally(asked: Asked): Promise<DoneTask> {
  return await doTask({ ...asked, config: WITHOUT_MODEL });
}
