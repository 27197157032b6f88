import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeEach, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { parseConfig } from "../../src/config.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { jobStub } from "../../src/jobs/runner/job-stub.ts";
import { call } from "../support/client.ts";
import { runJob } from "../support/run-job.ts";
import { setPostgres } from "../support/set-postgres.ts";

const config = parseConfig({ ...env });
const direct = hyperdriveDatabase({ connectionString: inject("postgresUrl") });
const Rows = z.object({ rows: z.array(z.object({ resultado: z.string() })) });

async function rowsOf(runId: string): Promise<string[]> {
  const result = await direct.query(5_000, (db) =>
    db.execute(sql`SELECT resultado FROM ejecuciones WHERE id = ${runId}::uuid`),
  );
  return Rows.parse(result).rows.map(({ resultado }) => resultado);
}

beforeEach(() => setPostgres("up"));

it.for(["down", "silent", "forgetful"] as const)(
  "runs and lists a job while PostgreSQL is %s, and delivers its row once afterwards",
  async (state) => {
    await setPostgres(state);
    const run = await runJob("entregar-pendientes");
    expect(run.result).toBe("completada");
    const { status, text } = await call("/api/v1/trabajos-programados");
    expect(status).toBe(200);
    expect(text).toContain(run.id);
    if (state !== "forgetful") expect(await rowsOf(run.id)).toEqual([]);

    await setPostgres("up");
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(jobStub(env, config, run.job));
      expect(await rowsOf(run.id)).toEqual(["completada"]);
    }, 10_000);
  },
);

it("fails mantenimiento with a reason while PostgreSQL is down, and delivers its row afterwards", async () => {
  await setPostgres("down");
  const run = await runJob("mantenimiento");
  expect(run.result).toBe("fallida");
  expect(run.error).toContain("El historial no responde");
  await setPostgres("up");
  await vi.waitFor(async () => {
    await runDurableObjectAlarm(jobStub(env, config, run.job));
    expect(await rowsOf(run.id)).toEqual(["fallida"]);
  }, 10_000);
});
