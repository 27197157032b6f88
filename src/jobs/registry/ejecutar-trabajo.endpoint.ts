import { contentJson } from "chanfana";
import { z } from "zod";
import type { AppContext } from "../../http/context.ts";
import { AppError } from "../../errors.ts";
import { Endpoint } from "../../http/endpoint.ts";
import { problemResponses } from "../../http/problem-responses.ts";
import { JOB_NAMES } from "../job.ts";
import { findJob, JOBS } from "./registry.ts";
import { EjecutarTrabajoReply, instant } from "./trabajos-programados.schemas.ts";

const Params = z.strictObject({
  nombre: z.enum(JOB_NAMES).meta({ example: "mantenimiento" }),
});

const SCHEMA = {
  tags: ["Administración"],
  operationId: "ejecutarTrabajo",
  summary: "Empieza ahora un trabajo programado",
  description:
    "Empieza y responde; cómo termina se lee en `GET /api/v1/trabajos-programados`. Si ya estaba en marcha no se empieza otra vez: se dice cuál es. Repetir un trabajo no hace daño.",
  request: { params: Params },
  responses: {
    "200": { description: "Ya estaba en marcha.", ...contentJson(EjecutarTrabajoReply) },
    "202": { description: "Ha empezado.", ...contentJson(EjecutarTrabajoReply) },
    ...problemResponses(["no_autenticado", "no_encontrado"]),
  },
};

export class EjecutarTrabajoEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const job = findJob(c.req.param("nombre") ?? "");
    if (!job) {
      const names = JOBS.map(({ name }) => name).join(", ");
      throw new AppError("no_encontrado", {
        detail: `No hay ningún trabajo con ese nombre. Los que hay: ${names}.`,
      });
    }
    const { isNew, runId, startedAtMs } = await c.get("deps").jobs.start(job.name);
    const body: z.input<typeof EjecutarTrabajoReply> = {
      success: true,
      mensaje: isNew ? `Ha empezado «${job.name}».` : `«${job.name}» ya estaba en marcha.`,
      nombre: job.name,
      ejecucion_id: runId,
      estado: "en_marcha",
      nueva: isNew,
      inicio: instant(startedAtMs),
    };
    return c.json(body, isNew ? 202 : 200);
  }
}
