import { AppError, type FieldProblem } from "../errors.ts";
import type { KeyState } from "./key-state.ts";
import {
  OWNER_CLIENT,
  OWNER_ONLY_SCOPES,
  type KeyLimits,
  type Permissions,
  type Scope,
} from "./principal.ts";

/** The settings of a key: chosen when it is created, changeable later. */
export type KeySettings = {
  name: string;
  scopes: Scope[];
  /** Null: every chat of its client. */
  chats: number[] | null;
  limits: KeyLimits;
  /** Milliseconds since 1970; null: never. */
  expiresMs: number | null;
};

/** What the API shows of a key: everything but its secrets and their digests. Times in milliseconds since 1970. */
export type KeyInfo = KeySettings & {
  id: string;
  client: string;
  createdMs: number;
  revokedMs: number | null;
  /** May lag behind by the time between two saves of the usage. */
  usedMs: number | null;
  /** End of the grace period of the previous secret; null when only the newest secret is valid. */
  graceEndsMs: number | null;
};

/** A key as the access object stores it. */
export type KeyRecord = Omit<KeyInfo, "graceEndsMs"> & {
  generation: number;
  digest: string;
  oldDigest: string | null;
  oldEndsMs: number | null;
};

export function toKeyState(key: KeyRecord): KeyState {
  const { id, client, scopes, chats, limits, expiresMs, generation, digest } = key;
  const previous = key.oldDigest !== null && {
    digest: key.oldDigest,
    generation: generation - 1,
    endsMs: key.oldEndsMs,
  };
  return {
    ...{ id, client, scopes, chats, limits, expiresMs },
    secrets: [{ digest, generation, endsMs: null }, ...(previous ? [previous] : [])],
    isRevoked: key.revokedMs !== null,
  };
}

export function toKeyInfo(key: KeyRecord, nowMs: number): KeyInfo {
  const { generation: _, digest: __, oldDigest, oldEndsMs, ...info } = key;
  const hasGrace = oldDigest !== null && oldEndsMs !== null && oldEndsMs > nowMs;
  return { ...info, graceEndsMs: hasGrace ? oldEndsMs : null };
}

/** Whether a limit is wider than its ceiling. Null, no limit, is wider than any number. */
const exceeds = (limit: number | null, ceiling: number | null): boolean =>
  ceiling !== null && (limit === null || limit > ceiling);

/**
 * Requires that a key's settings are no wider than the permissions of the caller who creates or changes it.
 * @throws {AppError} permiso_insuficiente, naming each field that is too wide; entrada_invalida when a client other
 *   than the owner's would get an owner-only scope
 */
export function requireWithinPermissions(
  permissions: Permissions,
  client: string,
  settings: KeySettings,
): void {
  const ownerOnly = settings.scopes.find((scope) => OWNER_ONLY_SCOPES.includes(scope));
  if (ownerOnly && client !== OWNER_CLIENT) {
    const mensaje = `solo una clave del cliente ${OWNER_CLIENT} puede tener ${ownerOnly}`;
    throw new AppError("entrada_invalida", {
      detail: `El campo permisos no vale: ${mensaje}.`,
      fields: [{ campo: "permisos", mensaje }],
    });
  }
  const { scopes, chats, limits, expiresAtMs } = permissions;
  const fields: FieldProblem[] = [
    ...settings.scopes
      .filter((scope) => !scopes.has(scope))
      .map((scope) => ({ campo: "permisos", mensaje: `tu clave no tiene ${scope}` })),
    ...(chats && !settings.chats?.every((chat) => chats.has(chat))
      ? [{ campo: "chats", mensaje: "tu clave no llega a todos esos chats" }]
      : []),
    ...(exceeds(settings.expiresMs, expiresAtMs)
      ? [{ campo: "caduca", mensaje: "tu clave caduca antes" }]
      : []),
    ...(exceeds(settings.limits.perMinute, limits.perMinute) ||
    exceeds(settings.limits.perDay, limits.perDay)
      ? [{ campo: "limites", mensaje: "tu clave tiene límites más estrechos" }]
      : []),
  ];
  if (fields.length === 0) return;
  throw new AppError("permiso_insuficiente", {
    detail: "Una clave no puede dar más de lo que tiene la tuya.",
    fields,
  });
}
