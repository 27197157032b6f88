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
const coordinator = coordinatorStub(env, config);
const model = controlFakeOpenAi(inject("openaiUrl"));

/** An owner with a chat and a webhook of their own, whose alerts run every five minutes. */
function createOwner(watched: Parameters<typeof createAlertsJob>[0] = []) {
  const chatId = newChatId();
  const hook = newToken();
  const telegram = controlFakeTelegram(inject("telegramUrl"), chatId);
  const receiver = controlFakeReceiver(inject("receiverUrl"), hook);
  const settings = parseConfig({
    ...env,
    ALERTAS_TELEGRAM_CHAT_ID: String(chatId),
    ALERTAS_WEBHOOK_URL: `${inject("receiverUrl")}/hook/${hook}`,
  });
  let isDatabaseDown = false;
  const services = createServices(env, { config: settings });
  const history = {
    ...services.history,
    ping: async () => {
      if (isDatabaseDown) throw new Error("secreto de la conexión");
    },
  };
  return {
    telegram,
    receiver,
    setDatabaseDown(isDown: boolean): void {
      isDatabaseDown = isDown;
    },
    async runAlerts(): Promise<Counts> {
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
  await coordinator.saveAlerts([]);
  await coordinator.recordProviderReport({ answered: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("an alert", () => {
  it("is sent once to each channel when its condition holds, and once when it is over", async () => {
    const owner = createOwner();
    expect(await owner.runAlerts()).toMatchObject({ activas: 0, avisos: 0 });
    owner.setDatabaseDown(true);
    await owner.runAlerts();
    expect(await owner.texts()).toEqual([]);
    expect(await owner.runAlerts()).toEqual({ activas: 1, avisos: 2, avisos_fallidos: 0 });
    await owner.runAlerts();
    await owner.runAlerts();
    const [raised, ...others] = await owner.texts();
    expect(others).toEqual([]);
    expect(raised).toContain("La base de datos no responde");
    expect(raised).toContain("Desde el 01/01/2041, 00:10 (UTC)");
    expect(raised).toContain("Comprueba que PostgreSQL");
    expect(raised).not.toContain("secreto");

    owner.setDatabaseDown(false);
    await owner.runAlerts();
    expect(await owner.events()).toEqual(["alerta.activa"]);
    await owner.runAlerts();
    await owner.runAlerts();
    const [, cleared, ...more] = await owner.texts();
    expect(more).toEqual([]);
    expect(cleared).toContain("Resuelto");
    expect(cleared).toContain("hasta el 01/01/2041, 00:30 (UTC)");
    expect(await owner.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
    expect(await coordinator.readAlerts()).toEqual([]);
  });

  it("is sent again only to the channel that failed", async () => {
    const owner = createOwner();
    await owner.telegram.refuse({ status: 502, description: "Bad Gateway" }, 2);
    owner.setDatabaseDown(true);
    await owner.runAlerts();
    expect(await owner.runAlerts()).toEqual({ activas: 1, avisos: 1, avisos_fallidos: 1 });
    expect(await owner.runAlerts()).toEqual({ activas: 1, avisos: 0, avisos_fallidos: 1 });
    expect(await owner.runAlerts()).toEqual({ activas: 1, avisos: 1, avisos_fallidos: 0 });
    expect(await owner.runAlerts()).toEqual({ activas: 1, avisos: 0, avisos_fallidos: 0 });
    expect(await owner.texts()).toHaveLength(1);
    expect(await owner.events()).toEqual(["alerta.activa"]);
  });

  it("has the same idempotency key in every attempt", async () => {
    const owner = createOwner();
    await owner.receiver.script([
      { kind: "status", status: 500 },
      { kind: "drop" },
      { kind: "status", status: 200 },
    ]);
    owner.setDatabaseDown(true);
    for (let run = 0; run < 6; run += 1) await owner.runAlerts();
    const ids = (await owner.receiver.received()).map(({ headers }) => headers["idempotency-key"]);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it("is one log line when no channel is configured", async () => {
    const logged = vi.spyOn(console, "error");
    const services = createServices(env);
    const history = { ...services.history, ping: () => Promise.reject(new Error("no")) };
    for (let run = 0; run < 3; run += 1) {
      vi.setSystemTime(Date.now() + 5 * MINUTE_MS);
      await runSlices(createAlertsJob([]), { ...services, history });
    }
    const lines = logged.mock.calls.map(([line]) => String(line));
    expect(lines.filter((line) => line.includes("alert_raised"))).toHaveLength(1);
  });
});

describe("the job alertas", () => {
  it("raises an alert while records wait too long", async () => {
    const owner = createOwner();
    const name = `principal/${newChatId()}`;
    await coordinator.addWaitingChat(name);
    await owner.runAlerts();
    expect(await owner.texts()).toEqual([]);
    await owner.runAlerts();
    expect((await owner.texts()).join("")).toContain("Hay registros que no llegan");
    await coordinator.removeWaitingChat(name);
    await owner.runAlerts();
    await owner.runAlerts();
    expect(await owner.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
  });

  it("raises an alert while KV does not respond", async () => {
    const owner = createOwner();
    const get = vi.spyOn(env.CACHE, "get").mockRejectedValue(new Error("secreto de KV"));
    await owner.runAlerts();
    await owner.runAlerts();
    const [text, ...others] = await owner.texts();
    expect(others).toEqual([]);
    expect(text).toContain("Workers KV no responde");
    expect(text).not.toContain("secreto");
    get.mockRestore();
    await owner.runAlerts();
    await owner.runAlerts();
    expect(await owner.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
  });

  it("raises an alert while the newest good backup is too old", async () => {
    const owner = createOwner();
    const { services, clock } = await ownServices(Date.now());
    await runSlices(backupJob, services);
    vi.setSystemTime(Date.now() + 36 * 60 * MINUTE_MS);
    await owner.runAlerts();
    await owner.runAlerts();
    const [text, ...others] = await owner.texts();
    expect(others).toEqual([]);
    expect(text).toContain("La última copia de seguridad buena es antigua");
    expect(text).toContain("01/01/2041, 00:00 (UTC), hace 36 horas");
    // While R2 cannot be read, the alert stays.
    const bucket = env.BACKUPS ?? expect.unreachable("There is no bucket");
    const list = vi.spyOn(bucket, "list").mockRejectedValue(new Error("R2 is away"));
    for (let run = 0; run < 3; run += 1)
      expect(await owner.runAlerts()).toMatchObject({ activas: 1 });
    list.mockRestore();
    clock.nowMs = Date.now();
    await runSlices(backupJob, services);
    await owner.runAlerts();
    await owner.runAlerts();
    expect(await owner.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
    // The next tests change the date too, and must find no backup.
    await bucket.delete((await bucket.list()).objects.map(({ key }) => key));
  });

  it("raises an alert when isolates report that the provider does not respond", async () => {
    const owner = createOwner();
    vi.useRealTimers();
    const chat_id = newChatId();
    const failing = newToken();
    await model.script(failing, [{ kind: "error", status: 401 }]);
    await procesar({ chat_id, texto: failing, tipo_tarea: "resumir" });
    await vi.waitFor(
      async () =>
        expect(await coordinator.readProviderTrouble()).toMatchObject({
          problem: "modelo_rechaza_credenciales",
        }),
      10_000,
    );
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    await owner.runAlerts();
    expect(await owner.texts()).toEqual([]);
    await coordinator.recordProviderReport({
      answered: false,
      calls: 2,
      problem: "modelo_rechaza_credenciales",
    });
    await owner.runAlerts();
    const [text] = await owner.texts();
    expect(text).toContain("3 llamadas seguidas sin respuesta");
    expect(text).toContain("OPENAI_API_KEY");

    vi.useRealTimers();
    await procesar({ chat_id, texto: newToken(), tipo_tarea: "resumir" });
    await vi.waitFor(
      async () => expect(await coordinator.readProviderTrouble()).toBeNull(),
      10_000,
    );
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60 * MINUTE_MS });
    await owner.runAlerts();
    await owner.runAlerts();
    expect(await owner.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
  });

  it("raises an alert for a failed job, with its reason, until it completes", async () => {
    const owner = createOwner([maintenanceJob]);
    const slice = vi.spyOn(maintenanceJob, "runSlice");
    slice.mockRejectedValue(new JobFailure("El disco <está> lleno.", { retry: false }));
    await runJob("mantenimiento");
    await owner.runAlerts();
    const [text, ...others] = await owner.texts();
    expect(others).toEqual([]);
    expect(text).toContain("Falló el trabajo «mantenimiento»");
    expect(text).toContain("El disco &lt;está&gt; lleno.");
    expect(text).toContain("npm run job -- mantenimiento");

    slice.mockResolvedValue({ done: true });
    await runJob("mantenimiento");
    await owner.runAlerts();
    await owner.runAlerts();
    expect(await owner.events()).toEqual(["alerta.activa", "alerta.resuelta"]);
  });

  it("raises an alert for a job that did not run when it was due", async () => {
    vi.spyOn(maintenanceJob, "runSlice").mockResolvedValue({ done: true });
    const owner = createOwner([maintenanceJob]);
    await runJob("mantenimiento");
    vi.setSystemTime(Date.UTC(2041, 0, 2, 2, 50));
    await owner.runAlerts();
    expect(await owner.texts()).toEqual([]);
    for (let run = 0; run < 3; run += 1) await owner.runAlerts();
    const [text, ...others] = await owner.texts();
    expect(others).toEqual([]);
    expect(text).toContain("No termina, o no empieza, el trabajo «mantenimiento»");
    expect(text).toContain("02/01/2041, 02:00 (UTC)");
  });

  it("completes as a job", async () => {
    expect(await runJob("alertas")).toMatchObject({ result: "completada", counts: { avisos: 0 } });
  });
});
