import { z } from "zod";
import { UserError } from "../lib/user-error.ts";
import type { Flow } from "./flow.ts";

const NamedItem = z.object({ id: z.string(), name: z.string() });
const Credential = NamedItem.extend({ type: z.string() });
const Workflow = NamedItem.extend({
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

export type N8nApi = ReturnType<typeof createN8nApi>;

/** The part of n8n's public API that an import needs. Its functions throw a UserError if n8n rejects a request. */
export function createN8nApi(url: string, apiKey: string) {
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
      throw new UserError(
        `n8n no responde en ${url}. ¿Está en marcha? La dirección va en N8N_URL.`,
        { cause },
      );
    }
    if (response.status === 401) {
      throw new UserError(
        "n8n no acepta la clave. Crea una en n8n, Settings → n8n API, y ponla en N8N_API_KEY.",
      );
    }
    const text = await response.text();
    if (!response.ok) {
      throw new UserError(
        `n8n respondió ${response.status} a ${method} ${path}: ${text.slice(0, 500)}`,
      );
    }
    return text === "" ? undefined : JSON.parse(text);
  }

  async function listAll<T extends z.ZodType>(path: string, item: T): Promise<z.output<T>[]> {
    const items: z.output<T>[] = [];
    let cursor = "";
    do {
      const query = new URLSearchParams({ limit: "100", ...(cursor && { cursor }) });
      const page = pageOf(item).parse(await call("GET", `${path}?${query.toString()}`));
      items.push(...page.data);
      cursor = page.nextCursor ?? "";
    } while (cursor !== "");
    return items;
  }

  return {
    listCredentials: async () => await listAll("/credentials", Credential),
    listWorkflows: async () => await listAll("/workflows", Workflow),
    createCredential: async (name: string, type: string, data: object) =>
      Credential.parse(await call("POST", "/credentials", { name, type, data })),
    createWorkflow: async (flow: Omit<Flow, "id">) =>
      NamedItem.parse(await call("POST", "/workflows", flow)),
    updateWorkflow: async (id: string, flow: Omit<Flow, "id">) =>
      NamedItem.parse(await call("PUT", `/workflows/${id}`, flow)),
    publishWorkflow: async (id: string) => void (await call("POST", `/workflows/${id}/activate`)),
  };
}
