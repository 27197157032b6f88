import { z } from "zod";
import type { Flow } from "../../scripts/flows/flow.ts";
import type { Stage } from "./stage.ts";

const Run = z.object({
  data: z.object({ main: z.array(z.array(z.unknown()).nullable()).optional() }).optional(),
});
const Execution = z.object({
  data: z.object({ resultData: z.object({ runData: z.record(z.string(), z.array(Run)) }) }),
});
const Page = z.object({ data: z.array(Execution), nextCursor: z.string().nullish() });

/** Every way out of every step of a flow, and how often something went that way, by what n8n recorded. */
export async function drivenBranches(
  { n8n, api }: Stage,
  flow: Flow,
): Promise<{ branch: string; times: number }[]> {
  const id = (await api.workflows()).find(({ name }) => name === flow.name)?.id ?? "";
  const times = new Map<string, number>();
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
    for (const { data } of page.data) {
      for (const [node, runs] of Object.entries(data.resultData.runData)) {
        for (const output of runs.flatMap(
          (run) => run.data?.main?.flatMap((items, index) => (items?.length ? index : [])) ?? [],
        )) {
          const key = `${node}/${output}`;
          times.set(key, (times.get(key) ?? 0) + 1);
        }
      }
    }
    cursor = page.nextCursor ?? "";
  } while (cursor !== "");
  return Object.entries(flow.connections).flatMap(([node, { main }]) =>
    main.flatMap((targets, output) =>
      targets.length === 0
        ? []
        : {
            branch: `${node}${main.length > 1 ? ` [${output}]` : ""} → ${targets.map((one) => one.node).join(", ")}`,
            times: times.get(`${node}/${output}`) ?? 0,
          },
    ),
  );
}
