import { bigint, integer, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

/** What people may read of the keys. No secret and no digest: a backup that gets out opens nothing. */
export const keys = pgTable(
  "claves",
  {
    id: text("id").notNull(),
    client: text("cliente").notNull(),
    name: text("nombre").notNull(),
    scopes: text("permisos").array().notNull(),
    chats: bigint("chats", { mode: "number" }).array(),
    perMinute: integer("por_minuto"),
    perDay: integer("por_dia"),
    createdAt: timestamp("creada", { withTimezone: true }).notNull(),
    expiresAt: timestamp("caduca", { withTimezone: true }),
    revokedAt: timestamp("revocada", { withTimezone: true }),
    usedAt: timestamp("ultimo_uso", { withTimezone: true }),
    version: bigint("version", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.id] })],
);
