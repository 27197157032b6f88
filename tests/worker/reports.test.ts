import { env } from "cloudflare:workers";
import { Temporal } from "temporal-polyfill";
import { describe, expect, inject, it } from "vitest";
import { chatName } from "../../src/lib/chat-name.ts";
import { coordinatorStub } from "../../src/coordinator/coordinator-stub.ts";
import type { SubscriptionChange } from "../../src/reports/reports-store.ts";
import { weeklyReportsJob } from "../../src/reports/weekly.job.ts";
import { createServices, type Services } from "../../src/services.ts";
import { call, newChatId, newToken } from "../support/client.ts";
import { controlFakeReceiver, type Answer } from "../support/fake-receiver-control.ts";
import { controlFakeTelegram } from "../support/fake-telegram-control.ts";
import { ownServices } from "../support/own-database.ts";
import { newKey } from "../support/keys.ts";
import { pastRecord } from "../support/past-record.ts";
import { createRandom } from "../support/random.ts";
import { runJob, runSlices } from "../support/run-job.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/lib/durations.ts";

const MADRID = "Europe/Madrid";
/** A Wednesday. */
const START_MS = Date.UTC(2026, 4, 13, 10);
/** The following Monday at 08:00 in Madrid. */
const DUE_MS = Date.UTC(2026, 4, 18, 6);
const receiverUrl = inject("receiverUrl");

type Slice = Awaited<ReturnType<typeof weeklyReportsJob.runSlice>>;
type State = Parameters<typeof weeklyReportsJob.runSlice>[1];

const slice = (services: Services, state: State = null) =>
  weeklyReportsJob.runSlice(services, state, { id: "prueba", startedAtMs: services.now() });

/** Clones the state as it comes back from the job's disk. */
const stateOf = (done: Slice): State =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the state that the job wrote
  done.done ? null : (JSON.parse(JSON.stringify(done.state)) as State);

const runWeekly = (services: Services) => runSlices(weeklyReportsJob, services);

const NOTHING = { informes: 0, sin_actividad: 0, entregados: 0, aplazados: 0, fallidos: 0 };
const chatOf = (chatId: number) => ({ client: "principal", chatId });

const activity = (services: Services, chatId: number, ...moments: number[]): Promise<void> =>
  services.history.append(moments.map((atMs) => pastRecord(services.config, chatId, atMs)));

async function subscribed(
  services: Services,
  change: Partial<SubscriptionChange> = {},
  chatId = newChatId(),
): Promise<number> {
  const defaults = { timeZone: MADRID, nowMs: services.now() };
  await services.reports.subscribe(chatOf(chatId), { active: true, ...change }, defaults);
  return chatId;
}

/** Creates a chat that was active this week and receives its report at its own webhook. */
async function withHook(services: Services, answers?: Answer[]) {
  const word = newToken();
  const chatId = await subscribed(services, { webhook: `${receiverUrl}/hook/${word}` });
  await activity(services, chatId, START_MS + HOUR_MS);
  const receiver = controlFakeReceiver(receiverUrl, word);
  if (answers) await receiver.script(answers);
  return { chatId, receiver };
}

const reportsOf = (services: Services, chatId: number) =>
  services.reports.page(chatOf(chatId), { limit: 100 });
const deliveriesOf = async (services: Services, chatId: number) =>
  (await reportsOf(services, chatId)).flatMap(({ deliveries }) => deliveries);

