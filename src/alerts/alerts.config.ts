import { z } from "zod";
import { isWebhookAddress, wholeNumber } from "../lib/setting-types.ts";

/** Alerts: where they go and the thresholds that raise them. */
export const AlertSettings = z.object({
  ALERTAS_TELEGRAM_CHAT_ID: z.coerce
    .number("debe ser el identificador de un chat de Telegram")
    .int("debe ser el identificador de un chat de Telegram")
    .optional()
    .describe("Chat de Telegram al que se avisa de lo que va mal. Necesita TELEGRAM_BOT_TOKEN."),
  ALERTAS_WEBHOOK_URL: z
    .string()
    .refine(isWebhookAddress, "debe ser una dirección https sin parámetros")
    .optional()
    .describe("Webhook al que se avisa de lo que va mal. Necesita WEBHOOK_SECRET."),
  ALERTAS_CAIDA_MINUTOS: wholeNumber(0, 1_440)
    .default(5)
    .describe("Minutos que la base de datos o KV pueden faltar antes de avisar."),
  ALERTAS_PENDIENTES_MINUTOS: wholeNumber(1, 10_080)
    .default(10)
    .describe("Minutos que un registro puede esperar a la base de datos antes de avisar."),
  ALERTAS_RETRASO_MINUTOS: wholeNumber(10, 10_080)
    .default(60)
    .describe("Minutos que un trabajo nocturno o semanal puede retrasarse antes de avisar."),
  ALERTAS_COPIA_HORAS: wholeNumber(25, 8_760)
    .default(36)
    .describe("Horas que puede tener la última copia de seguridad buena antes de avisar."),
  ALERTAS_FALLOS_MODELO: wholeNumber(1, 1_000)
    .default(3)
    .describe("Llamadas al modelo que pueden fallar seguidas antes de avisar."),
});
