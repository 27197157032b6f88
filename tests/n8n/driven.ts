import { z } from "zod";
import { type Flow, type Node, outputsOf, STICKY_NOTE } from "../../scripts/flows/flow.ts";
import type { Stage } from "./stage.ts";

const Item = z.looseObject({ json: z.record(z.string(), z.unknown()).default({}) });
const Run = z.object({
  error: z.unknown().optional(),
  data: z.object({ main: z.array(z.array(Item).nullable()).optional() }).optional(),
});
const Execution = z.object({
  status: z.string(),
  data: z.object({ resultData: z.object({ runData: z.record(z.string(), z.array(Run)) }) }),
});
const Page = z.object({ data: z.array(Execution), nextCursor: z.string().nullish() });
type Run = z.output<typeof Run>;

export type Branch = { branch: string; times: number };

/**
 * Every way out of every step of a flow, those that lead nowhere included, and how often something went that way, by
 * what n8n recorded. A step that goes on after its own failure, or whose work is to fail, has that as a way of its own.
 */
export async function drivenBranches(stage: Stage, flow: Flow): Promise<Branch[]> {
  const runs = await runsOf(stage, flow);
  const count = (node: Node, happened: (run: Run) => boolean): number =>
    (runs.get(node.name) ?? []).filter(happened).length;
  return flow.nodes
    .filter(({ type }) => type !== STICKY_NOTE)
    .flatMap((node) => {
      const outputs = outputsOf(node);
      const ways = Array.from({ length: outputs }, (_, output) => {
        const targets = flow.connections[node.name]?.main[output]?.map((one) => one.node) ?? [];
        return {
          branch: `${node.name}${outputs > 1 ? ` [${output}]` : ""} → ${targets.join(", ") || "(nada más)"}`,
          times: count(node, ({ data }) => (data?.main?.[output]?.length ?? 0) > 0),
        };
      });
      if (node.onError === "continueRegularOutput" || outputs === 0) {
        ways.push({ branch: `${node.name} → (falla)`, times: count(node, failed) });
      }
      return ways;
    });
}

function failed({ error, data }: Run): boolean {
  return error !== undefined || (data?.main?.flat().some((item) => item?.json["error"]) ?? false);
}

async function runsOf(stage: Stage, flow: Flow): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>();
  for (const { data } of await executionsOf(stage, flow.name)) {
    for (const [node, added] of Object.entries(data.resultData.runData)) {
      runs.set(node, [...(runs.get(node) ?? []), ...added]);
    }
  }
  return runs;
}

/** All of a flow, with what went through each of its steps. */
export async function executionsOf(
  { n8n, api }: Stage,
  flow: string,
): Promise<z.output<typeof Execution>[]> {
  const id = (await api.listWorkflows()).find(({ name }) => name === flow)?.id ?? "";
  const executions: z.output<typeof Execution>[] = [];
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