describe("weekly reports job", () => {
  it("reports every week of a year exactly once in four time zones with clock changes and irregular crons", async () => {
    const { services, clock } = await ownServices(Date.UTC(2026, 0, 1));
    const first = Temporal.PlainDate.from("2025-12-29");
    const zones = [MADRID, "America/Mexico_City", "Asia/Kolkata", "Pacific/Auckland"];
    const chats = await Promise.all(
      zones.map(async (timeZone) => {
        const word = newToken();
        const webhook = `${receiverUrl}/hook/${word}`;
        const chatId = await subscribed(services, { timeZone, webhook });
        // The first and the last minute of each local day.
        const edges = Array.from({ length: 380 }, (_, day) => first.add({ days: day })).flatMap(
          (day) => {
            const start = day.toZonedDateTime(timeZone).epochMilliseconds;
            const end = day.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
            return [start, end - MINUTE_MS];
          },
        );
        for (let at = 0; at < edges.length; at += 400) {
          await activity(services, chatId, ...edges.slice(at, at + 400));
        }
        return { chatId, timeZone, word };
      }),
    );

    const random = createRandom(20_260_104);
    // Somewhere it is Monday for 50 hours, from Sunday 10:00 UTC on.
    for (
      let sundayMs = Date.UTC(2026, 0, 4);
      sundayMs < Date.UTC(2027, 0, 8);
      sundayMs += 7 * DAY_MS
    ) {
      const hours = [15, 22, 31, 38, 60, 100];
      for (const hour of hours) {
        clock.nowMs = sundayMs + hour * HOUR_MS + Math.floor(random() * 3 * HOUR_MS);
        // Sometimes two runs at the same time.
        await Promise.all(
          random() < 0.2 ? [runWeekly(services), runWeekly(services)] : [runWeekly(services)],
        );
      }
    }

    const mondays = Array.from({ length: 53 }, (_, week) => first.add({ weeks: week }).toString());
    for (const { chatId, timeZone, word } of chats) {
      const reports = (await reportsOf(services, chatId)).toReversed();
      expect(reports.map(({ week }) => week)).toEqual(mondays);
      const hours = reports.map(
        ({ figures }) => (Date.parse(figures.to) - Date.parse(figures.from)) / HOUR_MS,
      );
      const changes = [MADRID, "Pacific/Auckland"].includes(timeZone) ? [167, 169] : [];
      expect(hours.filter((one) => one !== 168).toSorted((a, b) => a - b)).toEqual(changes);
      for (const { week, madeAt, figures } of reports) {
        expect(figures.byDay.map(({ count }) => count)).toEqual(Array(7).fill(2));
        const due = Temporal.PlainDate.from(week)
          .add({ weeks: 1 })
          .toZonedDateTime({ timeZone, plainTime: "08:00" });
        const lateHours = (madeAt.getTime() - due.epochMilliseconds) / HOUR_MS;
        expect(lateHours).toBeGreaterThanOrEqual(0);
        expect(lateHours).toBeLessThan(10);
      }
      const received = await controlFakeReceiver(receiverUrl, word).received();
      const ids = received.map(({ headers }) => headers["idempotency-key"]);
      expect(ids).toEqual(reports.map(({ id }) => id));
    }
  }, 180_000);

  it("creates reports only for subscribed chats with activity, and not before they are due", async () => {
    const { services, clock } = await ownServices(START_MS);
    const active = await subscribed(services);
    const quiet = await subscribed(services);
    const cancelled = await subscribed(services);
    await subscribed(services, { active: false }, cancelled);
    const reporting = await subscribed(services);
    const unsubscribed = newChatId();
    await activity(services, active, START_MS);
    await activity(services, cancelled, START_MS);
    await activity(services, unsubscribed, START_MS);
    // Report requests do not count as activity: otherwise one report would cause the next.
    await services.history.append([
      pastRecord(services.config, reporting, START_MS, { task: "reporte" }),
    ]);

    clock.nowMs = DUE_MS - 1;
    expect(await runWeekly(services)).toEqual(NOTHING);
    clock.nowMs = DUE_MS;
    expect(await runWeekly(services)).toEqual({ ...NOTHING, informes: 1, sin_actividad: 2 });
    expect(await runWeekly(services)).toEqual(NOTHING);
    const [report] = await reportsOf(services, active);
    expect(report).toMatchObject({ week: "2026-05-11", deliveries: [], figures: { total: 1 } });
    for (const chatId of [quiet, cancelled, reporting, unsubscribed]) {
      expect(await reportsOf(services, chatId)).toEqual([]);
    }
  });

  it("reports a missed week late, and only the last of several missed weeks", async () => {
    const { services, clock } = await ownServices(START_MS);
    const chatId = await subscribed(services);
    for (let week = 0; week < 5; week += 1)
      await activity(services, chatId, START_MS + week * 7 * DAY_MS);
    clock.nowMs = DUE_MS + 3 * 7 * DAY_MS + 5 * DAY_MS;
    await runWeekly(services);
    await runWeekly(services);
    expect((await reportsOf(services, chatId)).map(({ week }) => week)).toEqual(["2026-06-01"]);
    clock.nowMs = DUE_MS + 4 * 7 * DAY_MS;
    await runWeekly(services);
    expect((await reportsOf(services, chatId)).map(({ week }) => week)).toEqual([
      "2026-06-08",
      "2026-06-01",
    ]);
  });

  it("begins with the week of the subscription and follows a change of time zone without a gap", async () => {
    const { services, clock } = await ownServices(START_MS);
    const chatId = await subscribed(services);
    for (let day = -14; day < 28; day += 1)
      await activity(services, chatId, START_MS + day * DAY_MS);
    // Moving to a zone where it is already Monday, and back to Sunday, neither skips nor repeats a week.
    clock.nowMs = Date.UTC(2026, 4, 17, 22);
    await subscribed(services, { timeZone: "Pacific/Auckland" }, chatId);
    await runWeekly(services);
    clock.nowMs += HOUR_MS;
    await subscribed(services, { timeZone: "America/Mexico_City" }, chatId);
    await runWeekly(services);
    for (let hour = 0; hour < 48; hour += 1) {
      clock.nowMs += HOUR_MS;
      await runWeekly(services);
    }
    expect((await reportsOf(services, chatId)).map(({ week }) => week)).toEqual(["2026-05-11"]);

    await subscribed(services, { active: false }, chatId);
    clock.nowMs = Date.UTC(2026, 5, 1, 20);
    await subscribed(services, {}, chatId);
    await runWeekly(services);
    expect((await reportsOf(services, chatId)).map(({ week }) => week)).toEqual(["2026-05-11"]);
    clock.nowMs += 7 * DAY_MS;
    await activity(services, chatId, Date.UTC(2026, 5, 4));
    await runWeekly(services);
    expect((await reportsOf(services, chatId))[0]?.week).toBe("2026-06-01");
  });

  it("divides the chats between concurrent runs without a duplicate or a gap", async () => {
    const { services, clock } = await ownServices(START_MS);
    const word = newToken();
    const chats = await Promise.all(
      Array.from({ length: 70 }, () =>
        subscribed(services, { webhook: `${receiverUrl}/hook/${word}` }),
      ),
    );
    await services.history.append(
      chats.map((chatId) => pastRecord(services.config, chatId, START_MS)),
    );
    clock.nowMs = DUE_MS;
    const runs = await Promise.all([runWeekly(services), runWeekly(services), runWeekly(services)]);
    const sum = (name: string) => runs.reduce((total, counts) => total + (counts[name] ?? 0), 0);
    expect([sum("informes"), sum("entregados")]).toEqual([70, 70]);
    const received = await controlFakeReceiver(receiverUrl, word).received();
    expect(new Set(received.map(({ headers }) => headers["idempotency-key"])).size).toBe(70);
    expect(received).toHaveLength(70);
  });

  it("handles a bounded number of chats per slice", async () => {
    const { services, clock } = await ownServices(START_MS);
    const chats = await Promise.all(Array.from({ length: 60 }, () => subscribed(services)));
    await services.history.append(
      chats.map((chatId) => pastRecord(services.config, chatId, START_MS)),
    );
    clock.nowMs = DUE_MS;
    const first = await slice(services);
    expect(first).toMatchObject({ done: false, counts: { informes: 25 } });
    const second = await slice(services, stateOf(first));
    expect(second).toMatchObject({ done: false, counts: { informes: 25 } });
    const third = await slice(services, stateOf(second));
    expect(third).toMatchObject({ done: false, counts: { informes: 10 } });
    expect(await slice(services, stateOf(third))).toEqual({ done: true, counts: NOTHING });
  });

  it("waits up to half a day for records that have not reached PostgreSQL", async () => {
    const { services, clock } = await ownServices(START_MS);
    const chatId = await subscribed(services);
    await activity(services, chatId, START_MS);
    const list = coordinatorStub(env, services.config);
    await list.addWaitingChat(chatName("principal", chatId));
    clock.nowMs = DUE_MS;
    expect(await runWeekly(services)).toEqual(NOTHING);
    await activity(services, chatId, START_MS + HOUR_MS);
    clock.nowMs = DUE_MS + 13 * HOUR_MS;
    expect(await runWeekly(services)).toEqual({ ...NOTHING, informes: 1 });
    expect((await reportsOf(services, chatId))[0]?.figures.total).toBe(2);
    await list.removeWaitingChat(chatName("principal", chatId));
  });
});

