import pLimit from "p-limit";
import { chatName } from "../lib/chat-name.ts";
import type { ReportFigures } from "../tasks/report-figures.ts";
import type { History } from "../history/history-store.ts";
import type { Job } from "../jobs/job.ts";
import { deliverReport, type DeliveryConfig } from "./deliver-reports.ts";
import type { AttemptOutcome, DueChat, NewReport, Reports } from "./reports-store.ts";
import type { DeliveryState } from "./reports.table.ts";
import { lastWeekDue } from "./week.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";

/** Chats handled by the three statements of a slice. */
const CHATS_PER_SLICE = 25;
/** A delivery takes up to 10 s and six run at once, so a slice lasts at most 20 s. */
const DELIVERIES_PER_SLICE = 12;
/** Workers allows an invocation six connections that wait for headers. */
const CONCURRENT_DELIVERIES = 6;
/** Pause between slices that delivered something: Telegram accepts 30 messages a second from a bot. */
const PAUSE_MS = 500;
/** Pause before writing the outcomes again when PostgreSQL is unavailable. */
const UNAVAILABLE_PAUSE_MS = MINUTE_MS;
const MAX_WAITING_CHATS = 10_000;
/** A report waits at most this long for the chat's records that have not reached PostgreSQL yet. */
const MAX_WAIT_MS = 12 * HOUR_MS;

/** Outcomes that are not in PostgreSQL yet. Kept on disk so that an outage does not make the job deliver twice. */
type State = { settled: AttemptOutcome[] };

export type WeeklyReportsContext = {
  config: DeliveryConfig;
  now: () => number;
  history: Pick<History, "manyFigures">;
  reports: Pick<Reports, "recordOutcomes" | "claimDueChats" | "claimDeliveries" | "create">;
  /** Chats with records that have not reached PostgreSQL. */
  waitingChats: { list: (limit: number) => Promise<{ name: string }[]> };
};

/** After missed runs, only the latest due week is reported, late. */
export const weeklyReportsJob: Job<WeeklyReportsContext, State> = {
  name: "informes-semanales",
  summary: "Hace los informes semanales que ya tocan y los entrega.",
  crons: ["everyFiveMinutes", "weekly"],

  async runSlice(context, state) {
    const { reports, config, now } = context;
    const sent = state?.settled ?? [];
    try {
      await reports.recordOutcomes(sent);
    } catch {
      // The store has logged the error. Throwing would lose the outcomes and deliver the same reports again.
      return { done: false, state: { settled: sent }, afterMs: UNAVAILABLE_PAUSE_MS };
    }

    const due = await reports.claimDueChats(now(), CHATS_PER_SLICE);
    const made = await makeReports(context, due);

    const claimed = await reports.claimDeliveries(now(), DELIVERIES_PER_SLICE);
    const limit = pLimit(CONCURRENT_DELIVERIES);
    const settled = await Promise.all(
      claimed.map((delivery) => limit(() => deliverReport(config, delivery, now()))),
    );

    const countOf = (wanted: DeliveryState): number =>
      settled.filter(({ state: reached }) => reached === wanted).length;
    const counts = {
      informes: made.reports,
      sin_actividad: made.quiet,
      entregados: countOf("entregada"),
      aplazados: countOf("pendiente"),
      fallidos: countOf("fallida"),
    };
    if (due.length === 0 && settled.length === 0) return { done: true, counts };
    const afterMs = settled.length > 0 ? PAUSE_MS : 0;
    return { done: false, state: { settled }, counts, afterMs };
  },
};

async function makeReports(
  { reports, history, now, waitingChats }: WeeklyReportsContext,
  due: readonly DueChat[],
): Promise<{ reports: number; quiet: number }> {
  if (due.length === 0) return { reports: 0, quiet: 0 };
  const nowMs = now();
  const waiting = await waitingChats.list(MAX_WAITING_CHATS);
  const waitingNames = new Set(waiting.map(({ name }) => name));
  const weeks = due
    .map((chat) => ({ ...chat, week: lastWeekDue(nowMs, chat.timeZone) }))
    // A chat that is skipped here is due again when its claim expires.
    .filter(
      ({ client, chatId, week }) =>
        !waitingNames.has(chatName(client, chatId)) || nowMs - week.dueAt.getTime() > MAX_WAIT_MS,
    );
  // A chat that subscribed after the week was due begins with the next week.
  const reported = weeks.filter(({ week, since }) => week.dueAt > since);
  const tooEarly = weeks.filter(({ week, since }) => week.dueAt <= since);
  const figures = await history.manyFigures(
    reported.map(({ client, chatId, week }) => ({ client, chatId, period: week.period })),
  );
  const candidates: NewReport[] = [
    ...reported.map((chat, index) => ({ ...chat, figures: ifActive(figures[index]) })),
    ...tooEarly.map((chat) => ({ ...chat, figures: null })),
  ];
  const made = await reports.create(candidates, nowMs);
  return {
    reports: made.reports,
    quiet: candidates.filter(({ figures: found }) => found === null).length,
  };
}

/** Returns null when the only activity of the chat was asking for reports. */
function ifActive(figures: ReportFigures | undefined): ReportFigures | null {
  return figures?.byTask.some(({ task }) => task !== "reporte") ? figures : null;
}
