import { z } from "zod";
import {
  JOB_NAMES,
  RUN_ORIGINS,
  RUN_RESULTS,
  type FinishedRun,
  type JobDefinition,
} from "../job.ts";
import type { JobEntry } from "../job-ledger.store.ts";
import { nextDueMs, type Cron } from "../schedule.ts";

const Instant = z.iso.datetime();

const Ejecucion = z.strictObject({
  ejecucion_id: z.uuid(),
  origen: z
    .enum(RUN_ORIGINS)
    .describe("A su hora, recuperado más tarde porque se había perdido, o por esta API."),
  inicio: Instant,
  fin: Instant,
  resultado: z.enum(RUN_RESULTS),
  recuentos: z.record(z.string(), z.number()).describe("Lo que hizo, en números."),
  error: z.string().nullable().describe("Por qué falló; nulo si no falló."),
});

export const TrabajosProgramadosReply = z.strictObject({
  success: z.literal(true),
  trabajos: z.array(
    z.strictObject({
      nombre: z.enum(JOB_NAMES),
      descripcion: z.string(),
      cuando: z.array(z.string()).describe("En UTC."),
      estado: z.enum(["en_marcha", "en_espera"]),
      en_marcha: z
        .strictObject({ ejecucion_id: z.uuid(), origen: z.enum(RUN_ORIGINS), inicio: Instant })
        .nullable(),
      ultima: Ejecucion.nullable().describe("La última que terminó."),
      ultima_completada: Instant.nullable().describe("Cuándo terminó bien por última vez."),
      proxima: Instant.describe("A partir de cuándo le toca."),
    }),
  ),
});

export const EjecutarTrabajoReply = z.strictObject({
  success: z.literal(true),
  mensaje: z.string(),
  nombre: z.enum(JOB_NAMES),
  ejecucion_id: z.uuid(),
  estado: z.literal("en_marcha"),
  nueva: z.boolean().describe("false: ya estaba en marcha y no se ha empezado otra."),
  inicio: Instant,
});

type Trabajo = z.input<typeof TrabajosProgramadosReply>["trabajos"][number];

const CRON_DESCRIPTIONS: Record<Cron, string> = {
  everyFiveMinutes: "cada 5 minutos",
  nightly: "cada día a las 02:00",
  weekly: "cada lunes a las 06:00",
};

export function toTrabajo(job: JobDefinition, entry: JobEntry | undefined, nowMs: number): Trabajo {
  const current = entry?.current ?? null;
  const completedAtMs = entry?.completedAtMs ?? null;
  return {
    nombre: job.name,
    descripcion: job.summary,
    cuando: job.crons.map((cron) => CRON_DESCRIPTIONS[cron]),
    estado: current ? "en_marcha" : "en_espera",
    en_marcha: current && {
      ejecucion_id: current.id,
      origen: current.origin,
      inicio: instant(current.startedAtMs),
    },
    ultima: entry?.last ? toEjecucion(entry.last) : null,
    ultima_completada: completedAtMs === null ? null : instant(completedAtMs),
    proxima: instant(nextDueMs(job.crons, nowMs)),
  };
}

function toEjecucion(run: FinishedRun): z.input<typeof Ejecucion> {
  return {
    ejecucion_id: run.id,
    origen: run.origin,
    inicio: instant(run.startedAtMs),
    fin: instant(run.endedAtMs),
    resultado: run.result,
    recuentos: run.counts,
    error: run.error,
  };
}

export function instant(ms: number): string {
  return new Date(ms).toISOString();
}
