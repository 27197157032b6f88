import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { readSettings } from "./lib/settings.ts";
import { currentRun } from "./lib/state.ts";

const REQUEST_LIMIT_MS = 30_000;
const POLL_MS = 500;
/** The longest that a run may take, and a little. */
const RUN_LIMIT_MS = 13 * 60 * 60_000;

const Refusal = z.object({ mensaje: z.string() });
const Begun = z.object({ ejecucion_id: z.string(), mensaje: z.string() });
const Listed = z.object({
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
type Ask = (path: string, method?: "POST") => Promise<{ ok: boolean; body: unknown }>;

/** `npm run job -- <nombre>`: does a job of the running service now, and waits for its end. Without a name: lists them. */
async function job(name: string | undefined): Promise<number> {
  const run = currentRun();
  if (!run) {
    console.error("✗ No hay ningún servicio en marcha en esta carpeta: npm start.");
    return 1;
  }
  const { apiKey } = readSettings(process.env);
  const ask: Ask = async (path, method) => {
    const response = await fetch(new URL(`/api/v1/trabajos-programados${path}`, run.address), {
      method: method ?? "GET",
      headers: { "x-api-key": apiKey },
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
    return { ok: response.ok, body: await response.json() };
  };

  if (name === undefined) {
    const { trabajos } = Listed.parse((await ask("")).body);
    for (const { nombre, cuando, descripcion } of trabajos) {
      console.log(`${nombre} (${cuando.join(", ")}, UTC): ${descripcion}`);
    }
    return 0;
  }
  const begun = await ask(`/${encodeURIComponent(name)}`, "POST");
  if (!begun.ok) {
    console.error(`✗ ${Refusal.parse(begun.body).mensaje}`);
    return 1;
  }
  const { ejecucion_id, mensaje } = Begun.parse(begun.body);
  console.log(mensaje);
  return await waitForEnd(ask, ejecucion_id);
}

async function waitForEnd(ask: Ask, runId: string): Promise<number> {
  const endMs = Date.now() + RUN_LIMIT_MS;
  while (Date.now() < endMs) {
    const { trabajos } = Listed.parse((await ask("")).body);
    const ended = trabajos.find(({ ultima }) => ultima?.ejecucion_id === runId)?.ultima;
    if (ended) {
      const counts = Object.entries(ended.recuentos).map(([what, count]) => `${what}: ${count}`);
      console.log(counts.join("\n"));
      console.log(ended.error === null ? "✓ completada" : `✗ fallida: ${ended.error}`);
      return ended.error === null ? 0 : 1;
    }
    await wait(POLL_MS);
  }
  console.error("✗ No ha terminado.");
  return 1;
}

process.exitCode = await job(process.argv[2]);
