import type { Config } from "../config.ts";
import { hmacSha256Hex } from "../lib/hash.ts";
import { postJson, toDelivery, type Delivery } from "./post-json.ts";

export type WebhookCall = {
  url: URL;
  /** The name of the event, such as `informe.semanal`. */
  event: string;
  /** The same for each attempt, so that the receiver can recognise a retry. */
  id: string;
  payload: unknown;
  /** The time of the attempt. A receiver rejects calls that are too old. */
  atMs: number;
};

/**
 * Posts `{evento, id, datos}` with `x-firma: t=<unix s>,v1=<hex HMAC-SHA256 of "t.body">`, signed with WEBHOOK_SECRET.
 * For an address that a client gave, check `findPermittedWebhook` first.
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
  const response = await postJson(url.href, {
    body,
    headers: {
      "x-firma": `t=${seconds},v1=${hmacSha256Hex(WEBHOOK_SECRET, `${seconds}.${body}`)}`,
      "x-evento": event,
      "idempotency-key": id,
    },
  });
  const delivery = "ok" in response ? response : toDelivery(response);
  return delivery.ok ? delivery : { ...delivery, reason: `El webhook ${delivery.reason}.` };
}

/** Characters and escapes that another server may parse differently than `URL` does. */
const AMBIGUOUS = /[\s\\\p{C}]|%2e|%2f|%5c/iu;

/**
 * Returns the address if one of WEBHOOKS_PERMITIDOS permits it: the same protocol, host and port, and the same path or
 * one below it. The parsed address is compared and returned, so what is called is what was checked.
 */
export function findPermittedWebhook(
  { WEBHOOKS_PERMITIDOS }: Pick<Config, "WEBHOOKS_PERMITIDOS">,
  given: string,
): URL | undefined {
  const url = AMBIGUOUS.test(given) ? null : URL.parse(given);
  if (!url || url.username !== "" || url.password !== "" || url.hash !== "") return undefined;
  const isPermitted = WEBHOOKS_PERMITIDOS.some(
    ({ origin, pathname }) => url.origin === origin && isBelow(url.pathname, pathname),
  );
  return isPermitted ? url : undefined;
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`);
}
