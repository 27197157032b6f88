import { DurableObject } from "cloudflare:workers";
import { DAY_MS } from "../lib/durations.ts";

const KEPT_FOR_MS = DAY_MS;

/**
 * One per client, route and Idempotency-Key: remembers for 24 h which request the key stands for. The answer itself
 * stays with the chat that owns the work; this object is apart because the same key may come with another chat.
 */
export class IdempotencyKeyObject extends DurableObject<Env> {
  /** True when the key is new or stands for this very request. */
  async claim(fingerprint: string): Promise<boolean> {
    const known = this.ctx.storage.kv.get<string>("fingerprint");
    if (known !== undefined) return known === fingerprint;
    this.ctx.storage.kv.put("fingerprint", fingerprint);
    await this.ctx.storage.setAlarm(Date.now() + KEPT_FOR_MS);
    return true;
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}