describe("job informes-semanales", () => {
  it("runs in its Durable Object when started by a cron or by the route", async () => {
    const services = createServices(env);
    const chatId = await subscribed(services, { telegramChatId: null });
    await activity(services, chatId, Date.now() - 7 * DAY_MS);
    expect(await runJob("informes-semanales")).toMatchObject({ result: "completada", error: null });
    // The chat subscribed after that week was due.
    expect(await reportsOf(services, chatId)).toEqual([]);
  });
});

describe("a repeated slice", () => {
  it("creates no second report and does not repeat a delivery in progress", async () => {
    const { services, clock } = await ownServices(START_MS);
    const { chatId, receiver } = await withHook(services);
    clock.nowMs = DUE_MS;
    await slice(services);
    expect(await slice(services)).toEqual({ done: true, counts: NOTHING });
    expect(await reportsOf(services, chatId)).toHaveLength(1);
    expect(await receiver.received()).toHaveLength(1);
  });

  it("repeats a delivery whose outcome was lost, with the same id", async () => {
    const { services, clock } = await ownServices(START_MS);
    const { chatId, receiver } = await withHook(services);
    clock.nowMs = DUE_MS;
    await slice(services);
    clock.nowMs += 5 * MINUTE_MS;
    await runWeekly(services);
    const ids = (await receiver.received()).map(({ headers }) => headers["idempotency-key"]);
    const [report] = await reportsOf(services, chatId);
    expect(ids).toEqual([report?.id, report?.id]);
    expect(report?.deliveries).toEqual([
      { way: "webhook", state: "entregada", attempts: 2, reason: null },
    ]);
  });

  it("writes the outcomes of the previous slice first after a PostgreSQL outage", async () => {
    const { services, clock } = await ownServices(START_MS);
    const { chatId, receiver } = await withHook(services);
    clock.nowMs = DUE_MS;
    const sent = await slice(services);
    const away: Services = {
      ...services,
      reports: {
        ...services.reports,
        recordOutcomes: async () => await Promise.reject(new Error("PostgreSQL is away")),
      },
    };
    let waiting = sent;
    for (let minute = 0; minute < 30; minute += 1) {
      clock.nowMs += MINUTE_MS;
      waiting = await slice(away, stateOf(waiting));
    }
    expect(await slice(services, stateOf(waiting))).toEqual({ done: true, counts: NOTHING });
    expect(await receiver.received()).toHaveLength(1);
    expect(await deliveriesOf(services, chatId)).toMatchObject([
      { state: "entregada", attempts: 1 },
    ]);
  });
});

