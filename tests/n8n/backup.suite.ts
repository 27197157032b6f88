import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Flow } from "../../scripts/flows/flow.ts";
import { executionsOf } from "./driven.ts";
import {
  flowWith,
  OWNER_CHAT,
  putFlow,
  putRunnable,
  ROOT,
  type Stage,
  toldTheOwner,
  until,
} from "./stage.ts";

const FLOW: [string, string] = ["respaldo-flujos.json", "Cada noche"];
const ROUTE = "/api/v1/respaldos/flujos";
/** What only the flow asks n8n for. */
const ASKED = "excludePinnedData=true";
const PAGE = 100;

const Kept = z.object({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  description: z.unknown().optional(),
  nodes: z.array(z.unknown()),
  connections: z.unknown(),
  settings: z.unknown(),
  tags: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
});
type Kept = z.output<typeof Kept>;

export function backupSuite(stage: () => Stage): void {
  const {
    name: itsName,
    settings: itsSettings,
    nodes: [note],
  } = flowWith(...FLOW, {});
  let run: () => Promise<boolean>;
  const inN8n = async (): Promise<Kept[]> => {
    const { n8n } = stage();
    const response = await fetch(`${n8n.url}/api/v1/workflows?limit=250`, {
      headers: { "X-N8N-API-KEY": n8n.apiKey },
    });
    return z.object({ data: z.array(Kept) }).parse(await response.json()).data;
  };
  const create = async (name: string, letters = 0): Promise<void> => {
    const nodes = note ? [{ ...note, parameters: { content: "ñ".repeat(letters) } }] : [];
    await stage().api.createWorkflow({ name, nodes, connections: {}, settings: itsSettings });
  };
  const service = async (path: string, key = stage().worker.key, body?: object) =>
    await fetch(stage().worker.address + path, {
      headers: { "x-api-key": key, "content-type": "application/json" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
  /** The backup of a night, made now, and the flows in it, as a person gets them back. */
  const backUpAndRestore = async (): Promise<Kept[]> => {
    const { worker } = stage();
    const since = new Date().toISOString();
    await service("/api/v1/trabajos-programados/copia-de-seguridad", worker.key, {});
    await until(async () => {
      const { respaldos } = z
        .object({ respaldos: z.array(z.object({ creada: z.string() })) })
        .parse(await (await service("/api/v1/respaldos")).json());
      return respaldos.some(({ creada }) => creada >= since);
    }, "a backup");
    const folder = mkdtempSync(join(tmpdir(), "asistente-flujos-"));
    try {
      const args = ["--url", worker.address, "--flujos", folder, "--solo-flujos"];
      await promisify(execFile)(
        process.execPath,
        ["--disable-warning=ExperimentalWarning", "scripts/backups.ts", "restore", ...args],
        { cwd: ROOT, env: { ...process.env, API_KEY: worker.key } },
      );
      return readdirSync(folder).map((file) =>
        Kept.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const byId = (flows: Kept[]): Kept[] => flows.toSorted((a, b) => (a.id < b.id ? -1 : 1));

  describe("respaldo-flujos", () => {
    afterAll(async () => {
      await putFlow(stage(), flowWith(...FLOW, {}));
    });

    it("sends at its time what n8n has", async () => {
      // Once a minute, and the first time in three seconds.
      const second = new Date(Date.now() + 3_000).getSeconds();
      const soon = {
        rule: { interval: [{ field: "cronExpression", expression: `${second} * * * * *` }] },
      };
      await putFlow(stage(), flowWith(...FLOW, { parameters: soon }), {
        api_url: stage().gateway.url,
      });
      await until(
        async () =>
          (await executionsOf(stage(), itsName)).some(({ status }) => status === "success"),
        "a run that ends well",
      );
      const has = byId(await inN8n());
      expect(has.map(({ name }) => name)).toContain(itsName);
      expect(byId(await backUpAndRestore())).toEqual(has);
      run = await putRunnable(stage(), FLOW);
    });

    it("tells its owner what to look at when n8n gives no flows", async () => {
      const { n8nGateway } = stage();
      n8nGateway.fail(ASKED, { status: 401, body: { message: "unauthorized" } }, 3);
      expect(await run()).toBe(false);
      const told = await toldTheOwner(stage(), "n8n no ha dado ningún flujo.");
      expect(told).toContain("Comprueba en la credencial «API de n8n»");
      expect(told).toContain("llevará los de la anterior");
      n8nGateway.fail(ASKED, { status: 200, body: { data: [], nextCursor: null } }, 1);
      expect(await run()).toBe(false);
      // The page of n8n itself, where the address has no /api/v1.
      n8nGateway.fail(ASKED, { status: 200, body: "<html>n8n</html>" }, 1);
      expect(await run()).toBe(false);
      await until(
        () =>
          stage()
            .telegram.messagesTo(OWNER_CHAT)
            .filter(({ text }) => text?.includes("ningún flujo")).length === 3,
        "the owner is told each time",
      );
    });

    it("tells its owner what the assistant said, or that it does not answer", async () => {
      const { gateway } = stage();
      const made = await service("/api/v1/claves", undefined, {
        ...{ nombre: "sin permiso", permisos: ["procesar"], cliente: "principal" },
      });
      const { clave } = z.object({ clave: z.string() }).parse(await made.json());
      const refusal = await service(ROUTE, clave, { flujos: [] });
      const body = z.record(z.string(), z.unknown()).parse(await refusal.json());
      gateway.fail(ROUTE, { status: refusal.status, body }, 1);
      expect(await run()).toBe(false);
      await toldTheOwner(
        stage(),
        "Los flujos no se han guardado. Esta ruta necesita una clave con el permiso «flujos».",
      );
      gateway.fail(ROUTE, "drop", 3);
      expect(await run()).toBe(false);
      await toldTheOwner(stage(), "Los flujos no se han guardado. El asistente no responde");
    });

    it("sends all of them, also when they fill several pages and several requests", async () => {
      await Promise.all(Array.from({ length: PAGE }, (_, index) => create(`Peque ${index}`)));
      // Two bytes a letter: no two of them in one request.
      await create("Grande 1", 300_000);
      await create("Grande 2", 300_000);
      const before = await inN8n();
      expect(before.length).toBeGreaterThan(PAGE);
      expect(await run()).toBe(true);
      const kept = byId(await backUpAndRestore());
      expect(kept).toEqual(byId(before));

      const { api } = stage();
      const { name, nodes, connections, settings } = kept.find(
        (one) => one.name === "Asistente · Telegram",
      ) as unknown as Flow;
      const { id } = await api.createWorkflow({
        name: `${name} (recuperado)`,
        nodes,
        connections,
        settings,
      });
      const restored = (await inN8n()).find((one) => one.id === id);
      expect(restored).toMatchObject({ nodes, connections });
    });

    it("sends what fits when one does not, and names that one", async () => {
      await create("Enorme", 600_000);
      expect(await run()).toBe(false);
      await toldTheOwner(stage(), "menos estos, que pasan de 1 MB: Enorme.");
      const kept = byId(await backUpAndRestore());
      expect(kept).toEqual(byId((await inN8n()).filter(({ name }) => name !== "Enorme")));
    });
  });
}
