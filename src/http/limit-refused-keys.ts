import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./context.ts";
import { AppError } from "../errors.ts";
import { toClientNetwork } from "./client-network.ts";

/** The period of the REFUSED_KEYS rate limit in wrangler.toml. */
const PAUSE_SECONDS = 60;
/** Paused networks kept per isolate. Beyond this, the oldest pause ends early. */
const MAX_PAUSED_NETWORKS = 10_000;

/**
 * Slows down clients that guess keys, before any key is compared. The REFUSED_KEYS rate limit counts the 401 responses
 * of each network per Cloudflare data centre. A network above the limit gets 429 for one minute, even with a valid
 * key; other networks are not affected. Requests without a client address (`cf-connecting-ip`) are not counted.
 */
export function limitRefusedKeys(): MiddlewareHandler<AppEnv> {
  const pausedUntilMs = new Map<string, number>();

  return async (c, next) => {
    const address = c.req.header("cf-connecting-ip");
    if (address === undefined) return await next();
    const network = toClientNetwork(address);
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
    if (pausedUntilMs.size >= MAX_PAUSED_NETWORKS && oldest !== undefined) {
      pausedUntilMs.delete(oldest);
    }
    pausedUntilMs.set(network, now() + PAUSE_SECONDS * 1_000);
  };
}
