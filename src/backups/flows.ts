import { z } from "zod";
import type { Config } from "../config.ts";
import { chunksOf } from "./streams.ts";

const TIMEOUT_MS = 30_000;
const PAGE_FLOWS = 50;
const MAX_PAGES = 20;
export const MAX_FLOW_BYTES = 1_000_000;
const MAX_PAGE_BYTES = 20_000_000;

/**
 * A flow as n8n exports it: credentials are in it by name and never by what they hold. What runs have left in it
 * (`staticData`, `pinData`) and who it is shared with stay out: that is people's data and no part of the flow.
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

/** n8n did not give its flows. The message holds no key and nothing that n8n said. */
export class FlowsError extends Error {
  override readonly name = "FlowsError";
}

/**
 * Every flow of the n8n that the settings name, through its public API, page by page.
 * @throws {FlowsError}
 */
export async function* flowsOf(api: { url: string; key: string }): AsyncGenerator<FlowFile[]> {
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
}: Config): { url: string; key: string } | null {
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
    throw new FlowsError("n8n does not answer", { cause });
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new FlowsError(`n8n answered ${response.status}`);
  }
  try {
    return FlowPage.parse(JSON.parse(await boundedText(response)));
  } catch (cause) {
    throw new FlowsError("n8n answered with something that is no list of flows", { cause });
  }
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ? chunksOf(response.body) : []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_PAGE_BYTES) throw new FlowsError("n8n answered with too much");
  }
  return text;
}
