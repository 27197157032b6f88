/** The permissions that a credential may hold. `admin` administers the service; it includes none of the others. */
export const SCOPES = ["procesar", "historial", "informes", "metricas", "flujos", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** Scopes that only keys of the owner's client may hold: they concern the whole service, not one client's chats. */
export const OWNER_ONLY_SCOPES: readonly Scope[] = ["flujos", "admin"];

/** Client name of the owner, who authenticates with API_KEY. Part of every row, object name and cache key. */
export const OWNER_CLIENT = "principal";

/** Request limits of a key; null means unlimited. */
export type KeyLimits = { perMinute: number | null; perDay: number | null };

export const NO_LIMITS: KeyLimits = { perMinute: null, perDay: null };

/** What a credential may do, which is also the most it may grant to a new key or token. */
export type Permissions = {
  scopes: ReadonlySet<Scope>;
  /** Null: every chat of the client. */
  chats: ReadonlySet<number> | null;
  /** Milliseconds since 1970; null: never. */
  expiresAtMs: number | null;
  limits: KeyLimits;
};

/** The authenticated caller of a request. */
export type Principal = Permissions & {
  client: string;
  /** Null: the owner. */
  keyId: string | null;
  /**
   * Generation of the secret that was presented; null for API_KEY. Absent when the caller presented no secret (a token,
   * Cloudflare Access): such a caller cannot request a token.
   */
  generation?: number | null;
};

export const OWNER_PRINCIPAL: Principal = {
  client: OWNER_CLIENT,
  keyId: null,
  generation: null,
  scopes: new Set(SCOPES),
  chats: null,
  expiresAtMs: null,
  limits: NO_LIMITS,
};
