import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "../lib/root.ts";

export const FLOWS_FOLDER = join(ROOT, "n8n-flows");
export const STICKY_NOTE = "n8n-nodes-base.stickyNote";
/** Name of the node that holds the settings of a flow: addresses, chats. */
export const SETTINGS_NODE = "Ajustes";

const Credential = z.strictObject({ id: z.null(), name: z.string().min(1) });

const Node = z.strictObject({
  id: z.uuid(),
  name: z.string().min(1),
  type: z.string().regex(/^[\w-]+\.\w+$/),
  typeVersion: z.number(),
  position: z.tuple([z.number(), z.number()]),
  parameters: z.record(z.string(), z.unknown()),
  credentials: z.record(z.string(), Credential).optional(),
  webhookId: z.uuid().optional(),
  onError: z.enum(["stopWorkflow", "continueRegularOutput", "continueErrorOutput"]).optional(),
  retryOnFail: z.boolean().optional(),
  maxTries: z.int().min(2).max(5).optional(),
  waitBetweenTries: z.int().max(5_000).optional(),
  executeOnce: z.boolean().optional(),
  alwaysOutputData: z.boolean().optional(),
});
export type Node = z.output<typeof Node>;

const Target = z.strictObject({ node: z.string(), type: z.literal("main"), index: z.int() });

/** A workflow in the format of n8n's exports, which n8n also imports by file, command or API. */
export const Flow = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  nodes: z.array(Node).min(1),
  connections: z.record(z.string(), z.strictObject({ main: z.array(z.array(Target)) })),
  settings: z.strictObject({
    executionOrder: z.literal("v1"),
    errorWorkflow: z.string().optional(),
    timezone: z.string().optional(),
  }),
  pinData: z.strictObject({}).optional(),
});
export type Flow = z.output<typeof Flow>;

export function flowFiles(folder: string = FLOWS_FOLDER): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => join(folder, name));
}

/** @throws {SyntaxError | ZodError} if the file is not a flow */
export function readFlow(file: string): Flow {
  return Flow.parse(JSON.parse(readFileSync(file, "utf8")));
}

export function stepsOf({ nodes }: Pick<Flow, "nodes">): Node[] {
  return nodes.filter(({ type }) => type !== STICKY_NOTE);
}

export function notesOf({ nodes }: Pick<Flow, "nodes">): Node[] {
  return nodes.filter(({ type }) => type === STICKY_NOTE);
}

/** Whether n8n runs this flow when another flow fails. */
export function isErrorFlow({ nodes }: Pick<Flow, "nodes">): boolean {
  return nodes.some(({ type }) => type.endsWith(".errorTrigger"));
}

/** The settings in the flow's settings node. */
export function settingsOf(flow: Pick<Flow, "nodes">): { name: string; value: unknown }[] {
  const node = flow.nodes.find(({ name }) => name === SETTINGS_NODE);
  const parameters = node?.parameters as
    | { assignments?: { assignments?: { name: string; value: unknown }[] } }
    | undefined;
  return parameters?.assignments?.assignments ?? [];
}

/** Number of outputs of a step. The error output, if any, is the last one. A type without a case here has one output. */
export function outputsOf({ type, parameters, onError }: Node): number {
  return regularOutputs(type, parameters) + (onError === "continueErrorOutput" ? 1 : 0);
}

function regularOutputs(type: string, parameters: Record<string, unknown>): number {
  const { rules, options } = parameters as {
    rules?: { values?: unknown[] };
    options?: { fallbackOutput?: unknown };
  };
  switch (type) {
    case "n8n-nodes-base.if":
    case "n8n-nodes-base.splitInBatches":
      return 2;
    case "n8n-nodes-base.switch":
      return (rules?.values?.length ?? 0) + (options?.fallbackOutput === "extra" ? 1 : 0);
    case "n8n-nodes-base.stopAndError":
      return 0;
    default:
      return 1;
  }
}
