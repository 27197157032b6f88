import type { Config } from "../config.ts";
import { hmacSha256Hex } from "../lib/hash.ts";
import { postJson, toDelivery, type Delivery } from "./post-json.ts";

export type WebhookCall = {
  url: URL;
  /** What happened, as `informe.semanal`. */
  event: string;
  /** The same for each try, so that the receiver can tell a second one. */
  id: string;
  payload: unknown;
  /** When it is sent, by the service's clock. The receiver turns away what is too old. */
  atMs: number;
};

/**
 * Posts `{evento, id, datos}` with `x-firma: t=<unix s>,v1=<hex HMAC-SHA256 of "t.body">`, signed with WEBHOOK_SECRET.
 * Whoever takes an address from a client asks `permittedWebhook` first.
 */
export async function sendWebhook(
  { WEBHOOK_SECRET }: Pick<Config, "WEBHOOK_SECRET">,
  { url, event, id, payload, atMs }: WebhookCall,
): Promise<Delivery> {
  if (WEBHOOK_SECRET === undefined) {
    return { ok: false, retry: true, reason: "Falta WEBHOOK_SECRET." };
  }
  const body = JSON.stringify({ evento: event, id, datos: payload });
  const seconds = Math.floor(atMs / 1_000);
  const reply = await postJson(url.href, {
    body,
    headers: {
      "x-firma": `t=${seconds},v1=${hmacSha256Hex(WEBHOOK_SECRET, `${seconds}.${body}`)}`,
      "x-evento": event,
      "idempotency-key": id,
    },
  });
  const delivery = "ok" in reply ? reply : toDelivery(reply);
  return delivery.ok ? delivery : { ...delivery, reason: `El webhook ${delivery.reason}.` };
}

/** Nothing that a server behind the address might read in another way than we do. */
const TRICKS = /[\s\\\p{C}]|%2e|%2f|%5c/iu;

/**
 * The address, where it lies under one of WEBHOOKS_PERMITIDOS: the same protocol, host and port, and a path that is the
 * same or goes on below it. It is the parsed address that is compared and called, never the text.
 */
export function permittedWebhook(
  { WEBHOOKS_PERMITIDOS }: Pick<Config, "WEBHOOKS_PERMITIDOS">,
  given: string,
): URL | undefined {
  const url = TRICKS.test(given) ? null : URL.parse(given);
  if (!url || url.username !== "" || url.password !== "" || url.hash !== "") return undefined;
  const isPermitted = WEBHOOKS_PERMITIDOS.some(
    ({ origin, pathname }) => url.origin === origin && isBelow(url.pathname, pathname),
  );
  return isPermitted ? url : undefined;
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`);
}
