import { z } from "zod";
import type { Config } from "../config.ts";
import { postJson, toDelivery, type Delivery } from "./post-json.ts";

type MailSettings = Pick<Config, "CORREO_API_URL" | "CORREO_API_KEY" | "CORREO_REMITENTE">;

export type Mail = {
  /** Exactly one address. */
  to: string;
  subject: string;
  html: string;
  text: string;
  /** The same for each attempt: the provider sends only one mail for an id. */
  id: string;
};

const MAX_SUBJECT_CHARS = 200;

/** Exactly one address: no name, no list, no line break. */
export const MailAddress = z
  .email("debe ser una dirección de correo")
  .max(254, "debe ser una dirección de correo");

/** Sends a mail by an HTTP API that accepts `{from, to, subject, html, text}` with a bearer key, such as Resend's. */
export async function sendMail(
  { CORREO_API_URL, CORREO_API_KEY, CORREO_REMITENTE }: MailSettings,
  { to, subject, html, text, id }: Mail,
): Promise<Delivery> {
  if (CORREO_API_KEY === undefined || CORREO_REMITENTE === undefined) {
    return { ok: false, retry: true, reason: "Faltan CORREO_API_KEY o CORREO_REMITENTE." };
  }
  if (!MailAddress.safeParse(to).success) {
    return { ok: false, retry: false, reason: "La dirección de correo no es válida." };
  }
  const response = await postJson(CORREO_API_URL, {
    body: JSON.stringify({
      from: CORREO_REMITENTE,
      to: [to],
      subject: subject.replaceAll(/\p{C}+/gu, " ").slice(0, MAX_SUBJECT_CHARS),
      html,
      text,
    }),
    headers: { authorization: `Bearer ${CORREO_API_KEY}`, "idempotency-key": id },
  });
  const delivery = "ok" in response ? response : toDelivery(response);
  return delivery.ok
    ? delivery
    : { ...delivery, reason: `El servicio de correo ${delivery.reason}.` };
}
