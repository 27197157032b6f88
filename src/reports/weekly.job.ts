import pLimit from "p-limit";
import { chatName } from "../chats/chat-stub.ts";
import { coordinatorStub } from "../coordinator/coordinator-stub.ts";
import type { ReportFigures } from "../tasks/report-figures.ts";
import type { Job, JobMeans } from "../jobs/job.ts";
import { handOver } from "./deliver-reports.ts";
import type { DueChat, NewReport, Settled } from "./reports-store.ts";
import type { DeliveryState } from "./reports.table.ts";
import { lastWeekDue } from "./week.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";

/** Three statements see to so many chats. */
const CHATS_PER_SLICE = 25;
/** With the ten seconds that each may take, and half of them at once, a slice lasts twenty at most. */
const HANDOVERS_PER_SLICE = 12;
/** Workers lets an invocation wait for six connections. */
const AT_ONCE = 6;
/** Between slices that sent something: Telegram takes thirty messages a second of a bot. */
const PAUSE_MS = 500;
/** Before trying again to note down what was sent. */
const AWAY_PAUSE_MS = MINUTE_MS;
const MAX_WAITING_CHATS = 10_000;
/** How long a report waits for records that are still on their way to PostgreSQL. */
const MAX_WAIT_MS = 12 * HOUR_MS;

/** What became of attempts that are not noted down yet: if PostgreSQL is away just then, nothing is sent twice. */
type State = { settled: Settled[] };

/** A week whose report came due while nothing ran is reported late, once; of several such weeks only the last one is. */
export const weeklyReportsJob: Job<State> = {
  name: "informes-semanales",
  summary: "Hace los informes semanales que ya tocan y los entrega.",
  crons: ["sweep", "weekly"],

  async slice(means, state) {
    const { reports, config, now } = means.services;
    const sent = state?.settled ?? [];
    try {
      await reports.settle(sent);
    } catch {
      // The store has logged it. Failing would forget what was sent, and send it again.
      return { done: false, state: { settled: sent }, afterMs: AWAY_PAUSE_MS };
    }

    const due = await reports.takeDue(now(), CHATS_PER_SLICE);
    const made = await makeReports(means, due);

    const handovers = await reports.takeDeliveries(now(), HANDOVERS_PER_SLICE);
    const limit = pLimit(AT_ONCE);
    const settled = await Promise.all(
      handovers.map((handover) => limit(() => handOver(config, handover, now()))),
    );

    const number = (outcome: DeliveryState): number =>
      settled.filter((one) => one.state === outcome).length;
    const counts = {
      informes: made.reports,
      sin_actividad: made.quiet,
      entregados: number("entregada"),
      aplazados: number("pendiente"),
      fallidos: number("fallida"),
    };
    if (due.length === 0 && settled.length === 0) return { done: true, counts };
    const afterMs = settled.length > 0 ? PAUSE_MS : 0;
    return { done: false, state: { settled }, counts, afterMs };
  },
};

async function makeReports(
  { services, env }: JobMeans,
  due: readonly DueChat[],
): Promise<{ reports: number; quiet: number }> {
  if (due.length === 0) return { reports: 0, quiet: 0 };
  const { reports, history, config, now } = services;
  const nowMs = now();
  const waiting = await coordinatorStub(env, config).waitingChats(MAX_WAITING_CHATS);
  const waitingNames = new Set(waiting.map(({ name }) => name));
  const weeks = due
    .map((chat) => ({ ...chat, week: lastWeekDue(nowMs, chat.timeZone) }))
    // What is left out here is due again when its five minutes have passed.
    .filter(
      ({ client, chatId, week }) =>
        !waitingNames.has(chatName(client, chatId)) || nowMs - week.dueAt.getTime() > MAX_WAIT_MS,
    );
  // Who subscribed after a week was due begins with the next one.
  const asked = weeks.filter(({ week, since }) => week.dueAt > since);
  const tooEarly = weeks.filter(({ week, since }) => week.dueAt <= since);
  const figures = await history.manyFigures(
    asked.map(({ client, chatId, week }) => ({ client, chatId, span: week.span })),
  );
  const news: NewReport[] = [
    ...asked.map((chat, place) => ({ ...chat, figures: ifActive(figures[place]) })),
    ...tooEarly.map((chat) => ({ ...chat, figures: null })),
  ];
  const made = await reports.make(news, nowMs);
  return { reports: made.reports, quiet: news.filter((one) => one.figures === null).length };
}

/** A chat that asked for nothing but reports has nothing to be told. */
function ifActive(figures: ReportFigures | undefined): ReportFigures | null {
  return figures?.byTask.some(({ task }) => task !== "reporte") ? figures : null;
}
