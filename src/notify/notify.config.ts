import { z } from "zod";
import { httpAddress, isWebhookAddress, listItems } from "../lib/setting-types.ts";

const WEBHOOKS =
  "debe ser una lista de direcciones https separadas por comas, como https://n8n.ejemplo.com/webhook/";

/** Deliveries by Telegram, webhook and mail. */
export const NotifySettings = z.object({
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, "debe ser como 123456789:AA…, tal como lo da @BotFather")
    .optional()
    .describe("Token del bot que envía los informes y las alertas por Telegram."),
  TELEGRAM_API_URL: httpAddress
    .default("https://api.telegram.org")
    .describe("Dirección de la API de bots de Telegram."),
  WEBHOOK_SECRET: z
    .string()
    .min(16, "debe tener al menos 16 caracteres")
    .optional()
    .describe("Secreto con el que se firma lo que se envía a un webhook."),
  WEBHOOKS_PERMITIDOS: z
    .string()
    .refine((list) => listItems(list).every(isWebhookAddress), WEBHOOKS)
    .default("")
    .transform((list) => listItems(list).map((prefix) => new URL(prefix)))
    .describe(
      "Direcciones, o comienzos de dirección, a los que puede ir un informe, separados por comas. Vacío: a ninguna.",
    ),
  CORREO_API_URL: httpAddress
    .default("https://api.resend.com/emails")
    .describe("Dirección de la API del servicio de correo."),
  CORREO_API_KEY: z.string().optional().describe("Clave del servicio de correo."),
  CORREO_REMITENTE: z
    .string()
    .regex(/^[^<>\p{C}]*<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/u, {
      error: "debe ser una dirección, como informes@ejemplo.com o Asistente <informes@ejemplo.com>",
    })
    .optional()
    .describe("De quién son los correos: una dirección, o «Nombre <dirección>»."),
});
