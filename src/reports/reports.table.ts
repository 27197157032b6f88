import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { ReportFigures } from "../tasks/report-figures.ts";

/** Channels that deliver a report. Wire values. */
export const DELIVERY_CHANNELS = ["telegram", "webhook", "correo"] as const;
export type DeliveryChannel = (typeof DELIVERY_CHANNELS)[number];

export const DELIVERY_STATES = ["pendiente", "entregada", "fallida"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

const instant = (name: string) => timestamp(name, { withTimezone: true }).notNull();

export const subscriptions = pgTable(
  "suscripciones",
  {
    client: text("cliente").notNull(),
    chatId: bigint("chat_id", { mode: "number" }).notNull(),
    active: boolean("activa").notNull(),
    timeZone: text("zona_horaria").notNull(),
    telegramChatId: bigint("telegram_chat_id", { mode: "number" }),
    webhook: text("webhook"),
    mail: text("correo"),
    /** Start of the current subscription. Weeks that were due before have no report. */
    since: instant("alta"),
    changedAt: instant("cambiada"),
    /** When the next report is due: Monday at 08:00 local time, or the end of the lease while a run has claimed it. */
    nextAt: instant("proxima"),
  },
  (table) => [
    primaryKey({ columns: [table.client, table.chatId] }),
    index("suscripciones_proxima")
      .on(table.nextAt)
      .where(sql`activa`),
  ],
);

export const reports = pgTable(
  "reportes",
  {
    id: uuid("id").notNull().defaultRandom(),
    client: text("cliente").notNull(),
    chatId: bigint("chat_id", { mode: "number" }).notNull(),
    /** First day of the week, a Monday, in the chat's time zone. */
    week: date("semana", { mode: "string" }).notNull(),
    figures: jsonb("cifras").$type<ReportFigures>().notNull(),
    madeAt: instant("creado"),
  },
  (table) => [
    primaryKey({ columns: [table.client, table.chatId, table.week] }),
    foreignKey({
      columns: [table.client, table.chatId],
      foreignColumns: [subscriptions.client, subscriptions.chatId],
    }).onDelete("cascade"),
    uniqueIndex("reportes_id").on(table.id),
    index("reportes_creado").on(table.madeAt),
  ],
);

export const deliveries = pgTable(
  "entregas",
  {
    reportId: uuid("reporte_id")
      .notNull()
      .references(() => reports.id, { onDelete: "cascade" }),
    way: text("via", { enum: DELIVERY_CHANNELS }).notNull(),
    address: text("destino").notNull(),
    state: text("estado", { enum: DELIVERY_STATES }).notNull(),
    attempts: integer("intentos").notNull(),
    nextAttemptAt: instant("proximo_intento"),
    /** Why the last attempt failed, in Spanish, for people. */
    reason: text("motivo"),
  },
  (table) => [
    primaryKey({ columns: [table.reportId, table.way] }),
    index("entregas_pendientes")
      .on(table.nextAttemptAt)
      .where(sql`estado = 'pendiente'`),
  ],
);
