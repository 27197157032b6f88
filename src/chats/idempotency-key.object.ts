import { DurableObject } from "cloudflare:workers";
import { DAY_MS } from "../lib/durations.ts";

/**
 * One Idempotency-Key of one client and route: remembers for 24 hours which request the key stands for. The answer is
 * stored by the chat object that owns the work. This object is separate because the same key may come with another
 * chat, which is a conflict.
 */
export class IdempotencyKeyObject extends DurableObject<Env> {
  /** Returns false when the key already stands for a request with another fingerprint. */
  async claim(fingerprint: string): Promise<boolean> {
    const claimed = this.ctx.storage.kv.get<string>("fingerprint");
    if (claimed !== undefined) return claimed === fingerprint;
    this.ctx.storage.kv.put("fingerprint", fingerprint);
    await this.ctx.storage.setAlarm(Date.now() + DAY_MS);
    return true;
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}
