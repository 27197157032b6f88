import { z } from "zod";
import { AppError } from "../errors.ts";
import type { Bucket, StoredBackup } from "./bucket.ts";
import { FlowFile } from "./flows.ts";
import { BackupId, PartName } from "./manifest.schemas.ts";

const MAX_FLOWS = 100;
/** Requests of one sending. With full request bodies this is far more than an n8n instance has. */
const MAX_REQUESTS = 200;

export const RespaldoParams = z.strictObject({
  id: BackupId.meta({ example: "20261125T020000123Z" }),
});
export const ParteParams = RespaldoParams.extend({
  parte: PartName.meta({ example: "20261125T020000123Z.consultas_ia.0001.jsonl.gz" }),
});

export const RespaldosReply = z.strictObject({
  success: z.literal(true),
  respaldos: z.array(
    z.strictObject({
      id: BackupId,
      creada: z.iso.datetime(),
      filas: z.int(),
      bytes: z
        .int()
        .describe("De todas sus partes, también las que comparte con copias anteriores."),
      version: z.string().describe("Del programa que la hizo."),
      migracion: z.string().describe("Hasta dónde llegaba el esquema de la base de datos."),
      cifrada: z.boolean(),
      buena: z.boolean().describe("false: al leerla entera se encontró algo dañado."),
      verificada: z.iso.datetime().nullable().describe("Cuándo se leyó entera; nulo si aún no."),
    }),
  ),
});

export function toRespaldo(
  backup: StoredBackup,
): z.input<typeof RespaldosReply>["respaldos"][number] {
  const { id, atMs, rows, bytes, version, migration, isEncrypted, isGood, verification } = backup;
  return {
    ...{ id, creada: new Date(atMs).toISOString(), filas: rows, bytes, version },
    ...{ migracion: migration, cifrada: isEncrypted, buena: isGood },
    verificada: verification && new Date(verification.atMs).toISOString(),
  };
}

export const BorradosReply = z.strictObject({
  success: z.literal(true),
  borrados: z.array(
    z.strictObject({
      cliente: z.string(),
      chat_id: z.int(),
      hasta: z.iso.datetime().describe("Se borró lo que hubiera hasta este instante, incluido."),
    }),
  ),
});

export const FlujosBody = z
  .strictObject({
    flujos: z
      .array(FlowFile)
      .min(1, "debe haber al menos uno")
      .max(MAX_FLOWS, `debe haber como mucho ${MAX_FLOWS}`)
      .describe(
        "Tal como los exporta n8n. De cada uno se guarda el flujo y no lo que pasó por él.",
      ),
    envio: z
      .strictObject({
        id: z
          .string()
          .regex(/^[\w-]{1,64}$/, "debe tener de 1 a 64 letras sin acento, cifras, - o _")
          .describe("El mismo en todas las peticiones de un envío, y distinto del de otros."),
        numero: z.int().min(1).max(MAX_REQUESTS).describe("Cuál es esta: 1, 2, 3…"),
        quedan: z.int().min(0).max(MAX_REQUESTS).describe("Cuántas faltan detrás de esta."),
      })
      .optional()
      .describe(
        "Para un envío que no cabe en una petición: solo cuenta cuando han llegado todas. Sin él, la petición es un envío entero.",
      ),
  })
  .meta({
    example: {
      flujos: [
        {
          id: "asistenteErrores",
          name: "Asistente · Errores",
          active: true,
          nodes: [
            {
              id: "18b24fa4-5f40-5ebc-ad29-6f6790311ce0",
              name: "Un flujo ha fallado",
              type: "n8n-nodes-base.errorTrigger",
              typeVersion: 1,
              position: [0, 0],
              parameters: {},
            },
          ],
          connections: {},
          settings: { executionOrder: "v1" },
        },
      ],
    },
  });

export const FlujosReply = z.strictObject({
  success: z.literal(true),
  mensaje: z.string(),
  flujos: z.int(),
  parte: PartName,
});

/** @throws {AppError} copias_no_configuradas */
export function requireBackups(backups: Bucket | null): Bucket {
  if (backups) return backups;
  throw new AppError("copias_no_configuradas");
}

/** The same error for a missing backup or part and for an invalid name. */
export function backupNotFound(what: "copia" | "parte"): AppError {
  return new AppError("no_encontrado", {
    detail: `No hay ninguna ${what} con ese nombre. Las copias que hay: GET /api/v1/respaldos.`,
  });
}
