import { contentJson } from "chanfana";
import type { z } from "zod";
import type { AppContext } from "../http/context.ts";
import { AppError, type FieldProblem } from "../errors.ts";
import { requireChatAccess } from "../http/chat-access.ts";
import { Endpoint } from "../http/endpoint.ts";
import { jsonBody } from "../http/json-body-spec.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import { findPermittedWebhook } from "../notify/webhook.ts";
import type { DeliveryConfig } from "./deliver-reports.ts";
import type { Subscription, SubscriptionChange } from "./reports-store.ts";
import { SuscripcionBody, SuscripcionQuery, SuscripcionReply } from "./reports.schemas.ts";
import { lastWeekDue } from "./week.ts";

const REPLY = { description: "La suscripción, como queda.", ...contentJson(SuscripcionReply) };

const SUBSCRIBE = {
  tags: ["Informes"],
  operationId: "suscribir",
  summary: "Pide el informe semanal de un chat, lo cambia o lo cancela",
  description:
    "Cada lunes a las ocho de la zona horaria del chat se hace el informe de la semana que acabó, si hubo alguna actividad. No llama al modelo ni cuesta nada. Queda en `GET /api/v1/reportes` y se envía por donde diga `entrega`.",
  request: { body: jsonBody(SuscripcionBody) },
  responses: {
    "200": REPLY,
    ...problemResponses([...BODY_PROBLEMS, "historial_no_disponible"]),
  },
};

export class SuscribirEndpoint extends Endpoint {
  override schema = SUBSCRIBE;

  override async handle(c: AppContext): Promise<Response> {
    const { data } = await this.readBody(c, SuscripcionBody);
    const { config, reports, now } = c.get("deps");
    const change = toChange(data, config);
    // A key that is limited to some chats must not deliver to other chats either.
    if (change.telegramChatId) requireChatAccess(c, change.telegramChatId);
    requireChatAccess(c, data.chat_id);
    const chat = { client: c.get("client"), chatId: data.chat_id };
    const defaults = { timeZone: config.GENERIC_TIMEZONE, nowMs: now() };
    const subscription = await reports.subscribe(chat, change, defaults);
    return c.json(toSubscriptionReply(data.chat_id, subscription, now()));
  }
}

const READ = {
  tags: ["Informes"],
  operationId: "leerSuscripcion",
  summary: "Lee la suscripción de un chat al informe semanal",
  request: { query: SuscripcionQuery },
  responses: {
    "200": REPLY,
    ...problemResponses(["entrada_invalida", "no_autenticado", "historial_no_disponible"]),
  },
};

export class LeerSuscripcionEndpoint extends Endpoint {
  override schema = READ;

  override async handle(c: AppContext): Promise<Response> {
    const { chat_id } = this.readQuery(c, SuscripcionQuery);
    const { config, reports, now } = c.get("deps");
    const known = await reports.subscription({ client: c.get("client"), chatId: chat_id });
    const none: Subscription = {
      active: false,
      timeZone: config.GENERIC_TIMEZONE,
      telegramChatId: null,
      webhook: null,
      mail: null,
    };
    return c.json(toSubscriptionReply(chat_id, known ?? none, now()));
  }
}

/** @throws {AppError} entrada_invalida for a delivery channel that is not configured or not permitted */
function toChange(
  { chat_id, activa, zona_horaria, entrega }: z.output<typeof SuscripcionBody>,
  config: DeliveryConfig,
): SubscriptionChange {
  const { telegram, webhook, correo } = entrega;
  const webhookUrl = webhook && findPermittedWebhook(config, webhook);
  const problems: FieldProblem[] = [];
  const refuse = (way: string, mensaje: string) =>
    problems.push({ campo: `entrega.${way}`, mensaje });
  const missing = (setting: string) => `este servicio no puede: le falta ${setting}`;
  if (telegram && config.TELEGRAM_BOT_TOKEN === undefined) {
    refuse("telegram", missing("TELEGRAM_BOT_TOKEN"));
  }
  if (correo && (config.CORREO_API_KEY === undefined || config.CORREO_REMITENTE === undefined)) {
    refuse("correo", missing("CORREO_API_KEY o CORREO_REMITENTE"));
  }
  if (webhook && config.WEBHOOK_SECRET === undefined) {
    refuse("webhook", missing("WEBHOOK_SECRET"));
  } else if (webhook !== undefined && webhook !== null && !webhookUrl) {
    refuse("webhook", "no está entre las direcciones de WEBHOOKS_PERMITIDOS");
  }
  const [first] = problems;
  if (first) {
    const detail = `No se puede entregar así: ${first.campo}: ${first.mensaje}.`;
    throw new AppError("entrada_invalida", { detail, fields: problems });
  }
  return {
    active: activa,
    ...(zona_horaria !== undefined && { timeZone: zona_horaria }),
    ...(telegram !== undefined && {
      telegramChatId: telegram === true ? chat_id : telegram || null,
    }),
    ...(webhook !== undefined && { webhook: webhookUrl ? webhookUrl.href : null }),
    ...(correo !== undefined && { mail: correo }),
  };
}

function toSubscriptionReply(
  chat_id: number,
  { active, timeZone, telegramChatId, webhook, mail }: Subscription,
  nowMs: number,
): z.input<typeof SuscripcionReply> {
  return {
    success: true,
    chat_id,
    mensaje: active
      ? `Cada lunes a las 8:00 (${timeZone}) tendrás el informe de la semana, si hubo actividad.`
      : "Este chat no recibe el informe semanal.",
    activa: active,
    zona_horaria: timeZone,
    entrega: { telegram: telegramChatId, webhook, correo: mail },
    proximo: active ? lastWeekDue(nowMs, timeZone).nextDueAt.toISOString() : null,
  };
}
