import { z } from "zod";
import { seconds, wholeNumber } from "../lib/setting-types.ts";

/** The model's provider: address, model of each task, deadlines, retries and limits. */
export const LlmSettings = z.object({
  OPENAI_API_KEY: z
    .string()
    .optional()
    .describe("Clave del proveedor del modelo. Sin ella responde el motor local."),
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/, error: "debe ser una dirección http(s)" })
    .default("https://api.openai.com/v1")
    .describe("Dirección de un proveedor compatible con OpenAI."),
  OPENAI_MODEL: z.string().min(1).default("gpt-4o-mini").describe("Modelo para todas las tareas."),
  OPENAI_MODEL_RESUMIR: z.string().min(1).optional().describe("Modelo solo para resumir."),
  OPENAI_MODEL_TRADUCIR: z.string().min(1).optional().describe("Modelo solo para traducir."),
  OPENAI_MODEL_CLASIFICAR: z.string().min(1).optional().describe("Modelo solo para clasificar."),
  OPENAI_MODEL_EXTRAER: z.string().min(1).optional().describe("Modelo solo para extraer."),
  OPENAI_MODEL_REPORTE: z
    .string()
    .min(1)
    .optional()
    .describe("Modelo solo para redactar reportes."),
  OPENAI_MODEL_GENERAR: z.string().min(1).optional().describe("Modelo solo para generar."),
  OPENAI_TIMEOUT: seconds(600)
    .default(30)
    .describe("Segundos que puede durar un intento. Uno agotado se repite como mucho una vez."),
  OPENAI_TOTAL_TIMEOUT: seconds(600)
    .default(90)
    .describe("Segundos que puede durar la llamada entera, con sus reintentos y esperas."),
  OPENAI_MAX_RETRIES: wholeNumber(0, 10)
    .default(3)
    .describe("Reintentos tras un fallo que puede pasarse solo."),
  OPENAI_RETRY_DELAY_BASE: seconds(60)
    .default(1)
    .describe("Segundos de la primera espera; cada espera dobla la anterior."),
  OPENAI_RETRY_DELAY_MAX: seconds(600).default(10).describe("Segundos de la espera más larga."),
  OPENAI_RETRY_JITTER: z.coerce
    .number("debe ser un número entre 0 y 1")
    .min(0, "debe ser un número entre 0 y 1")
    .max(1, "debe ser un número entre 0 y 1")
    .default(1)
    .describe("Parte al azar de cada espera: 1 es toda, 0.1 el 10 %."),
  OPENAI_CONTEXT_TOKENS: wholeNumber(1_000, 10_000_000)
    .default(128_000)
    .describe("Ventana del modelo, en tokens. Un texto que no cabe se rechaza sin llamarlo."),
  OPENAI_MAX_OUTPUT_TOKENS: wholeNumber(256, 1_000_000)
    .default(16_384)
    .describe("Respuesta más larga que da el modelo, en tokens."),
});

export type LlmConfig = z.output<typeof LlmSettings>;
