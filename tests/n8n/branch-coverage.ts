import { type Flow, type Node, outputsOf, STICKY_NOTE } from "../../scripts/flows/flow.ts";
import type { Environment } from "./environment.ts";
import { listExecutions, type NodeRun } from "./executions.ts";

export type BranchRuns = { branch: string; runs: number };

/**
 * Counts how often items left each output of each node of a flow, from the executions that n8n recorded. Outputs without
 * a connection count too. A node that continues after its own failure, or whose purpose is to fail, has one more branch
 * for the failure.
 */
export async function countBranchRuns(environment: Environment, flow: Flow): Promise<BranchRuns[]> {
  const runs = await groupRunsByNode(environment, flow);
  const count = (node: Node, matches: (run: NodeRun) => boolean): number =>
    (runs.get(node.name) ?? []).filter(matches).length;
  return flow.nodes
    .filter(({ type }) => type !== STICKY_NOTE)
    .flatMap((node) => {
      const outputs = outputsOf(node);
      const branches = Array.from({ length: outputs }, (_, output) => {
        const targets = flow.connections[node.name]?.main[output]?.map((one) => one.node) ?? [];
        return {
          branch: `${node.name}${outputs > 1 ? ` [${output}]` : ""} → ${targets.join(", ") || "(nada más)"}`,
          runs: count(node, ({ data }) => (data?.main?.[output]?.length ?? 0) > 0),
        };
      });
      if (node.onError === "continueRegularOutput" || outputs === 0) {
        branches.push({ branch: `${node.name} → (falla)`, runs: count(node, hasFailed) });
      }
      return branches;
    });
}

function hasFailed({ error, data }: NodeRun): boolean {
  return error !== undefined || (data?.main?.flat().some((item) => item?.json["error"]) ?? false);
}

async function groupRunsByNode(
  environment: Environment,
  flow: Flow,
): Promise<Map<string, NodeRun[]>> {
  const runs = new Map<string, NodeRun[]>();
  for (const { data } of await listExecutions(environment, flow.name)) {
    for (const [node, added] of Object.entries(data.resultData.runData)) {
      runs.set(node, [...(runs.get(node) ?? []), ...added]);
    }
  }
  return runs;
}
