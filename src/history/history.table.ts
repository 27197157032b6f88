import { sql } from "drizzle-orm";
import {
  bigint,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import type { JsonObject } from "../lib/json-object.ts";
import { RECORD_STATES } from "../tasks/history-record.ts";

/** Partitioned by month on `fecha` (migrations/). A key of a partitioned table must include the partition column. */
export const history = pgTable(
  "consultas_ia",
  {
    id: bigint("id", { mode: "number" })
      .notNull()
      .default(sql`nextval('consultas_ia_id_seq')`),
    client: text("cliente").notNull(),
    chatId: bigint("chat_id", { mode: "number" }).notNull(),
    requestId: uuid("solicitud_id").notNull(),
    task: text("tipo_tarea").notNull(),
    text: text("texto_original").notNull(),
    output: text("resultado").notNull(),
    data: jsonb("datos").$type<JsonObject>(),
    options: jsonb("opciones").$type<JsonObject>().notNull(),
    language: text("idioma"),
    state: text("estado", { enum: RECORD_STATES }).notNull(),
    problem: text("codigo_error"),
    cache: text("cache").notNull(),
    cacheKey: text("clave_cache").notNull(),
    engine: text("motor").notNull(),
    model: text("modelo"),
    promptVersion: integer("prompt_version").notNull(),
    attempts: integer("intentos").notNull(),
    inputTokens: integer("tokens_entrada"),
    outputTokens: integer("tokens_salida"),
    costUsd: doublePrecision("coste_usd"),
    durationMs: integer("duracion_ms"),
    at: timestamp("fecha", { withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.requestId, table.at] }),
    index("consultas_ia_chat").on(table.client, table.chatId, table.at, table.requestId),
    index("consultas_ia_chat_tarea").on(
      table.client,
      table.chatId,
      table.task,
      table.at,
      table.requestId,
    ),
  ],
);

/** Erased chats: records up to `until` were deleted. */
export const erasedChats = pgTable(
  "borrados",
  {
    client: text("cliente").notNull(),
    chatId: bigint("chat_id", { mode: "number" }).notNull(),
    until: timestamp("hasta", { withTimezone: true }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.client, table.chatId] })],
);
