import { z } from "zod";
import type { Flow } from "./flow.ts";

const Listed = z.object({ id: z.string(), name: z.string() });
const Credential = Listed.extend({ type: z.string() });
const Workflow = Listed.extend({
  active: z.boolean(),
  nodes: z.array(
    z.looseObject({ name: z.string(), parameters: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
export type Credential = z.output<typeof Credential>;
export type Workflow = z.output<typeof Workflow>;

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullish() });

const TIMEOUT_MS = 30_000;

/** n8n would not do it; the message is Spanish and says what to do. */
export class N8nError extends Error {
  override readonly name = "N8nError";
}

/** The public API of an n8n, as far as flows are put into it. */
export function n8nApi(url: string, apiKey: string) {
  async function call(method: string, path: string, body?: object): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(new URL(`/api/v1${path}`, url), {
        method,
        headers: { "X-N8N-API-KEY": apiKey, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      throw new N8nError(
        `n8n no responde en ${url}. ¿Está en marcha? La dirección va en N8N_URL.`,
        { cause },
      );
    }
    if (response.status === 401) {
      throw new N8nError(
        "n8n no acepta la clave. Crea una en n8n, Settings → n8n API, y ponla en N8N_API_KEY.",
      );
    }
    const text = await response.text();
    if (!response.ok)
      throw new N8nError(
        `n8n respondió ${response.status} a ${method} ${path}: ${text.slice(0, 500)}`,
      );
    return text === "" ? undefined : JSON.parse(text);
  }

  async function list<T extends z.ZodType>(path: string, item: T): Promise<z.output<T>[]> {
    const found: z.output<T>[] = [];
    let cursor = "";
    do {
      const query = new URLSearchParams({ limit: "100", ...(cursor && { cursor }) });
      const page = pageOf(item).parse(await call("GET", `${path}?${query.toString()}`));
      found.push(...page.data);
      cursor = page.nextCursor ?? "";
    } while (cursor !== "");
    return found;
  }

  return {
    credentials: async () => await list("/credentials", Credential),
    workflows: async () => await list("/workflows", Workflow),
    createCredential: async (name: string, type: string, data: object) =>
      Credential.parse(await call("POST", "/credentials", { name, type, data })),
    createWorkflow: async (flow: Omit<Flow, "id">) =>
      Listed.parse(await call("POST", "/workflows", flow)),
    updateWorkflow: async (id: string, flow: Omit<Flow, "id">) =>
      Listed.parse(await call("PUT", `/workflows/${id}`, flow)),
    publishWorkflow: async (id: string) => void (await call("POST", `/workflows/${id}/activate`)),
  };
}

export type N8nApi = ReturnType<typeof n8nApi>;
