import { z } from "zod";
import { ChatId } from "../lib/chat-id.ts";
import { isTimeZone } from "../lib/time-zone.ts";
import { MailAddress } from "../notify/mail.ts";
import { REPORT_FORMATS } from "./report-formats.ts";
import { DELIVERY_STATES, DELIVERY_CHANNELS } from "./reports.table.ts";

const MAX_URL_CHARS = 500;
const ON_OR_CHAT = "debe ser true, false o el identificador de un chat";

export const SuscripcionBody = z
  .strictObject({
    chat_id: ChatId,
    activa: z
      .boolean("debe ser true o false")
      .default(true)
      .meta({ description: "`false` cancela; lo demás se recuerda por si se vuelve." }),
    zona_horaria: z
      .string("debe ser un texto")
      .refine(isTimeZone, "debe ser una zona horaria IANA, como Europe/Madrid")
      .optional()
      .meta({
        description:
          "Dónde es lunes a las ocho, y de dónde son los días. Al empezar, la del servicio.",
        example: "America/Mexico_City",
      }),
    entrega: z
      .strictObject({
        telegram: z.union([z.boolean(), ChatId], ON_OR_CHAT).nullable().optional().meta({
          description:
            "`true`: al propio chat; el identificador de otro chat; `false` o nulo: por Telegram no.",
        }),
        webhook: z
          .string("debe ser una dirección o nulo")
          .max(MAX_URL_CHARS, `debe tener como mucho ${MAX_URL_CHARS} caracteres`)
          .nullable()
          .optional()
          .meta({
            description:
              "Dirección de las que permite `WEBHOOKS_PERMITIDOS`. Recibe un POST firmado. Nulo: no.",
          }),
        correo: MailAddress.nullable().optional().meta({
          description: "Una dirección de correo. Nulo: no.",
        }),
      })
      .default({})
      .meta({
        description:
          "Por dónde llega, además de quedar en GET /api/v1/reportes. Lo que no se nombra queda como estaba.",
      }),
  })
  .meta({ example: { chat_id: 12345, zona_horaria: "Europe/Madrid" } });

export const SuscripcionQuery = z.strictObject({ chat_id: ChatId });

export const SuscripcionReply = z.strictObject({
  success: z.literal(true),
  chat_id: z.int(),
  mensaje: z.string(),
  activa: z.boolean(),
  zona_horaria: z.string(),
  entrega: z.strictObject({
    telegram: z.int().nullable(),
    webhook: z.string().nullable(),
    correo: z.string().nullable(),
  }),
  proximo: z.iso.datetime().nullable().describe("Cuándo toca el próximo; nulo si no está activa."),
});

const LIMIT = "debe ser un número entero entre 1 y 50";

export const ReportesQuery = z.strictObject({
  chat_id: ChatId,
  formato: z.enum(REPORT_FORMATS, "debe ser json, html, texto o telegram").default("json").meta({
    description:
      "`json`: solo `datos`. Con los demás viene también `contenido`: una página para correo, texto, o el HTML de Telegram.",
  }),
  limit: z.coerce
    .number(LIMIT)
    .int(LIMIT)
    .min(1, LIMIT)
    .max(50, LIMIT)
    .default(5)
    .meta({ description: "Cuántos informes." }),
  cursor: z.iso
    .date("debe ser el cursor de una respuesta anterior")
    .optional()
    .meta({ description: "El `cursor` de la respuesta anterior: da la página siguiente." }),
});

const Report = z.strictObject({
  id: z.uuid(),
  semana: z.iso.date().describe("El lunes con el que empieza la semana, donde está el chat."),
  creado: z.iso.datetime(),
  datos: z.record(z.string(), z.unknown()).describe("Como los de la tarea `reporte`."),
  contenido: z.string().optional(),
  entregas: z.array(
    z.strictObject({
      via: z.enum(DELIVERY_CHANNELS),
      estado: z.enum(DELIVERY_STATES),
      intentos: z.int(),
      motivo: z.string().nullable().describe("Por qué no ha llegado."),
    }),
  ),
});

export const ReportesReply = z.strictObject({
  success: z.literal(true),
  chat_id: z.int(),
  mensaje: z.string(),
  reportes: z.array(Report).describe("Los más nuevos primero."),
  cursor: z.string().nullable().describe("Pide con él la página siguiente; nulo si no hay más."),
});
