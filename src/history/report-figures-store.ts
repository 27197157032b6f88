import { sql, type SQL } from "drizzle-orm";
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { history } from "./history.table.ts";
import type { ReportFigures } from "../tasks/report-figures.ts";

/** A half-open range of time: `to` is excluded. Days are those of `timeZone`. */
export type TimeRange = { from: Date; to: Date; timeZone: string };

const count = z.int();

/** The result of `figuresQuery`: largest groups first; days without records are missing. */
const SqlFigures = z.object({
  total: count,
  completed: count,
  failed: count,
  interrupted: count,
  fromCache: count,
  inputTokens: count,
  outputTokens: count,
  costUsd: z.number().nullable(),
  byTask: z.array(z.object({ task: z.string(), count })),
  byLanguage: z.array(z.object({ language: z.string().nullable(), count })),
  byDay: z.array(z.object({ day: z.string(), count })),
});

/** Figures as a report stores them. */
export const StoredFigures = SqlFigures.extend({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  timeZone: z.string(),
}) satisfies z.ZodType<ReportFigures>;

const Row = z.object({ figures: SqlFigures });
export const FiguresResult = z.object({ rows: z.tuple([Row]) });
export const ManyFiguresResult = z.object({ rows: z.array(Row) });

/** One statement, so that all figures come from one snapshot. */
export function figuresQuery(
  { client, chatId }: { client: string; chatId: number },
  { from, to, timeZone }: TimeRange,
): SQL {
  return figuresOf({
    client: sql`${client}`,
    chatId: sql`${chatId}`,
    from: sql`${from.toISOString()}::timestamptz`,
    to: sql`${to.toISOString()}::timestamptz`,
    timeZone: sql`${timeZone}`,
  });
}

/** The figures of many chats in one statement, in the order of the argument. */
export function manyFiguresQuery(
  requests: readonly { client: string; chatId: number; period: TimeRange }[],
): SQL {
  const rows = requests.map(({ client, chatId, period: { from, to, timeZone } }, place) => {
    return { place, client, chat: chatId, from, to, zone: timeZone };
  });
  const figures = figuresOf({
    client: sql`each.client`,
    chatId: sql`each.chat`,
    from: sql`each."from"`,
    to: sql`each."to"`,
    timeZone: sql`each.zone`,
  });
  return sql`
    SELECT of_chat.figures FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS each(place integer, client text, chat bigint, "from" timestamptz, "to" timestamptz, zone text)
    CROSS JOIN LATERAL (${figures}) AS of_chat ORDER BY each.place`;
}

function figuresOf({
  client,
  chatId,
  from,
  to,
  timeZone,
}: Record<"client" | "chatId" | "from" | "to" | "timeZone", SQL>): SQL {
  return sql`
    WITH asked AS (
      SELECT tipo_tarea, idioma, estado, cache, tokens_entrada, tokens_salida, coste_usd,
        to_char(fecha AT TIME ZONE ${timeZone}, 'YYYY-MM-DD') AS dia
      FROM ${history}
      WHERE cliente = ${client} AND chat_id = ${chatId}
        AND fecha >= ${from} AND fecha < ${to}
    )
    SELECT json_build_object(
      'total', count(*),
      'completed', count(*) FILTER (WHERE estado = 'completada'),
      'failed', count(*) FILTER (WHERE estado = 'fallida'),
      'interrupted', count(*) FILTER (WHERE estado = 'interrumpida'),
      'fromCache', count(*) FILTER (WHERE cache IN ('colo', 'kv', 'chat')),
      'inputTokens', coalesce(sum(tokens_entrada), 0),
      'outputTokens', coalesce(sum(tokens_salida), 0),
      'costUsd', sum(coste_usd),
      'byTask', coalesce((SELECT json_agg(g) FROM (
        SELECT tipo_tarea AS task, count(*) FROM asked GROUP BY 1 ORDER BY 2 DESC, 1) g), '[]'),
      'byLanguage', coalesce((SELECT json_agg(g) FROM (
        SELECT idioma AS language, count(*) FROM asked GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST) g), '[]'),
      'byDay', coalesce((SELECT json_agg(g) FROM (
        SELECT dia AS day, count(*) FROM asked GROUP BY 1 ORDER BY 1) g), '[]')
    ) AS figures FROM asked`;
}

/** Adds the days without records. */
export function toFigures(
  { byDay, ...figures }: z.output<typeof SqlFigures>,
  { from, to, timeZone }: TimeRange,
): ReportFigures {
  const counts = new Map(byDay.map(({ day, count: records }) => [day, records]));
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    timeZone,
    ...figures,
    byDay: daysOf({ from, to, timeZone }).map((day) => ({ day, count: counts.get(day) ?? 0 })),
  };
}

function daysOf({ from, to, timeZone }: TimeRange): string[] {
  const dayAt = (instant: Date): Temporal.PlainDate =>
    Temporal.Instant.fromEpochMilliseconds(instant.getTime())
      .toZonedDateTimeISO(timeZone)
      .toPlainDate();
  const days: string[] = [];
  const end = dayAt(to);
  for (
    let day = dayAt(from);
    Temporal.PlainDate.compare(day, end) < 0;
    day = day.add({ days: 1 })
  ) {
    days.push(day.toString());
  }
  return days;
}
