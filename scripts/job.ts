import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { runMain } from "./lib/run-main.ts";
import { callService, type Service } from "./lib/service.ts";
import { readSettings } from "./lib/settings.ts";
import { findRunningService } from "./lib/state.ts";

const JOBS_PATH = "/api/v1/trabajos-programados";
const REQUEST_TIMEOUT_MS = 30_000;
const POLL_MS = 500;
/** A job runs for at most 12 hours. */
const RUN_TIMEOUT_MS = 13 * 60 * 60_000;

const ErrorReply = z.object({ mensaje: z.string() });
const StartReply = z.object({ ejecucion_id: z.string(), mensaje: z.string() });
const ListReply = z.object({
  trabajos: z.array(
    z.object({
      nombre: z.string(),
      descripcion: z.string(),
      cuando: z.array(z.string()),
      ultima: z
        .object({
          ejecucion_id: z.string(),
          resultado: z.string(),
          recuentos: z.record(z.string(), z.number()),
          error: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
});
type ListedJob = z.output<typeof ListReply>["trabajos"][number];

/** `npm run job -- <name>`: runs a job of the local service now and waits for its end. Without a name, lists the jobs. */
async function main(name: string | undefined): Promise<number> {
  const running = findRunningService();
  if (!running) {
    console.error("✗ No hay ningún servicio en marcha en esta carpeta: npm start.");
    return 1;
  }
  const { apiKey } = readSettings(process.env);
  const service = { address: running.address, apiKey };
  return name === undefined ? await printJobs(service) : await runJob(service, name);
}

async function printJobs(service: Service): Promise<number> {
  for (const { nombre, cuando, descripcion } of await fetchJobs(service)) {
    console.log(`${nombre} (${cuando.join(", ")}, UTC): ${descripcion}`);
  }
  return 0;
}

async function runJob(service: Service, name: string): Promise<number> {
  const response = await callService(service, `${JOBS_PATH}/${encodeURIComponent(name)}`, {
    method: "POST",
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  const reply = await response.json();
  if (!response.ok) {
    console.error(`✗ ${ErrorReply.parse(reply).mensaje}`);
    return 1;
  }
  const { ejecucion_id, mensaje } = StartReply.parse(reply);
  console.log(mensaje);
  return await waitForEnd(service, ejecucion_id);
}

async function waitForEnd(service: Service, runId: string): Promise<number> {
  const deadlineMs = Date.now() + RUN_TIMEOUT_MS;
  while (Date.now() < deadlineMs) {
    const jobs = await fetchJobs(service);
    const lastRun = jobs.find(({ ultima }) => ultima?.ejecucion_id === runId)?.ultima;
    if (lastRun) {
      const counts = Object.entries(lastRun.recuentos).map(
        ([label, count]) => `${label}: ${count}`,
      );
      console.log(counts.join("\n"));
      console.log(lastRun.error === null ? "✓ completada" : `✗ fallida: ${lastRun.error}`);
      return lastRun.error === null ? 0 : 1;
    }
    await wait(POLL_MS);
  }
  console.error("✗ No ha terminado.");
  return 1;
}

async function fetchJobs(service: Service): Promise<ListedJob[]> {
  const response = await callService(service, JOBS_PATH, { timeoutMs: REQUEST_TIMEOUT_MS });
  return ListReply.parse(await response.json()).trabajos;
}

await runMain(() => main(process.argv[2]));
