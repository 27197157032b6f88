import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { createAlertsJob } from "../../src/alerts/alerts.job.ts";
import { backupJob } from "../../src/backups/backup.job.ts";
import { parseConfig } from "../../src/config.ts";
import { coordinatorStub } from "../../src/coordinator/coordinator-stub.ts";
import { JobFailure, type Counts } from "../../src/jobs/job.ts";
import { maintenanceJob } from "../../src/history/maintenance.job.ts";
import { createServices } from "../../src/services.ts";
import { newChatId, newToken, procesar } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { controlFakeReceiver } from "../support/fake-receiver-control.ts";
import { controlFakeTelegram } from "../support/fake-telegram-control.ts";
import { ownServices } from "../support/own-database.ts";
import { runJob, runSlices } from "../support/run-job.ts";
import { MINUTE_MS } from "../../src/lib/durations.ts";

const config = parseConfig({ ...env });
const clock = coordinatorStub(env, config);
const model = controlFakeOpenAi(inject("openaiUrl"));

/** An owner with a chat and a webhook of their own, who looks every five minutes. */
function owner(watched: Parameters<typeof createAlertsJob>[0] = []) {
  const chatId = newChatId();
  const hook = newToken();
  const telegram = controlFakeTelegram(inject("telegramUrl"), chatId);
  const receiver = controlFakeReceiver(inject("receiverUrl"), hook);
  const settings = parseConfig({
    ...env,
    ALERTAS_TELEGRAM_CHAT_ID: String(chatId),
    ALERTAS_WEBHOOK_URL: `${inject("receiverUrl")}/hook/${hook}`,
  });
  let databaseIsAway = false;
  const services = createServices(env, { config: settings });
  const history = {
    ...services.history,
    ping: async () => {
      if (databaseIsAway) throw new Error("secreto de la conexión");
    },
  };
  return {
    telegram,
    receiver,
    setDatabaseAway(away: boolean): void {
      databaseIsAway = away;
    },
    async look(): Promise<Counts> {
      vi.setSystemTime(Date.now() + 5 * MINUTE_MS);
      return await runSlices(createAlertsJob(watched), { ...services, history });
    },
    texts: async (): Promise<string[]> => (await telegram.messages()).map(({ text }) => text ?? ""),
    events: async (): Promise<string[]> =>
      (await receiver.received()).map(({ headers }) => headers["x-evento"] ?? ""),
  };
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2041, 0, 1) });
  await clock.saveAlerts([]);
  await clock.recordProviderReport({ answered: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a trouble", () => {
  it("is told once to each way out when it holds, and once when it is over", async () => {
    const me = owner();
    expect(await me.look()).toMatchObject({ activas: 0, avisos: 0 });
    me.setDatabaseAway(true);
    await me.look();
    expect(await me.texts()).toEqual([]);
    expect(await me.look()).toEqual({ activas: 1, avisos: 2, avisos_fallidos: 0 });
    await me.look();
    await me.look();
    const [raised, ...others] = await me.texts();
    expect(others).toEqual([]);
    expect(raised).toContain("La base de datos no responde");
    expect(raised).toContain("Desde el 01/01/2041, 00:10 (UTC)");
    expect(raised).toContain("Comprueba que PostgreSQL");
    expect(raised).not.toContain("secreto");

    me.setDatabaseAway(false);
    await me.look();
    expect(await me.events()).toEqual(["alerta.activa"]);
    await me.look();
    await me.look();
    const [, cleared, ...more] = await me.texts();
    expect(more).toEqual([]);
    expect(cleared).toContain("Resuelto");
    expect(cleared).toContain("hasta el 01/01/2041, 00:30 (UTC)");
    expect(await me.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
    expect(await clock.readAlerts()).toEqual([]);
  });

  it("that does not get through one way is told that way later, and not again the other", async () => {
    const me = owner();
    await me.telegram.refuse({ status: 502, description: "Bad Gateway" }, 2);
    me.setDatabaseAway(true);
    await me.look();
    expect(await me.look()).toEqual({ activas: 1, avisos: 1, avisos_fallidos: 1 });
    expect(await me.look()).toEqual({ activas: 1, avisos: 0, avisos_fallidos: 1 });
    expect(await me.look()).toEqual({ activas: 1, avisos: 1, avisos_fallidos: 0 });
    expect(await me.look()).toEqual({ activas: 1, avisos: 0, avisos_fallidos: 0 });
    expect(await me.texts()).toHaveLength(1);
    expect(await me.events()).toEqual(["alerta.activa"]);
  });

  it("has one id for all tries, which the receiver knows it by", async () => {
    const me = owner();
    await me.receiver.script([
      { kind: "status", status: 500 },
      { kind: "drop" },
      { kind: "status", status: 200 },
    ]);
    me.setDatabaseAway(true);
    for (let look = 0; look < 6; look += 1) await me.look();
    const ids = (await me.receiver.received()).map(({ headers }) => headers["idempotency-key"]);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it("is a line in the log for who has no way out", async () => {
    const logged = vi.spyOn(console, "error");
    const services = createServices(env);
    const history = { ...services.history, ping: () => Promise.reject(new Error("no")) };
    for (let look = 0; look < 3; look += 1) {
      vi.setSystemTime(Date.now() + 5 * MINUTE_MS);
      await runSlices(createAlertsJob([]), { ...services, history });
    }
    const lines = logged.mock.calls.map(([line]) => String(line));
    expect(lines.filter((line) => line.includes("alert_raised"))).toHaveLength(1);
  });
});

describe("alerts know", () => {
  it("records that wait too long", async () => {
    const me = owner();
    const name = `principal/${newChatId()}`;
    await clock.addWaitingChat(name);
    await me.look();
    expect(await me.texts()).toEqual([]);
    await me.look();
    expect((await me.texts()).join("")).toContain("Hay registros que no llegan");
    await clock.removeWaitingChat(name);
    await me.look();
    await me.look();
    expect(await me.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
  });

  it("KV that does not answer", async () => {
    const me = owner();
    const get = vi.spyOn(env.CACHE, "get").mockRejectedValue(new Error("secreto de KV"));
    await me.look();
    await me.look();
    const [text, ...others] = await me.texts();
    expect(others).toEqual([]);
    expect(text).toContain("Workers KV no responde");
    expect(text).not.toContain("secreto");
    get.mockRestore();
    await me.look();
    await me.look();
    expect(await me.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
  });

  it("a newest good backup that is old, until there is another", async () => {
    const me = owner();
    const { services, clock: own } = await ownServices(Date.now());
    await runSlices(backupJob, services);
    vi.setSystemTime(Date.now() + 36 * 60 * MINUTE_MS);
    await me.look();
    await me.look();
    const [text, ...others] = await me.texts();
    expect(others).toEqual([]);
    expect(text).toContain("La última copia de seguridad buena es antigua");
    expect(text).toContain("01/01/2041, 00:00 (UTC), hace 36 horas");
    // That they cannot be seen is no good news of them.
    const bucket = env.BACKUPS ?? expect.unreachable("There is no bucket");
    const list = vi.spyOn(bucket, "list").mockRejectedValue(new Error("R2 is away"));
    for (let look = 0; look < 3; look += 1) expect(await me.look()).toMatchObject({ activas: 1 });
    list.mockRestore();
    own.nowMs = Date.now();
    await runSlices(backupJob, services);
    await me.look();
    await me.look();
    expect(await me.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
    // The tests that follow travel too.
    await bucket.delete((await bucket.list()).objects.map(({ key }) => key));
  });

  it("a provider that does not answer, from what isolates tell", async () => {
    const me = owner();
    vi.useRealTimers();
    const chat_id = newChatId();
    const failing = newToken();
    await model.script(failing, [{ kind: "error", status: 401 }]);
    await procesar({ chat_id, texto: failing, tipo_tarea: "resumir" });
    await vi.waitFor(async () =>
      expect(await clock.readProviderTrouble()).toMatchObject({
        problem: "modelo_rechaza_credenciales",
      }),
    );
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    await me.look();
    expect(await me.texts()).toEqual([]);
    await clock.recordProviderReport({
      answered: false,
      calls: 2,
      problem: "modelo_rechaza_credenciales",
    });
    await me.look();
    const [text] = await me.texts();
    expect(text).toContain("3 llamadas seguidas sin respuesta");
    expect(text).toContain("OPENAI_API_KEY");

    vi.useRealTimers();
    await procesar({ chat_id, texto: newToken(), tipo_tarea: "resumir" });
    await vi.waitFor(async () => expect(await clock.readProviderTrouble()).toBeNull());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60 * MINUTE_MS });
    await me.look();
    await me.look();
    expect(await me.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
  });

  it("a job that failed, until it goes well, and in its own words", async () => {
    const me = owner([maintenanceJob]);
    const slice = vi.spyOn(maintenanceJob, "runSlice");
    slice.mockRejectedValue(new JobFailure("El disco <está> lleno.", { retry: false }));
    await runJob("mantenimiento");
    await me.look();
    const [text, ...others] = await me.texts();
    expect(others).toEqual([]);
    expect(text).toContain("Falló el trabajo «mantenimiento»");
    expect(text).toContain("El disco &lt;está&gt; lleno.");
    expect(text).toContain("npm run job -- mantenimiento");

    slice.mockResolvedValue({ done: true });
    await runJob("mantenimiento");
    await me.look();
    await me.look();
    expect(await me.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
  });

  it("a job that did not run when it was due", async () => {
    vi.spyOn(maintenanceJob, "runSlice").mockResolvedValue({ done: true });
    const me = owner([maintenanceJob]);
    await runJob("mantenimiento");
    vi.setSystemTime(Date.UTC(2041, 0, 2, 2, 50));
    await me.look();
    expect(await me.texts()).toEqual([]);
    for (let look = 0; look < 3; look += 1) await me.look();
    const [text, ...others] = await me.texts();
    expect(others).toEqual([]);
    expect(text).toContain("No termina, o no empieza, el trabajo «mantenimiento»");
    expect(text).toContain("02/01/2041, 02:00 (UTC)");
  });
});

it("runs as a job", async () => {
  expect(await runJob("alertas")).toMatchObject({ result: "completada", counts: { avisos: 0 } });
});
