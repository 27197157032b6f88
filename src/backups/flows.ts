import { z } from "zod";
import type { Config } from "../config.ts";
import { chunksOf } from "./streams.ts";

const TIMEOUT_MS = 30_000;
const PAGE_FLOWS = 50;
const MAX_PAGES = 20;
const MAX_FLOW_BYTES = 1_000_000;
const MAX_PAGE_BYTES = 20_000_000;

/**
 * A flow as n8n exports it: it names credentials but never contains their secrets. Data of executions (`staticData`,
 * `pinData`) and sharing information are dropped: they are personal data and not part of the flow.
 */
export const FlowFile = z
  .object({
    id: z.string().min(1).max(64),
    name: z.string().min(1).max(256),
    active: z.boolean().optional(),
    description: z.string().nullish(),
    nodes: z.array(z.record(z.string(), z.unknown())),
    connections: z.record(z.string(), z.unknown()),
    settings: z.record(z.string(), z.unknown()).nullish(),
    tags: z.array(z.object({ id: z.string().optional(), name: z.string() })).optional(),
  })
  .refine((flow) => JSON.stringify(flow).length <= MAX_FLOW_BYTES, "supera 1 MB");
export type FlowFile = z.output<typeof FlowFile>;

const FlowPage = z.object({ data: z.array(FlowFile), nextCursor: z.string().nullish() });

/** Fetching the flows from n8n failed. The message contains no key and nothing of the response. */
class FlowsError extends Error {
  override readonly name = "FlowsError";
}

/**
 * Yields every flow of the configured n8n through its public API, page by page.
 * @throws {FlowsError}
 */
export async function* fetchFlows(api: { url: string; key: string }): AsyncGenerator<FlowFile[]> {
  let cursor = "";
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { data, nextCursor } = await fetchPage(api, cursor);
    yield data;
    if (!nextCursor) return;
    cursor = nextCursor;
  }
  throw new FlowsError(`n8n has more than ${MAX_PAGES * PAGE_FLOWS} flows`);
}

export function flowsApi({
  N8N_API_URL,
  N8N_API_KEY,
}: Pick<Config, "N8N_API_URL" | "N8N_API_KEY">): { url: string; key: string } | null {
  return N8N_API_URL === undefined || N8N_API_KEY === undefined
    ? null
    : { url: N8N_API_URL, key: N8N_API_KEY };
}

async function fetchPage(
  { url, key }: { url: string; key: string },
  cursor: string,
): Promise<z.output<typeof FlowPage>> {
  const query = new URLSearchParams({ limit: String(PAGE_FLOWS), ...(cursor && { cursor }) });
  let response: Response;
  try {
    response = await fetch(`${url}/api/v1/workflows?${query.toString()}`, {
      headers: { "X-N8N-API-KEY": key, accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new FlowsError("n8n cannot be reached", { cause });
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new FlowsError(`n8n responded ${response.status}`);
  }
  try {
    return FlowPage.parse(JSON.parse(await boundedText(response)));
  } catch (cause) {
    throw new FlowsError("n8n responded with an invalid list of flows", { cause });
  }
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ? chunksOf(response.body) : []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_PAGE_BYTES) throw new FlowsError("The response of n8n is too large");
  }
  return text;
}
