import { DurableObject } from "cloudflare:workers";
import { Alarm } from "../durable/alarm.ts";
import { Outbox } from "../durable/outbox.ts";
import { AppError, toRpcError } from "../errors.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { describeError, log } from "../lib/log.ts";
import { AccessStore, type KeyCopy } from "./access-store.ts";
import type { KeyLookup } from "./key-cache.ts";
import type { KeyCopies } from "./key-copies-store.ts";
import {
  requireWithinPermissions,
  toKeyInfo,
  toKeyState,
  type KeyInfo,
  type KeyRecord,
  type KeySettings,
} from "./key-record.ts";
import { matchingSecret, type KeyProof } from "./key-state.ts";
import { addUses, currentUsage, remainingAllowance, type KeyUsage } from "./key-usage.ts";
import type { Permissions } from "./principal.ts";

/** Keeps the list of keys small enough for one response. */
const MAX_ACTIVE_KEYS = 1_000;
/** How long the list still shows expired and revoked keys. */
const ENDED_RETENTION_MS = 90 * DAY_MS;

/** Usage is saved at this interval. If the object stops in between, at most this much usage is lost. */
const SAVE_INTERVAL_MS = 10_000;
/** The last use of a key is copied to PostgreSQL at most once per this interval. */
const LAST_USE_COPY_INTERVAL_MS = HOUR_MS;

const COPY_BATCH_SIZE = 200;
const COPY_BACKOFF = { baseMs: 2_000, maxMs: 5 * MINUTE_MS };
/** Delay of the alarm after an error that is not a copy error. */
const ALARM_RETRY_MS = 5 * MINUTE_MS;

export type KeyToCreate = KeySettings & { id: string; client: string; digest: string };

export type AccessServices = {
  now: () => number;
  keyCopies: KeyCopies;
};

/**
 * The one source of truth for keys, a single object for the whole service. PostgreSQL gets a copy without digests, for
 * people to read; the service never reads it back, so keys keep working while PostgreSQL is down.
 */
export class AccessObject extends DurableObject<Env> {
  readonly #store: AccessStore;
  readonly #services: AccessServices;
  readonly #usageById = new Map<string, KeyUsage>();
  readonly #unsavedUsageIds = new Set<string>();
  readonly #alarm: Alarm;
  readonly #copies: Outbox<KeyCopy>;

