import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../../http/context.ts";
import { Endpoint } from "../../http/endpoint.ts";
import { problemResponses } from "../../http/problem-responses.ts";
import { JOBS } from "./registry.ts";
import { toTrabajo, TrabajosProgramadosReply } from "./trabajos-programados.schemas.ts";

const SCHEMA = {
  tags: ["Administración"],
  operationId: "trabajosProgramados",
  summary: "Lista los trabajos programados",
  description:
    "Qué hace el reloj del servicio, cómo fue la última vez y cuándo vuelve a tocar. También responde cuando la base de datos no lo hace.",
  responses: {
    "200": { description: "Los trabajos.", ...contentJson(TrabajosProgramadosReply) },
    ...problemResponses(["no_autenticado"]),
  },
};

export class TrabajosProgramadosEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { jobs, now } = c.get("deps");
    const entries = await jobs.entries();
    const body: z.input<typeof TrabajosProgramadosReply> = {
      success: true,
      trabajos: JOBS.map((job) =>
        toTrabajo(
          job,
          entries.find((entry) => entry.job === job.name),
          now(),
        ),
      ),
    };
    return c.json(body);
  }
}
