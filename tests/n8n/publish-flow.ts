import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Flow, FLOWS_FOLDER, type Node, readFlow } from "../../scripts/flows/flow.ts";
import { importFlows } from "../../scripts/flows/import-flows.ts";
import type { Environment } from "./environment.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Reads a flow of n8n-flows/ with one step changed, for example its schedule. */
export function readFlowWithStep(file: string, step: string, change: Partial<Node>): Flow {
  const flow = readFlow(join(FLOWS_FOLDER, file));
  const nodes = flow.nodes.map((node) => (node.name === step ? { ...node, ...change } : node));
  return { ...flow, nodes };
}

/** Imports a flow, which replaces the flow of the same name in n8n, and publishes it. */
export async function publishFlow(
  { api }: Environment,
  flow: Flow,
  settings: Record<string, string> = {},
): Promise<void> {
  // Every flow refers to the error flow, and the import resolves the reference among the flows that it gets.
  const errorFlow = readFlow(join(FLOWS_FOLDER, "errores.json"));
  await importFlows(api, [errorFlow, flow], { settings, publish: true });
}

/**
 * Publishes a scheduled flow with a webhook in place of its trigger. Returns a function that runs the flow to its end
 * and returns whether it succeeded.
 */
export async function publishRunnableFlow(
  environment: Environment,
  [file, trigger]: [string, string],
  settings: Record<string, string> = {},
): Promise<() => Promise<boolean>> {
  // A new path each time, so that a version published earlier cannot answer.
  const path = randomUUID();
  const webhook: Partial<Node> = {
    type: "n8n-nodes-base.webhook",
    typeVersion: 2.1,
    webhookId: path,
    parameters: { httpMethod: "POST", path, responseMode: "lastNode" },
  };
  await publishFlow(environment, readFlowWithStep(file, trigger, webhook), settings);
  return async () => {
    const response = await waitUntil(async () => {
      const answer = await fetch(`${environment.n8n.url}/webhook/${path}`, { method: "POST" });
      await answer.arrayBuffer();
      return answer.status === 404 ? null : answer;
    }, `n8n registers the webhook of ${file}`);
    return response.ok;
  };
}