describe("report deliveries", () => {
  it("use every requested channel with the format of that channel", async () => {
    const { services, clock } = await ownServices(START_MS);
    const word = newToken();
    const chatId = newChatId();
    const change = {
      telegramChatId: chatId,
      webhook: `${receiverUrl}/hook/${word}`,
      mail: `${word}@ejemplo.com`,
    };
    await subscribed(services, change, chatId);
    await activity(services, chatId, START_MS);
    clock.nowMs = DUE_MS;
    expect(await runWeekly(services)).toEqual({ ...NOTHING, informes: 1, entregados: 3 });

    const [message, ...more] = await controlFakeTelegram(inject("telegramUrl"), chatId).messages();
    expect(more).toEqual([]);
    expect(message).toMatchObject({ parse_mode: "HTML" });
    expect(message?.text).toContain("<b>Peticiones:</b> 1");
    const received = await controlFakeReceiver(receiverUrl, word).received();
    const mail = received.find(({ path }) => path === "/emails");
    expect(JSON.parse(mail?.body ?? "")).toMatchObject({
      to: [`${word}@ejemplo.com`],
      subject: "Tu semana: del 11 de mayo al 17 de mayo",
    });
    const hook = received.find(({ path }) => path.startsWith("/hook/"));
    expect(JSON.parse(hook?.body ?? "")).toMatchObject({
      evento: "informe.semanal",
      datos: { chat_id: chatId, semana: "2026-05-11", datos: { total: 1 } },
    });
    expect(received).toHaveLength(2);
  });

  it("retry with growing pauses and finally fail with the reason", async () => {
    const { services, clock } = await ownServices(START_MS);
    const { chatId, receiver } = await withHook(services, [{ kind: "status", status: 503 }]);
    clock.nowMs = DUE_MS;
    const attempts: number[] = [];
    for (const minutes of [
      0, 4, 5, 19, 20, 79, 80, 259, 260, 619, 620, 1_339, 1_340, 2_779, 2_780, 9_999,
    ]) {
      clock.nowMs = DUE_MS + minutes * MINUTE_MS;
      const { aplazados = 0, fallidos = 0 } = await runWeekly(services);
      if (aplazados + fallidos > 0) attempts.push(minutes);
    }
    expect(attempts).toEqual([0, 5, 20, 80, 260, 620, 1_340, 2_780]);
    expect(await receiver.received()).toHaveLength(8);
    expect(await deliveriesOf(services, chatId)).toEqual([
      { way: "webhook", state: "fallida", attempts: 8, reason: "El webhook respondió 503." },
    ]);
  });

  it("wait as long as the receiver's Retry-After asks", async () => {
    const { services, clock } = await ownServices(START_MS);
    const answers: Answer[] = [
      { kind: "status", status: 429, headers: { "retry-after": "3600" } },
      { kind: "status", status: 200 },
    ];
    const { receiver } = await withHook(services, answers);
    clock.nowMs = DUE_MS;
    await runWeekly(services);
    clock.nowMs = DUE_MS + HOUR_MS - MINUTE_MS;
    expect(await runWeekly(services)).toEqual(NOTHING);
    clock.nowMs = DUE_MS + HOUR_MS;
    expect(await runWeekly(services)).toEqual({ ...NOTHING, entregados: 1 });
    expect(await receiver.received()).toHaveLength(2);
  });

  it("fail at once on a permanent error without affecting the other channels", async () => {
    const { services, clock } = await ownServices(START_MS);
    const chatId = newChatId();
    const mail = `${newToken()}@ejemplo.com`;
    await subscribed(
      services,
      { telegramChatId: chatId, webhook: "https://ya-no.ejemplo.com/", mail },
      chatId,
    );
    await activity(services, chatId, START_MS);
    await controlFakeTelegram(inject("telegramUrl"), chatId).refuse({
      status: 403,
      description: "Forbidden: bot was blocked by the user",
    });
    clock.nowMs = DUE_MS;
    expect(await runWeekly(services)).toEqual({
      ...NOTHING,
      informes: 1,
      entregados: 1,
      fallidos: 2,
    });
    expect(await deliveriesOf(services, chatId)).toEqual([
      { way: "correo", state: "entregada", attempts: 1, reason: null },
      {
        way: "telegram",
        state: "fallida",
        attempts: 1,
        reason: "Telegram respondió 403: Forbidden: bot was blocked by the user.",
      },
      {
        way: "webhook",
        state: "fallida",
        attempts: 1,
        reason: "La dirección ya no está entre las de WEBHOOKS_PERMITIDOS.",
      },
    ]);
  });

  it("stop when the chat unsubscribes", async () => {
    const { services, clock } = await ownServices(START_MS);
    const { chatId, receiver } = await withHook(services, [{ kind: "status", status: 503 }]);
    clock.nowMs = DUE_MS;
    await runWeekly(services);
    await subscribed(services, { active: false }, chatId);
    clock.nowMs += HOUR_MS;
    expect(await runWeekly(services)).toEqual({ ...NOTHING, fallidos: 1 });
    expect(await receiver.received()).toHaveLength(1);
    expect(await deliveriesOf(services, chatId)).toMatchObject([
      { reason: "La suscripción se canceló." },
    ]);
  });
});