  constructor(ctx: DurableObjectState, env: Env, services: AccessServices) {
    super(ctx, env);
    const { now, keyCopies } = services;
    const waitUntil = (work: Promise<unknown>): void => ctx.waitUntil(work);
    const store = new AccessStore(ctx.storage);
    const alarm = new Alarm({ storage: ctx.storage, now, waitUntil });
    this.#services = services;
    this.#store = store;
    this.#alarm = alarm;
    this.#copies = new Outbox({
      store: {
        hasWaiting: () => store.hasPendingCopies(),
        nextBatch: () => store.listPendingCopies(COPY_BATCH_SIZE),
        remove: (copies) => store.markCopied(copies),
      },
      send: (copies) => keyCopies.save(copies),
      backoff: COPY_BACKOFF,
      onFailure: (error, failures) => {
        log.warn("key_copy_failed", { failures, ...describeError(error) });
      },
      onSettled: () => alarm.arm(this.#copies.nextDueMs()),
      now,
      waitUntil,
    });
  }

  /** Implements `LookUpKey` for the key caches of the isolates. */
  lookUpKey(id: string, proof: KeyProof, uses: number): KeyLookup {
    const nowMs = this.#services.now();
    const record = this.#store.getKey(id);
    if (!record) {
      // Compares anyway, so that the timing does not reveal whether the key exists.
      matchingSecret(null, proof, nowMs);
      return { key: null, allowance: null, isOverLimit: false };
    }
    const key = toKeyState(record);
    const before = addUses(this.#usageOf(record), uses, nowMs);
    const isAuthentic = matchingSecret(key, proof, nowMs) !== undefined;
    const isOverLimit = isAuthentic && remainingAllowance(record.limits, before)?.requests === 0;
    const usage = isAuthentic && !isOverLimit ? addUses(before, 1, nowMs) : before;
    if (usage.usedMs === nowMs) this.#recordUsage(id, usage);
    return { key, allowance: remainingAllowance(record.limits, usage), isOverLimit };
  }

  listKeys(): KeyInfo[] {
    const nowMs = this.#services.now();
    return this.#store.listKeys().map((key) => toKeyInfo(this.#withLastUse(key), nowMs));
  }

  getKey(id: string): KeyInfo | null {
    const key = this.#store.getKey(id);
    return key ? toKeyInfo(this.#withLastUse(key), this.#services.now()) : null;
  }

  /** @throws {AppError} permiso_insuficiente, entrada_invalida, demasiadas_claves */
  createKey(permissions: Permissions, { digest, ...key }: KeyToCreate): KeyInfo {
    return this.#save(() => {
      const nowMs = this.#services.now();
      requireWithinPermissions(permissions, key.client, key);
      if (this.#store.countActive(nowMs) >= MAX_ACTIVE_KEYS) {
        throw new AppError("demasiadas_claves");
      }
      if (this.#store.getKey(key.id)) throw new Error("The key id is already taken");
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
  updateKey(permissions: Permissions, id: string, changes: Partial<KeySettings>): KeyInfo {
    return this.#save(() => {
      const key = { ...this.#requireUnrevokedKey(id), ...changes };
      requireWithinPermissions(permissions, key.client, key);
      return key;
    });
  }

  /**
   * Gives the key a new secret. The previous secret stays valid for `graceMs`; any older one is dropped.
   * @throws {AppError} no_encontrado, clave_revocada, permiso_insuficiente
   */
  rotateKey(permissions: Permissions, id: string, digest: string, graceMs: number): KeyInfo {
    return this.#save(() => {
      const key = this.#requireUnrevokedKey(id);
      requireWithinPermissions(permissions, key.client, key);
      return {
        ...key,
        generation: key.generation + 1,
        digest,
        oldDigest: graceMs > 0 ? key.digest : null,
        oldEndsMs: graceMs > 0 ? this.#services.now() + graceMs : null,
      };
    });
  }

  /** Idempotent: keeps the time of the first revocation. @throws {AppError} no_encontrado */
  revokeKey(id: string): KeyInfo {
    return this.#save(() => {
      const key = this.#requireKey(id);
      return { ...key, revokedMs: key.revokedMs ?? this.#services.now() };
    });
  }

  override async alarm(): Promise<void> {
    this.#alarm.fired();
    try {
      this.#saveUsage();
      await this.#copies.deliverNow();
      this.#store.deleteEnded(this.#services.now() - ENDED_RETENTION_MS);
    } catch (error) {
      log.error("access_alarm_failed", describeError(error));
      this.#armAlarm(ALARM_RETRY_MS);
    }
  }

  #save(build: () => KeyRecord): KeyInfo {
    try {
      const key = build();
      this.#store.saveKey(key);
      this.#armAlarm(0);
      return toKeyInfo(this.#withLastUse(key), this.#services.now());
    } catch (error) {
      throw toRpcError(error);
    }
  }

  #requireKey(id: string): KeyRecord {
    const key = this.#store.getKey(id);
    if (key) return key;
    throw new AppError("no_encontrado", { detail: "No existe esa clave." });
  }

  #requireUnrevokedKey(id: string): KeyRecord {
    const key = this.#requireKey(id);
    if (key.revokedMs === null) return key;
    throw new AppError("clave_revocada");
  }

  #usageOf({ id, usedMs }: KeyRecord): KeyUsage {
    const usage = this.#usageById.get(id);
    if (usage) return usage;
    const { day, uses } = this.#store.getDayUses(id);
    return { minute: 0, minuteUses: 0, day, dayUses: uses, usedMs: usedMs ?? 0 };
  }

  #recordUsage(id: string, usage: KeyUsage): void {
    this.#usageById.set(id, usage);
    this.#unsavedUsageIds.add(id);
    this.#armAlarm(SAVE_INTERVAL_MS);
  }

  #withLastUse(key: KeyRecord): KeyRecord {
    return { ...key, usedMs: this.#usageById.get(key.id)?.usedMs || key.usedMs };
  }

  #saveUsage(): void {
    const nowMs = this.#services.now();
    for (const id of this.#unsavedUsageIds) {
      const usage = this.#usageById.get(id);
      const savedMs = this.#store.getKey(id)?.usedMs ?? 0;
      if (!usage) continue;
      const { usedMs, day, dayUses } = usage;
      const mustCopy = copyIntervalIndex(usedMs) > copyIntervalIndex(savedMs);
      this.#store.saveUses(id, usedMs, { day, uses: dayUses }, mustCopy);
    }
    this.#unsavedUsageIds.clear();
    for (const [id, usage] of this.#usageById) {
      if (currentUsage(usage, nowMs).minuteUses === 0) this.#usageById.delete(id);
    }
  }

  #armAlarm(delayMs: number): void {
    this.#alarm.arm(this.#services.now() + delayMs);
  }
}

function copyIntervalIndex(usedMs: number): number {
  return Math.floor(usedMs / LAST_USE_COPY_INTERVAL_MS);
}
