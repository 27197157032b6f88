/** What a key may be let do. `admin` is the administration of the service; it brings none of the others with it. */
export const SCOPES = ["procesar", "historial", "informes", "metricas", "flujos", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** What only keys of the owner's client may be let do: it is about the service and not about one client's chats. */
export const OWNERS_SCOPES: readonly Scope[] = ["flujos", "admin"];

/** Who the owner's key stands for: part of every row, object name and cache key. */
export const OWNER = "principal";

/** How many requests a key may make; null: as many as it likes. */
export type Limits = { perMinute: number | null; perDay: number | null };

export const NO_LIMITS: Limits = { perMinute: null, perDay: null };

/** How far somebody's permission reaches, and the most that they may hand on. */
export type Powers = {
  scopes: ReadonlySet<Scope>;
  /** Null: every chat of the client. */
  chats: ReadonlySet<number> | null;
  /** Milliseconds since 1970; null: never. */
  expiresAtMs: number | null;
  limits: Limits;
};

/** Who makes a request. */
export type Principal = Powers & {
  client: string;
  /** Null: the owner. */
  keyId: string | null;
  /** Of the secret that was shown, null for the owner's; absent where no secret was, and then no token is to be had. */
  generation?: number | null;
};

export const OWNER_PRINCIPAL: Principal = {
  client: OWNER,
  keyId: null,
  generation: null,
  scopes: new Set(SCOPES),
  chats: null,
  expiresAtMs: null,
  limits: NO_LIMITS,
};