describe("erasing a chat", () => {
  it("deletes the chat's reports and subscription and keeps those of other chats", async () => {
    const services = createServices(env);
    const chat_id = newChatId();
    await call("/api/v1/reportes/suscripcion", { chat_id });
    const other = { client: "otro", chatId: chat_id };
    const defaults = { timeZone: MADRID, nowMs: services.now() };
    await services.reports.subscribe(other, { active: true }, defaults);
    await makeReport(services, chatOf(chat_id));
    await makeReport(services, other);
    expect(await reportsOf(services, chat_id)).toHaveLength(1);

    expect(
      (await call(`/api/v1/historial/${chat_id}`, undefined, { method: "DELETE" })).status,
    ).toBe(200);
    expect((await call(`/api/v1/reportes?chat_id=${chat_id}`)).json).toMatchObject({
      reportes: [],
    });
    const { json } = await call(`/api/v1/reportes/suscripcion?chat_id=${chat_id}`);
    expect(json).toMatchObject({ activa: false, proximo: null });
    expect(await services.reports.page(other, { limit: 5 })).toHaveLength(1);
  });

  it("neither stores nor delivers a report that is being created", async () => {
    const { services, clock } = await ownServices(START_MS);
    const { chatId, receiver } = await withHook(services);
    clock.nowMs = DUE_MS;
    const erasing: Services = {
      ...services,
      history: {
        ...services.history,
        manyFigures: async (asked) => {
          const figures = await services.history.manyFigures(asked);
          await services.deleteChatRows(chatOf(chatId), new Date(clock.nowMs));
          return figures;
        },
      },
    };
    expect(await runWeekly(erasing)).toEqual(NOTHING);
    expect(await services.reports.subscription(chatOf(chatId))).toBeUndefined();
    expect(await reportsOf(services, chatId)).toEqual([]);
    expect(await receiver.received()).toEqual([]);
  });

  it("keeps what the chat requested after the erasure", async () => {
    const { services, clock } = await ownServices(START_MS);
    const chatId = await subscribed(services);
    const erasedAt = new Date(clock.nowMs);
    clock.nowMs += MINUTE_MS;
    await subscribed(services, { timeZone: "Asia/Kolkata" }, chatId);
    await services.deleteChatRows(chatOf(chatId), erasedAt);
    expect(await services.reports.subscription(chatOf(chatId))).toMatchObject({
      timeZone: "Asia/Kolkata",
    });
  });
});

