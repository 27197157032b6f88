import { bigint, integer, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

/** Copy of the keys for people to read. It holds no secret and no digest, so a leaked backup gives no access. */
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
