import { z } from "zod";
import { httpAddress, wholeNumber } from "../lib/setting-types.ts";

function isKey256(given: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(given);
}

/** Backups: retention, encryption, and the n8n whose flows they include. */
export const BackupSettings = z.object({
  BACKUP_RETENTION_DAYS: wholeNumber(1, 3_650)
    .default(7)
    .describe("Días que se guarda cada copia de seguridad. La última buena no se borra nunca."),
  BACKUP_KEEP_WEEKLY: wholeNumber(0, 520)
    .default(0)
    .describe("Semanas de las que se guarda además la última copia."),
  BACKUP_KEEP_MONTHLY: wholeNumber(0, 120)
    .default(0)
    .describe("Meses de los que se guarda además la última copia."),
  BACKUP_KEY: z
    .string()
    .refine(isKey256, "debe ser 32 bytes en base64, como los que da: openssl rand -base64 32")
    .optional()
    .describe(
      "Clave con la que se cifran las copias: 32 bytes en base64. Sin ella no se pueden leer: guárdala en otro sitio.",
    ),
  N8N_API_URL: httpAddress
    .optional()
    .describe("Dirección de tu n8n, para que las copias incluyan sus flujos."),
  N8N_API_KEY: z
    .string()
    .optional()
    .describe("Clave de su API, con permiso para listar y leer flujos."),
});
