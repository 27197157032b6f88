import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Flow } from "../../scripts/flows/flow.ts";
import { OWNER_CHAT, ROOT, type Environment } from "./environment.ts";
import { listExecutions } from "./executions.ts";
import { publishFlow, publishRunnableFlow, readFlowWithStep } from "./publish-flow.ts";
import { waitForOwnerMessage } from "./owner-messages.ts";
import { waitUntil } from "../support/wait-until.ts";

const FLOW: [string, string] = ["respaldo-flujos.json", "Cada noche"];
const ROUTE = "/api/v1/respaldos/flujos";
/** Part of a query that only the flow sends to n8n. */
const FLOW_QUERY = "excludePinnedData=true";
/** Flows per page of n8n's API. */
const PAGE_SIZE = 100;

const RestoredFlow = z.object({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  description: z.unknown().optional(),
  nodes: z.array(z.unknown()),
  connections: z.unknown(),
  settings: z.unknown(),
  tags: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
});
type RestoredFlow = z.output<typeof RestoredFlow>;

export function backupSuite(getEnvironment: () => Environment): void {
  const {
    name: flowName,
    settings: flowSettings,
    nodes: [note],
  } = readFlowWithStep(...FLOW, {});
  let run: () => Promise<boolean>;
  const listFlows = async (): Promise<RestoredFlow[]> => {
    const { n8n } = getEnvironment();
    const response = await fetch(`${n8n.url}/api/v1/workflows?limit=250`, {
      headers: { "X-N8N-API-KEY": n8n.apiKey },
    });
    return z.object({ data: z.array(RestoredFlow) }).parse(await response.json()).data;
  };
  const createFlow = async (name: string, letters = 0): Promise<void> => {
    const nodes = note ? [{ ...note, parameters: { content: "ñ".repeat(letters) } }] : [];
    await getEnvironment().api.createWorkflow({
      name,
      nodes,
      connections: {},
      settings: flowSettings,
    });
  };
  const callService = async (path: string, key = getEnvironment().worker.key, body?: object) =>
    await fetch(getEnvironment().worker.address + path, {
      headers: { "x-api-key": key, "content-type": "application/json" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
  /** Runs the backup job, restores only the flows with `npm run restore`, and returns them. */
  const backUpAndRestore = async (): Promise<RestoredFlow[]> => {
    const { worker } = getEnvironment();
    const since = new Date().toISOString();
    await callService("/api/v1/trabajos-programados/copia-de-seguridad", worker.key, {});
    await waitUntil(async () => {
      const { respaldos } = z
        .object({ respaldos: z.array(z.object({ creada: z.string() })) })
        .parse(await (await callService("/api/v1/respaldos")).json());
      return respaldos.some(({ creada }) => creada >= since);
    }, "a new backup exists");
    const folder = mkdtempSync(join(tmpdir(), "asistente-flujos-"));
    try {
      const args = ["--url", worker.address, "--flujos", folder, "--solo-flujos"];
      await promisify(execFile)(
        process.execPath,
        ["--disable-warning=ExperimentalWarning", "scripts/backups.ts", "restore", ...args],
        { cwd: ROOT, env: { ...process.env, API_KEY: worker.key } },
      );
      return readdirSync(folder).map((file) =>
        RestoredFlow.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const sortById = (flows: RestoredFlow[]): RestoredFlow[] =>
    flows.toSorted((a, b) => (a.id < b.id ? -1 : 1));

  describe("respaldo-flujos", () => {
    afterAll(async () => {
      await publishFlow(getEnvironment(), readFlowWithStep(...FLOW, {}));
    });

    it("sends the flows of n8n to the service when its schedule is due", async () => {
      // Once a minute, for the first time in three seconds.
      const second = new Date(Date.now() + 3_000).getSeconds();
      const soon = {
        rule: { interval: [{ field: "cronExpression", expression: `${second} * * * * *` }] },
      };
      await publishFlow(getEnvironment(), readFlowWithStep(...FLOW, { parameters: soon }), {
        api_url: getEnvironment().apiProxy.url,
      });
      await waitUntil(
        async () =>
          (await listExecutions(getEnvironment(), flowName)).some(
            ({ status }) => status === "success",
          ),
        "a scheduled run succeeds",
      );
      const flows = sortById(await listFlows());
      expect(flows.map(({ name }) => name)).toContain(flowName);
      expect(sortById(await backUpAndRestore())).toEqual(flows);
      run = await publishRunnableFlow(getEnvironment(), FLOW);
    });

    it("sends the owner a hint what to check when n8n returns no flows", async () => {
      const { n8nProxy } = getEnvironment();
      n8nProxy.fail(FLOW_QUERY, { status: 401, body: { message: "unauthorized" } }, 3);
      expect(await run()).toBe(false);
      const message = await waitForOwnerMessage(getEnvironment(), "n8n no ha dado ningún flujo.");
      expect(message).toContain("Comprueba en la credencial «API de n8n»");
      expect(message).toContain("llevará los de la anterior");
      n8nProxy.fail(FLOW_QUERY, { status: 200, body: { data: [], nextCursor: null } }, 1);
      expect(await run()).toBe(false);
      // n8n's own page, which it returns when the URL has no /api/v1.
      n8nProxy.fail(FLOW_QUERY, { status: 200, body: "<html>n8n</html>" }, 1);
      expect(await run()).toBe(false);
      await waitUntil(
        () =>
          getEnvironment()
            .telegram.messagesTo(OWNER_CHAT)
            .filter(({ text }) => text?.includes("ningún flujo")).length === 3,
        "the owner gets one message for each failure",
      );
    });

    it("sends the owner the error message of the service, or a notice that the service does not respond", async () => {
      const { apiProxy } = getEnvironment();
      const created = await callService("/api/v1/claves", undefined, {
        ...{ nombre: "sin permiso", permisos: ["procesar"], cliente: "principal" },
      });
      const { clave } = z.object({ clave: z.string() }).parse(await created.json());
      const refusal = await callService(ROUTE, clave, { flujos: [] });
      const body = z.record(z.string(), z.unknown()).parse(await refusal.json());
      apiProxy.fail(ROUTE, { status: refusal.status, body }, 1);
      expect(await run()).toBe(false);
      await waitForOwnerMessage(
        getEnvironment(),
        "Los flujos no se han guardado. Esta ruta necesita una clave con el permiso «flujos».",
      );
      apiProxy.fail(ROUTE, "drop", 3);
      expect(await run()).toBe(false);
      await waitForOwnerMessage(
        getEnvironment(),
        "Los flujos no se han guardado. El asistente no responde",
      );
    });

    it("sends every flow when they fill several pages and several requests", async () => {
      await Promise.all(
        Array.from({ length: PAGE_SIZE }, (_, index) => createFlow(`Peque ${index}`)),
      );
      // Two bytes per letter: one request cannot hold both.
      await createFlow("Grande 1", 300_000);
      await createFlow("Grande 2", 300_000);
      const before = await listFlows();
      expect(before.length).toBeGreaterThan(PAGE_SIZE);
      expect(await run()).toBe(true);
      const restored = sortById(await backUpAndRestore());
      expect(restored).toEqual(sortById(before));

      const { api } = getEnvironment();
      const { name, nodes, connections, settings } = restored.find(
        (flow) => flow.name === "Asistente · Telegram",
      ) as unknown as Flow;
      const { id } = await api.createWorkflow({
        name: `${name} (recuperado)`,
        nodes,
        connections,
        settings,
      });
      const imported = (await listFlows()).find((flow) => flow.id === id);
      expect(imported).toMatchObject({ nodes, connections });
    });

    it("sends the other flows when one is too large, and names it to the owner", async () => {
      await createFlow("Enorme", 600_000);
      expect(await run()).toBe(false);
      await waitForOwnerMessage(getEnvironment(), "menos estos, que pasan de 1 MB: Enorme.");
      const restored = sortById(await backUpAndRestore());
      expect(restored).toEqual(
        sortById((await listFlows()).filter(({ name }) => name !== "Enorme")),
      );
    });
  });
}