describe("retention", () => {
  it("deletes reports after the retention of their client", async () => {
    const { services, clock } = await ownServices(START_MS);
    const chatId = await subscribed(services);
    await activity(services, chatId, START_MS);
    clock.nowMs = DUE_MS;
    await runWeekly(services);
    const { deleteExpired } = services.reports;
    const after = new Date(DUE_MS + 1);
    expect(await deleteExpired({ since: new Date(DUE_MS), own: new Map() })).toBe(0);
    expect(await deleteExpired({ since: null, own: new Map([["otro", after]]) })).toBe(0);
    expect(await deleteExpired({ since: after, own: new Map([["principal", null]]) })).toBe(0);
    expect(await deleteExpired({ since: null, own: new Map([["principal", after]]) })).toBe(1);
    expect(await reportsOf(services, chatId)).toEqual([]);
  });
});

const FIGURES = {
  from: "2026-05-10T22:00:00.000Z",
  to: "2026-05-17T22:00:00.000Z",
  timeZone: MADRID,
  total: 1,
  completed: 1,
  failed: 0,
  interrupted: 0,
  fromCache: 0,
  byTask: [{ task: "resumir", count: 1 }],
  byLanguage: [{ language: "es", count: 1 }],
  byDay: [{ day: "2026-05-11", count: 1 }],
  inputTokens: 1,
  outputTokens: 1,
  costUsd: null,
};

