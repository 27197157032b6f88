import { AppError, type FieldProblem } from "../errors.ts";
import type { KeyState } from "./key-state.ts";
import { OWNER, OWNERS_SCOPES, type Limits, type Powers, type Scope } from "./principal.ts";

/** What its maker chooses of a key, and may change later. */
export type KeySettings = {
  name: string;
  scopes: Scope[];
  /** Null: every chat of its client. */
  chats: number[] | null;
  limits: Limits;
  /** Milliseconds since 1970; null: never. */
  expiresMs: number | null;
};

/** All that is told of a key. */
export type KeyInfo = KeySettings & {
  id: string;
  client: string;
  createdMs: number;
  revokedMs: number | null;
  /** To the minute or so. */
  usedMs: number | null;
  /** Until when the secret before the newest one opens it, too. */
  graceEndsMs: number | null;
};

/** A key as the object keeps it. */
export type KeyRecord = Omit<KeyInfo, "graceEndsMs"> & {
  generation: number;
  digest: string;
  oldDigest: string | null;
  oldEndsMs: number | null;
};

export function stateOf(key: KeyRecord): KeyState {
  const { id, client, scopes, chats, limits, expiresMs, generation, digest } = key;
  const old = key.oldDigest !== null && {
    digest: key.oldDigest,
    generation: generation - 1,
    endsMs: key.oldEndsMs,
  };
  return {
    ...{ id, client, scopes, chats, limits, expiresMs },
    secrets: [{ digest, generation, endsMs: null }, ...(old ? [old] : [])],
    revoked: key.revokedMs !== null,
  };
}

export function infoOf(key: KeyRecord, nowMs: number): KeyInfo {
  const { generation: _, digest: __, oldDigest, oldEndsMs, ...told } = key;
  const hasGrace = oldDigest !== null && oldEndsMs !== null && oldEndsMs > nowMs;
  return { ...told, graceEndsMs: hasGrace ? oldEndsMs : null };
}

/** The limits that are tighter in `ceiling` than in `wanted`: no limit is more than any. */
const exceeds = (wanted: number | null, ceiling: number | null): boolean =>
  ceiling !== null && (wanted === null || wanted > ceiling);

/**
 * Nobody hands on more than they have.
 * @throws {AppError} permiso_insuficiente, naming what goes too far; entrada_invalida for a key that nobody may have
 */
export function requireWithin(powers: Powers, client: string, wanted: KeySettings): void {
  const owners = wanted.scopes.find((scope) => OWNERS_SCOPES.includes(scope));
  if (owners && client !== OWNER) {
    const mensaje = `solo una clave del cliente ${OWNER} puede tener ${owners}`;
    throw new AppError("entrada_invalida", {
      detail: `El campo permisos no vale: ${mensaje}.`,
      fields: [{ campo: "permisos", mensaje }],
    });
  }
  const fields: FieldProblem[] = [
    ...wanted.scopes
      .filter((scope) => !powers.scopes.has(scope))
      .map((scope) => ({ campo: "permisos", mensaje: `tu clave no tiene ${scope}` })),
    ...(powers.chats && !wanted.chats?.every((chat) => powers.chats?.has(chat))
      ? [{ campo: "chats", mensaje: "tu clave no llega a todos esos chats" }]
      : []),
    ...(exceeds(wanted.expiresMs, powers.expiresAtMs)
      ? [{ campo: "caduca", mensaje: "tu clave caduca antes" }]
      : []),
    ...(exceeds(wanted.limits.perMinute, powers.limits.perMinute) ||
    exceeds(wanted.limits.perDay, powers.limits.perDay)
      ? [{ campo: "limites", mensaje: "tu clave tiene límites más estrechos" }]
      : []),
  ];
  if (fields.length === 0) return;
  throw new AppError("permiso_insuficiente", {
    detail: "Una clave no puede dar más de lo que tiene la tuya.",
    fields,
  });
}
