import { DurableObject } from "cloudflare:workers";
import { AppError, forCaller } from "../errors.ts";
import { describeError, log } from "../lib/log.ts";
import type { Services } from "../services.ts";
import { AccessStore } from "./access-store.ts";
import type { Looked } from "./key-cache.ts";
import {
  infoOf,
  requireWithin,
  stateOf,
  type KeyInfo,
  type KeyRecord,
  type KeySettings,
} from "./key-record.ts";
import { openedBy, type Proof } from "./key-state.ts";
import type { Powers } from "./principal.ts";
import { allowanceOf, usageAt, withUses, type Usage } from "./usage.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";

/** So that the list of keys stays one answer. */
const MAX_LIVING_KEYS = 1_000;
/** For so long the list shows keys that ended. */
const ENDED_KEPT_MS = 90 * DAY_MS;

/** Uses are written down together: an object that dies in between forgets so much of them. */
const SAVE_MS = 10_000;
/** PostgreSQL hears this often that a key is used. */
const USE_NEWS_MS = HOUR_MS;

const COPIES_AT_ONCE = 200;
const RETRY_BASE_MS = 2_000;
const RETRY_MAX_MS = 5 * MINUTE_MS;

export type NewKey = KeySettings & { id: string; client: string; digest: string };

/**
 * The keys: there is one for the whole service, and what it says counts. PostgreSQL gets a copy without the digests,
 * for people to read; nothing is ever read back from it, so that keys work while it is away.
 */
export class AccessObject extends DurableObject<Env> {
  readonly #store: AccessStore;
  readonly #services: Services;
  readonly #usage = new Map<string, Usage>();
  readonly #unsaved = new Set<string>();
  #copying: Promise<void> | undefined;
  #failedCopies = 0;
  #alarmAtMs = Number.POSITIVE_INFINITY;

  constructor(ctx: DurableObjectState, env: Env, services: Services) {
    super(ctx, env);
    this.#services = services;
    this.#store = new AccessStore(ctx.storage);
  }

  /** `LookUp`, as the isolates need it. */
  look(id: string, proof: Proof, uses: number): Looked {
    const nowMs = this.#services.now();
    const record = this.#store.key(id);
    if (!record) {
      // As much work as for a key that there is.
      openedBy(null, proof, nowMs);
      return { key: null, allowance: null, refused: false };
    }
    const key = stateOf(record);
    const before = withUses(this.#usageOf(record), uses, nowMs);
    const left = allowanceOf(record.limits, before);
    const isOpen = openedBy(key, proof, nowMs) !== undefined;
    const refused = isOpen && left?.requests === 0;
    const usage = isOpen && !refused ? withUses(before, 1, nowMs) : before;
    if (usage.usedMs === nowMs) this.#noteUsage(id, usage);
    return { key, allowance: allowanceOf(record.limits, usage), refused };
  }

  keys(): KeyInfo[] {
    const nowMs = this.#services.now();
    return this.#store.keys().map((key) => infoOf(this.#withLastUse(key), nowMs));
  }

  keyInfo(id: string): KeyInfo | null {
    const key = this.#store.key(id);
    return key ? infoOf(this.#withLastUse(key), this.#services.now()) : null;
  }

  /** @throws {AppError} permiso_insuficiente, entrada_invalida, demasiadas_claves */
  make(powers: Powers, { digest, ...key }: NewKey): KeyInfo {
    return this.#change(() => {
      const nowMs = this.#services.now();
      requireWithin(powers, key.client, key);
      if (this.#store.livingCount(nowMs) >= MAX_LIVING_KEYS) {
        throw new AppError("demasiadas_claves");
      }
      if (this.#store.key(key.id)) throw new Error("That id is taken");
      return {
        ...key,
        createdMs: nowMs,
        revokedMs: null,
        usedMs: null,
        generation: 1,
        digest,
        oldDigest: null,
        oldEndsMs: null,
      };
    });
  }

  /** @throws {AppError} no_encontrado, clave_revocada, permiso_insuficiente, entrada_invalida */
  alter(powers: Powers, id: string, changes: Partial<KeySettings>): KeyInfo {
    return this.#change(() => {
      const key = { ...this.#unrevoked(id), ...changes };
      requireWithin(powers, key.client, key);
      return key;
    });
  }

