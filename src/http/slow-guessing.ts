import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";
import { AppError } from "../errors.ts";
import { networkOf } from "./network-of.ts";

/** The period of the binding in wrangler.toml. */
const PAUSE_SECONDS = 60;
/** An isolate forgets the oldest of more: they are counted anew. */
const MAX_REMEMBERED = 10_000;

/**
 * Turns away who guesses keys, before any is compared. Cloudflare counts the refused keys of each network in each of
 * its data centres; one that showed too many waits for a minute, right keys and all, and no other network waits with
 * it. Where nobody tells the client's address, nobody is counted.
 */
export function slowGuessing(): MiddlewareHandler<AppEnv> {
  const pausedUntilMs = new Map<string, number>();

  return async (c, next) => {
    const address = c.req.header("cf-connecting-ip");
    if (address === undefined) return await next();
    const network = networkOf(address);
    const { now } = c.get("deps");
    const leftMs = (pausedUntilMs.get(network) ?? 0) - now();
    if (leftMs > 0) {
      throw new AppError("demasiados_intentos", { retryAfterSeconds: Math.ceil(leftMs / 1_000) });
    }

    await next();
    if (c.res.status !== 401) return;
    const { success } = await c.env.REFUSED_KEYS.limit({ key: network });
    if (success) return;
    const [oldest] = pausedUntilMs.keys();
    if (pausedUntilMs.size >= MAX_REMEMBERED && oldest !== undefined) pausedUntilMs.delete(oldest);
    pausedUntilMs.set(network, now() + PAUSE_SECONDS * 1_000);
  };
}
