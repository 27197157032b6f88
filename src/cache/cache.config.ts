import { z } from "zod";
import { DAY_SECONDS } from "../lib/durations.ts";
import { wholeNumber } from "../lib/setting-types.ts";

export const MAX_CACHE_TTL_SECONDS = 365 * DAY_SECONDS;

/** 0 disables the cache. Workers KV accepts no TTL below 60 s. */
const cacheTtl = z.coerce
  .number("debe ser un número de segundos")
  .int("debe ser un número entero de segundos")
  .max(MAX_CACHE_TTL_SECONDS, `debe ser como mucho ${MAX_CACHE_TTL_SECONDS} (un año)`)
  .refine((value) => value === 0 || value >= 60, "debe ser 0 (sin caché) o al menos 60");

/** The result cache: TTLs in seconds and the daily budget of KV writes. */
export const CacheSettings = z.object({
  CACHE_TTL: cacheTtl
    .optional()
    .describe(
      "Segundos que se guarda una respuesta, salvo que su tarea diga otra cosa (86400). 0 la apaga.",
    ),
  REDIS_CACHE_TTL: cacheTtl.optional().describe("El nombre antiguo de CACHE_TTL; también vale."),
  SUMMARY_CACHE_TTL: cacheTtl.optional().describe("Segundos de caché de resumir."),
  TRANSLATION_CACHE_TTL: cacheTtl.optional().describe("Segundos de caché de traducir."),
  CLASSIFICATION_CACHE_TTL: cacheTtl.optional().describe("Segundos de caché de clasificar."),
  EXTRACTION_CACHE_TTL: cacheTtl.optional().describe("Segundos de caché de extraer."),
  GENERATION_CACHE_TTL: cacheTtl.optional().describe("Segundos de caché de generar."),
  KV_WRITES_PER_DAY: wholeNumber(0, 1_000_000_000)
    .default(1_000)
    .describe(
      "Escrituras de Workers KV al día: las del plan gratuito. Cerca del tope solo se guarda lo que se pide por segunda vez. 0: sin tope.",
    ),
});
