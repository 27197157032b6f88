import { z } from "zod";
import type { Environment } from "./environment.ts";

const Item = z.looseObject({ json: z.record(z.string(), z.unknown()).default({}) });
const NodeRun = z.object({
  error: z.unknown().optional(),
  data: z.object({ main: z.array(z.array(Item).nullable()).optional() }).optional(),
});
const Execution = z.object({
  status: z.string(),
  data: z.object({ resultData: z.object({ runData: z.record(z.string(), z.array(NodeRun)) }) }),
});
const Page = z.object({ data: z.array(Execution), nextCursor: z.string().nullish() });

/** One run of one node of a flow, as n8n records it. */
export type NodeRun = z.output<typeof NodeRun>;
export type Execution = z.output<typeof Execution>;

/** Returns all executions of a flow, with the data of every node. */
export async function listExecutions(
  { n8n, api }: Environment,
  flowName: string,
): Promise<Execution[]> {
  const id = (await api.listWorkflows()).find(({ name }) => name === flowName)?.id ?? "";
  const executions: Execution[] = [];
  let cursor = "";
  do {
    const query = new URLSearchParams({
      workflowId: id,
      includeData: "true",
      limit: "100",
      ...(cursor && { cursor }),
    });
    const response = await fetch(`${n8n.url}/api/v1/executions?${query.toString()}`, {
      headers: { "X-N8N-API-KEY": n8n.apiKey },
    });
    const page = Page.parse(await response.json());
    executions.push(...page.data);
    cursor = page.nextCursor ?? "";
  } while (cursor !== "");
  return executions;
}
