import { z } from "zod";

/** A positive number of seconds, fractions allowed. */
export const seconds = (max: number) =>
  z.coerce
    .number("debe ser un número de segundos")
    .positive("debe ser mayor que 0")
    .max(max, `debe ser como mucho ${max}`);

export const wholeNumber = (min: number, max: number) =>
  z.coerce
    .number("debe ser un número entero")
    .int("debe ser un número entero")
    .min(min, `debe ser como mínimo ${min}`)
    .max(max, `debe ser como mucho ${max}`);

/** An http(s) address; its trailing slashes are removed. */
export const httpAddress = z
  .url({ protocol: /^https?$/, error: "debe ser una dirección http(s)" })
  .transform((url) => url.replace(/\/+$/, ""));

const LOOPBACK_HOSTS = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** True for an https address without credentials, query or fragment. Plain http is allowed to loopback only. */
export function isWebhookAddress(given: string): boolean {
  const url = URL.parse(given);
  if (!url || url.username || url.password || url.search || url.hash) return false;
  return (
    url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK_HOSTS.has(url.hostname))
  );
}

/** Splits a comma-separated setting; empty items are dropped. */
export function listItems(list: string): string[] {
  return list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