async function makeReport(
  { reports, now }: Services,
  chat: { client: string; chatId: number },
  monday = "2026-05-11",
): Promise<void> {
  const week = {
    monday,
    period: { from: new Date(FIGURES.from), to: new Date(FIGURES.to), timeZone: MADRID },
    dueAt: new Date(DUE_MS),
    nextDueAt: new Date(now() + 7 * DAY_MS),
  };
  await reports.create([{ ...chat, week, figures: FIGURES }], now());
}

describe("POST /api/v1/reportes/suscripcion", () => {
  const post = (body: object) => call("/api/v1/reportes/suscripcion", body);

  it("subscribes a chat with the default time zone, changes the given fields, cancels and reads", async () => {
    const chat_id = newChatId();
    const { json } = await post({ chat_id: String(chat_id) });
    expect(json).toMatchObject({
      success: true,
      chat_id,
      activa: true,
      zona_horaria: MADRID,
      entrega: { telegram: null, webhook: null, correo: null },
    });
    expect(new Date(String(json["proximo"])).getTime()).toBeGreaterThan(Date.now());
    await post({ chat_id, entrega: { telegram: true, correo: "ana@ejemplo.com" } });
    await post({
      chat_id,
      zona_horaria: "Asia/Kolkata",
      entrega: { telegram: -100_5, correo: null },
    });
    const changed = {
      zona_horaria: "Asia/Kolkata",
      entrega: { telegram: -100_5, webhook: null, correo: null },
    };
    const read = () => call(`/api/v1/reportes/suscripcion?chat_id=${chat_id}`);
    expect((await read()).json).toMatchObject({ ...changed, activa: true });
    expect((await post({ chat_id, activa: false })).json).toMatchObject({
      ...changed,
      activa: false,
      proximo: null,
    });
    expect((await post({ chat_id, entrega: { telegram: false } })).json).toMatchObject({
      activa: true,
      zona_horaria: "Asia/Kolkata",
      entrega: { telegram: null },
    });
  });

  it("refuses delivery to a chat that the key does not reach", async () => {
    const chat_id = newChatId();
    const key = await newKey({ permisos: ["informes"], cliente: "principal", chats: [chat_id] });
    const path = "/api/v1/reportes/suscripcion";
    const elsewhere = { chat_id, entrega: { telegram: newChatId() } };
    expect((await key.call(path, elsewhere)).json).toMatchObject({ codigo: "chat_no_permitido" });
    const own = await key.call(path, { chat_id, entrega: { telegram: true } });
    expect(own.json).toMatchObject({ activa: true, entrega: { telegram: chat_id } });
    const other = await newKey({ permisos: ["informes"] });
    expect((await other.call(`${path}?chat_id=${chat_id}`, undefined, "GET")).json).toMatchObject({
      activa: false,
    });
    const otherKey = await newKey({ permisos: ["historial"] });
    expect(
      (await otherKey.call(`/api/v1/reportes?chat_id=${chat_id}`, undefined, "GET")).status,
    ).toBe(403);
  });

  it("returns an inactive subscription for a chat that never subscribed", async () => {
    const { json } = await call(`/api/v1/reportes/suscripcion?chat_id=${newChatId()}`);
    expect(json).toMatchObject({ success: true, activa: false, proximo: null });
  });

  it.for<[field: string, body: object]>([
    ["chat_id", { chat_id: "uno" }],
    ["zona_horaria", { zona_horaria: "Madrid" }],
    ["activa", { activa: "no" }],
    ["idioma", { idioma: "es" }],
    ["entrega.telegram", { entrega: { telegram: "sí" } }],
    ["entrega.sms", { entrega: { sms: true } }],
    ["entrega.correo", { entrega: { correo: "a@b.com, c@d.com" } }],
    ["entrega.correo", { entrega: { correo: "a@b.com\r\nBcc: c@d.com" } }],
    ["entrega.webhook", { entrega: { webhook: "https://no-permitido.ejemplo.com/" } }],
    ["entrega.webhook", { entrega: { webhook: `${receiverUrl}/hook/../otro` } }],
    ["entrega.webhook", { entrega: { webhook: "" } }],
    ["entrega.webhook", { entrega: { webhook: "http://169.254.169.254/" } }],
  ])("responds 400 naming %s for %j and stores nothing", async ([campo, body]) => {
    const chat_id = newChatId();
    const { status, json } = await post({ chat_id, ...body });
    expect(status).toBe(400);
    expect(json["errores"]).toMatchObject([{ campo }]);
    const { json: read } = await call(`/api/v1/reportes/suscripcion?chat_id=${chat_id}`);
    expect(read).toMatchObject({ activa: false });
  });
});