  /**
   * Gives the key a new secret; the one before opens it for `graceMs` more, and the one before that no longer.
   * @throws {AppError} no_encontrado, clave_revocada, permiso_insuficiente
   */
  rotate(powers: Powers, id: string, digest: string, graceMs: number): KeyInfo {
    return this.#change(() => {
      const key = this.#unrevoked(id);
      requireWithin(powers, key.client, key);
      return {
        ...key,
        generation: key.generation + 1,
        digest,
        oldDigest: graceMs > 0 ? key.digest : null,
        oldEndsMs: graceMs > 0 ? this.#services.now() + graceMs : null,
      };
    });
  }

  /** Idempotent. @throws {AppError} no_encontrado */
  revoke(id: string): KeyInfo {
    return this.#change(() => {
      const key = this.#known(id);
      return { ...key, revokedMs: key.revokedMs ?? this.#services.now() };
    });
  }

  override async alarm(): Promise<void> {
    this.#alarmAtMs = Number.POSITIVE_INFINITY;
    try {
      this.#saveUses();
      await this.#copy();
      this.#store.forgetEnded(this.#services.now() - ENDED_KEPT_MS);
    } catch (error) {
      log.error("access_alarm_failed", describeError(error));
      this.#arm(RETRY_MAX_MS);
    }
  }

  #change(next: () => KeyRecord): KeyInfo {
    try {
      const key = next();
      this.#store.put(key);
      this.#arm(0);
      return infoOf(this.#withLastUse(key), this.#services.now());
    } catch (error) {
      throw forCaller(error);
    }
  }

  #known(id: string): KeyRecord {
    const key = this.#store.key(id);
    if (key) return key;
    throw new AppError("no_encontrado", { detail: "No existe esa clave." });
  }

  #unrevoked(id: string): KeyRecord {
    const key = this.#known(id);
    if (key.revokedMs === null) return key;
    throw new AppError("clave_revocada");
  }

  #usageOf({ id, usedMs }: KeyRecord): Usage {
    const known = this.#usage.get(id);
    if (known) return known;
    const { day, uses } = this.#store.dayUses(id);
    return { minute: 0, minuteUses: 0, day, dayUses: uses, usedMs: usedMs ?? 0 };
  }

  #noteUsage(id: string, usage: Usage): void {
    this.#usage.set(id, usage);
    this.#unsaved.add(id);
    this.#arm(SAVE_MS);
  }

  #withLastUse(key: KeyRecord): KeyRecord {
    return { ...key, usedMs: this.#usage.get(key.id)?.usedMs || key.usedMs };
  }

  #saveUses(): void {
    const nowMs = this.#services.now();
    for (const id of this.#unsaved) {
      const usage = this.#usage.get(id);
      const saved = this.#store.key(id)?.usedMs ?? 0;
      if (!usage) continue;
      const { usedMs, day, dayUses } = usage;
      const isNews = Math.floor(usedMs / USE_NEWS_MS) > Math.floor(saved / USE_NEWS_MS);
      this.#store.putUses(id, usedMs, { day, uses: dayUses }, isNews);
    }
    this.#unsaved.clear();
    for (const [id, usage] of this.#usage) {
      if (usageAt(usage, nowMs).minuteUses === 0) this.#usage.delete(id);
    }
  }

  /** Never throws: what could not be copied waits for the alarm. */
  async #copy(): Promise<void> {
    this.#copying ??= this.#copyAll().finally(() => {
      this.#copying = undefined;
    });
    await this.#copying;
  }

  async #copyAll(): Promise<void> {
    try {
      for (;;) {
        const copies = this.#store.waitingCopies(COPIES_AT_ONCE);
        if (copies.length === 0) break;
        await this.#services.keyCopies.save(copies);
        this.#store.copied(copies);
      }
      this.#failedCopies = 0;
    } catch (error) {
      this.#failedCopies += 1;
      log.warn("key_copy_failed", { failures: this.#failedCopies, ...describeError(error) });
      this.#arm(Math.min(RETRY_BASE_MS * 2 ** (this.#failedCopies - 1), RETRY_MAX_MS));
    }
  }

  #arm(delayMs: number): void {
    const dueMs = this.#services.now() + delayMs;
    if (dueMs >= this.#alarmAtMs) return;
    this.#alarmAtMs = dueMs;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(dueMs));
  }
}
