import { and, desc, eq, inArray, lt, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { Database, Queries } from "../db/database.ts";
import { mapToUnavailable } from "../db/unavailable.ts";
import { AppError } from "../errors.ts";
import { StoredFigures } from "../history/report-figures-store.ts";
import type { HistoryRetention } from "../history/history-store.ts";
import type { ReportFigures } from "../tasks/report-figures.ts";
import {
  deliveries,
  reports,
  subscriptions,
  DELIVERY_CHANNELS,
  type DeliveryState,
  type DeliveryChannel,
} from "./reports.table.ts";
import { lastWeekDue, type Week } from "./week.ts";
import { MINUTE_MS } from "../lib/durations.ts";

const TIMEOUT_MS = 3_000;
/** For statements that handle a whole batch. */
const BATCH_TIMEOUT_MS = 10_000;
/** A claim that was not completed expires after this time; another run may then claim the row. */
const LEASE_MS = 5 * MINUTE_MS;
/** Rows deleted per call of `deleteExpired`. */
export const MAX_DELETED_REPORTS = 10_000;

type Chat = { client: string; chatId: number };

export type Subscription = {
  active: boolean;
  timeZone: string;
  telegramChatId: number | null;
  webhook: string | null;
  mail: string | null;
};

/** A field that is absent keeps its value, or takes it from `defaults` when there is no subscription yet. */
export type SubscriptionChange = Partial<Subscription> & { active: boolean };

export type DueChat = Chat & { timeZone: string; since: Date };

export type NewReport = Chat & { week: Week; figures: ReportFigures | null };

type Report = {
  id: string;
  week: string;
  figures: ReportFigures;
  madeAt: Date;
  deliveries: {
    way: DeliveryChannel;
    state: DeliveryState;
    attempts: number;
    reason: string | null;
  }[];
};

/** One attempt to deliver a report. */
export type ReportDelivery = Chat & {
  reportId: string;
  way: DeliveryChannel;
  address: string;
  /** 1 is the first. */
  attempt: number;
  /** False when the chat unsubscribed after the report was created. */
  active: boolean;
  week: string;
  figures: ReportFigures;
};

/** The outcome of an attempt. Plain values: a job keeps them on its disk until they are written to PostgreSQL. */
export type AttemptOutcome = {
  reportId: string;
  way: DeliveryChannel;
  attempt: number;
  state: DeliveryState;
  reason: string | null;
  nextAttemptAtMs: number;
};

export type Reports = {
  /** @throws {AppError} entrada_invalida for a time zone that PostgreSQL does not know; historial_no_disponible */
  subscribe: (chat: Chat, change: SubscriptionChange, defaults: Defaults) => Promise<Subscription>;
  /** @throws {AppError} historial_no_disponible */
  subscription: (chat: Chat) => Promise<Subscription | undefined>;
  /** Newest first; the page holds weeks earlier than `before`. @throws {AppError} historial_no_disponible */
  page: (chat: Chat, page: { before?: string | undefined; limit: number }) => Promise<Report[]>;
  /** Claims subscriptions whose report is due, longest waiting first. No other caller gets them for `LEASE_MS`. */
  claimDueChats: (nowMs: number, limit: number) => Promise<DueChat[]>;
  /**
   * Creates the reports that have figures, each with its deliveries, and sets every chat's next due date. Skips a
   * report that already exists, and one whose chat was erased, unsubscribed or changed its time zone since the claim.
   */
  create: (
    candidates: NewReport[],
    nowMs: number,
  ) => Promise<{ reports: number; deliveries: number }>;
  /** Claims deliveries that are due. No other caller gets them for `LEASE_MS`. */
  claimDeliveries: (nowMs: number, limit: number) => Promise<ReportDelivery[]>;
  /** Writes the outcomes of attempts. Idempotent; an outcome older than the latest attempt changes nothing. */
  recordOutcomes: (outcomes: AttemptOutcome[]) => Promise<void>;
  /**
   * Deletes reports older than their client's retention. Returns how many; when it equals `MAX_DELETED_REPORTS`, more
   * may be left.
   */
  deleteExpired: (retention: HistoryRetention) => Promise<number>;
};

type Defaults = { timeZone: string; nowMs: number };

/** Subscriptions, reports and their deliveries, in PostgreSQL. Each call is one statement. */
export function createReports(database: Database): Reports {
  const run = <T>(work: (db: Queries) => Promise<T>, limitMs = TIMEOUT_MS): Promise<T> =>
    mapToUnavailable(database.query(limitMs, work));

  return {
    async subscribe(chat, change, defaults) {
      const [row] = await mapToUnavailable(
        database
          .query(TIMEOUT_MS, (db) => upsert(db, chat, change, defaults))
          .catch(refuseUnknownTimeZone),
      );
      if (!row) throw new Error("The upsert returned no row");
      return row;
    },
    async subscription(chat) {
      const [row] = await run((db) =>
        db.select(SUBSCRIPTION).from(subscriptions).where(isOf(subscriptions, chat)),
      );
      return row;
    },
    page: (chat, { before, limit }) => run((db) => selectPage(db, chat, before, limit)),
    claimDueChats: (nowMs, limit) =>
      run(async (db) => {
        const taken = sql`
          WITH taken AS MATERIALIZED (
            SELECT cliente, chat_id FROM ${subscriptions} WHERE activa AND proxima <= ${instant(nowMs)}
            ORDER BY proxima LIMIT ${limit} FOR UPDATE SKIP LOCKED
          )
          UPDATE ${subscriptions} AS s SET proxima = ${instant(nowMs + LEASE_MS)} FROM taken
          WHERE s.cliente = taken.cliente AND s.chat_id = taken.chat_id
          RETURNING s.cliente AS client, s.chat_id AS "chatId", s.zona_horaria AS "timeZone", s.alta AS since`;
        return DueChats.parse(await db.execute(taken)).rows;
      }, BATCH_TIMEOUT_MS),
    create: (candidates, nowMs) =>
      run(async (db) => {
        const { rows } = CreatedCounts.parse(await db.execute(createQuery(candidates, nowMs)));
        return rows[0];
      }, BATCH_TIMEOUT_MS),
    claimDeliveries: (nowMs, limit) =>
      run(async (db) => {
        const taken = sql`
          WITH taken AS MATERIALIZED (
            SELECT reporte_id, via FROM ${deliveries}
            WHERE estado = 'pendiente' AND proximo_intento <= ${instant(nowMs)}
            ORDER BY proximo_intento LIMIT ${limit} FOR UPDATE SKIP LOCKED
          )
          UPDATE ${deliveries} AS d
          SET intentos = d.intentos + 1, proximo_intento = ${instant(nowMs + LEASE_MS)}
          FROM taken, ${reports} AS r, ${subscriptions} AS s
          WHERE d.reporte_id = taken.reporte_id AND d.via = taken.via AND r.id = d.reporte_id
            AND s.cliente = r.cliente AND s.chat_id = r.chat_id
          RETURNING d.reporte_id AS "reportId", d.via AS way, d.destino AS address, d.intentos AS attempt,
            s.activa AS active, r.cliente AS client, r.chat_id AS "chatId", r.semana::text AS week, r.cifras AS figures`;
        return ClaimedDeliveries.parse(await db.execute(taken)).rows;
      }, BATCH_TIMEOUT_MS),
    async recordOutcomes(outcomes) {
      if (outcomes.length > 0)
        await run((db) => db.execute(outcomesQuery(outcomes)), BATCH_TIMEOUT_MS);
    },
    deleteExpired: ({ since, own }) =>
      run(async (db) => {
        const moments = sql`${JSON.stringify(Object.fromEntries(own))}::jsonb`;
        const oldest = db
          .select({ id: reports.id })
          .from(reports)
          .where(
            sql`creado < CASE WHEN ${moments} ? cliente THEN (${moments} ->> cliente)::timestamptz
              ELSE ${since?.toISOString() ?? null}::timestamptz END`,
          )
          .limit(MAX_DELETED_REPORTS);
        const deleted = await db
          .delete(reports)
          .where(inArray(reports.id, oldest))
          .returning({ id: reports.id });
        return deleted.length;
      }, BATCH_TIMEOUT_MS),
  };
}

const SUBSCRIPTION = {
  active: subscriptions.active,
  timeZone: subscriptions.timeZone,
  telegramChatId: subscriptions.telegramChatId,
  webhook: subscriptions.webhook,
  mail: subscriptions.mail,
};

async function upsert(
  db: Queries,
  chat: Chat,
  change: SubscriptionChange,
  defaults: Defaults,
): Promise<Subscription[]> {
  const timeZone = change.timeZone ?? defaults.timeZone;
  const now = new Date(defaults.nowMs);
  const nextAt = lastWeekDue(defaults.nowMs, timeZone).nextDueAt;
  const { timeZone: _, ...given } = change;
  return await db
    .insert(subscriptions)
    .values({
      ...chat,
      ...given,
      // PostgreSQL counts the days, so it must know the time zone too, not only Intl.
      timeZone: sql`CASE WHEN now() AT TIME ZONE ${timeZone} IS NOT NULL THEN ${timeZone} END`,
      since: now,
      changedAt: now,
      nextAt,
    })
    .onConflictDoUpdate({
      target: [subscriptions.client, subscriptions.chatId],
      set: {
        ...given,
        ...(change.timeZone !== undefined && { timeZone: sql`excluded.zona_horaria` }),
        since: sql`CASE WHEN ${subscriptions.active} THEN ${subscriptions.since} ELSE excluded.alta END`,
        changedAt: now,
        // Never later than before: changing the time zone must not skip a week that is already due.
        nextAt: sql`least(${subscriptions.nextAt}, excluded.proxima)`,
      },
    })
    .returning(SUBSCRIPTION);
}

/** SQLSTATE 22023 is an invalid parameter value. The time zone is the only parameter that can be invalid. */
function refuseUnknownTimeZone(error: unknown): never {
  if (error instanceof Error && "code" in error && error.code === "22023") {
    const mensaje = "la base de datos no conoce esta zona horaria";
    throw new AppError("entrada_invalida", { fields: [{ campo: "zona_horaria", mensaje }] });
  }
  throw error;
}

async function selectPage(
  db: Queries,
  chat: Chat,
  before: string | undefined,
  limit: number,
): Promise<Report[]> {
  return await db
    .select({
      id: reports.id,
      week: reports.week,
      figures: reports.figures,
      madeAt: reports.madeAt,
      deliveries: sql<Report["deliveries"]>`coalesce((
        SELECT json_agg(json_build_object('way', via, 'state', estado, 'attempts', intentos, 'reason', motivo) ORDER BY via)
        FROM ${deliveries} WHERE reporte_id = ${reports.id}), '[]')`,
    })
    .from(reports)
    .where(and(isOf(reports, chat), before === undefined ? undefined : lt(reports.week, before)))
    .orderBy(desc(reports.week))
    .limit(limit);
}

function createQuery(candidates: readonly NewReport[], nowMs: number): SQL {
  const rows = candidates.map(({ client, chatId, week, figures }) => ({
    client,
    chat: chatId,
    zone: week.period.timeZone,
    week: week.monday,
    next: week.nextDueAt,
    figures,
  }));
  return sql`
    WITH wanted AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json)
        AS w(client text, chat bigint, zone text, week date, next timestamptz, figures jsonb)
    ), moved AS (
      UPDATE ${subscriptions} AS s SET proxima = wanted.next FROM wanted
      WHERE s.cliente = wanted.client AND s.chat_id = wanted.chat AND s.activa AND s.zona_horaria = wanted.zone
      RETURNING s.cliente, s.chat_id, s.telegram_chat_id::text AS telegram, s.webhook, s.correo, wanted.week, wanted.figures
    ), made AS (
      INSERT INTO ${reports} (cliente, chat_id, semana, cifras, creado)
      SELECT cliente, chat_id, week, figures, ${instant(nowMs)} FROM moved
      WHERE jsonb_typeof(figures) = 'object'
      ON CONFLICT (cliente, chat_id, semana) DO NOTHING RETURNING id, cliente, chat_id
    ), sent AS (
      INSERT INTO ${deliveries} (reporte_id, via, destino, estado, intentos, proximo_intento)
      SELECT made.id, way.via, way.destino, 'pendiente', 0, ${instant(nowMs)}
      FROM made JOIN moved USING (cliente, chat_id)
      CROSS JOIN LATERAL (VALUES ('telegram', telegram), ('webhook', webhook), ('correo', correo)) AS way(via, destino)
      WHERE way.destino IS NOT NULL RETURNING 1
    )
    SELECT (SELECT count(*) FROM made) AS reports, (SELECT count(*) FROM sent) AS deliveries`;
}

function outcomesQuery(outcomes: readonly AttemptOutcome[]): SQL {
  const rows = outcomes.map(({ nextAttemptAtMs, ...outcome }) => {
    return { ...outcome, next: new Date(nextAttemptAtMs) };
  });
  return sql`
    UPDATE ${deliveries} AS d SET estado = s.state, motivo = s.reason, proximo_intento = s.next
    FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS s("reportId" uuid, way text, attempt integer, state text, reason text, next timestamptz)
    WHERE d.reporte_id = s."reportId" AND d.via = s.way AND d.intentos = s.attempt AND d.estado = 'pendiente'`;
}

function isOf(
  table: typeof subscriptions | typeof reports,
  { client, chatId }: Chat,
): SQL | undefined {
  return and(eq(table.client, client), eq(table.chatId, chatId));
}

function instant(ms: number): SQL {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}

const count = z.coerce.number();
const chat = { client: z.string(), chatId: z.coerce.number() };

const DueChats = z.object({
  rows: z.array(z.object({ ...chat, timeZone: z.string(), since: z.coerce.date() })),
});

const CreatedCounts = z.object({
  rows: z.tuple([z.object({ reports: count, deliveries: count })]),
});

const ClaimedDeliveries = z.object({
  rows: z.array(
    z.object({
      ...chat,
      reportId: z.uuid(),
      way: z.enum(DELIVERY_CHANNELS),
      address: z.string(),
      attempt: z.int(),
      active: z.boolean(),
      week: z.iso.date(),
      figures: StoredFigures,
    }),
  ),
});