describe("GET /api/v1/reportes", () => {
  it("lists the chat's reports page by page, newest first, in the requested format", async () => {
    const services = createServices(env);
    const chat_id = newChatId();
    await call("/api/v1/reportes/suscripcion", { chat_id, entrega: { correo: "ana@ejemplo.com" } });
    const weeks = ["2026-04-27", "2026-05-04", "2026-05-11"];
    for (const week of weeks) await makeReport(services, chatOf(chat_id), week);
    const path = `/api/v1/reportes?chat_id=${chat_id}`;

    const first = await call(`${path}&limit=2`);
    expect(first.json).toMatchObject({
      success: true,
      chat_id,
      cursor: "2026-05-04",
      reportes: [
        {
          semana: "2026-05-11",
          datos: { total: 1, zona_horaria: MADRID },
          entregas: [{ via: "correo", estado: "pendiente" }],
        },
        { semana: "2026-05-04" },
      ],
    });
    const rest = await call(`${path}&limit=2&cursor=2026-05-04`);
    expect(rest.json).toMatchObject({ cursor: null, reportes: [{ semana: "2026-04-27" }] });
    expect(JSON.stringify(rest.json)).not.toContain("contenido");
    for (const [formato, start] of [
      ["html", "<!doctype html>"],
      ["texto", "Informe del 11"],
      ["telegram", "📊 <b>"],
    ]) {
      const { json } = await call(`${path}&limit=1&formato=${formato}`);
      expect(json).toMatchObject({
        reportes: [{ contenido: expect.stringMatching(`^${start}`) as string }],
      });
    }
    expect(await services.reports.page({ client: "otro", chatId: chat_id }, { limit: 5 })).toEqual(
      [],
    );
  });

  it.for([
    "",
    "chat_id=x",
    "chat_id=1&limit=0",
    "chat_id=1&limit=51",
    "chat_id=1&formato=pdf",
    "chat_id=1&cursor=ayer",
    "chat_id=1&otro=1",
  ])("responds 400 for the query «%s»", async (query) => {
    expect((await call(`/api/v1/reportes?${query}`)).status).toBe(400);
  });
});
