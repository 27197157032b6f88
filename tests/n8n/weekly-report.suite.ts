import { afterAll, describe, expect, it } from "vitest";
import { readHtml } from "../support/fake-telegram.ts";
import { DAY_MS } from "../../src/lib/durations.ts";
import type { Environment } from "./environment.ts";
import { publishFlow, publishRunnableFlow, readFlowWithStep } from "./publish-flow.ts";
import { waitForOwnerMessage } from "./owner-messages.ts";

const CHAT = 602;
const MAIL = "semana@example.com";
const CALENDAR = "trabajo@group.calendar.google.com";
const FLOW: [string, string] = ["informe-semanal.json", "Cada lunes"];

export function weeklyReportSuite(getEnvironment: () => Environment): void {
  let run: () => Promise<boolean>;
  const publish = async (settings: Record<string, string>): Promise<void> => {
    const all = { calendario: "", chat_del_informe: "", correo_del_informe: "", ...settings };
    run = await publishRunnableFlow(getEnvironment(), FLOW, {
      api_url: getEnvironment().apiProxy.url,
      ...all,
    });
  };
  const messages = (): string[] =>
    getEnvironment()
      .telegram.messagesTo(CHAT)
      .map(({ text }) => readHtml(text ?? "") ?? "REFUSED");
  const mails = () => getEnvironment().mail.received.filter(({ to }) => to === MAIL);
  describe("informe-semanal", () => {
    afterAll(async () => {
      await publishFlow(getEnvironment(), readFlowWithStep(...FLOW, {}));
    });

    it("sends the report of last week, with its calendar events, by Telegram and by mail", async () => {
      const { model, google } = getEnvironment();
      // The narrative contains a figure that the data does not, so the service returns the report without the
      // narrative.
      await model.script("Informe de la semana", [{ kind: "ok", text: "Hiciste 987 peticiones." }]);
      const sunday = new Date(Date.now() - ((new Date().getUTCDay() + 6) % 7) * DAY_MS - DAY_MS);
      const day = sunday.toISOString().slice(0, 10);
      google.events.push(
        {
          summary: "Revisión <anual>",
          location: "Sala 2",
          start: { dateTime: `${day}T10:00:00Z` },
        },
        { summary: "Puente", start: { date: day } },
        { start: { date: day } },
        { summary: "De otra semana", start: { date: "2020-01-01" } },
      );
      await publish({
        calendario: CALENDAR,
        chat_del_informe: String(CHAT),
        correo_del_informe: MAIL,
      });
      await run();
      const text = messages()[0];
      expect(text).toContain("📊 Tu semana");
      expect(text).toContain("Informe del");
      expect(text).toContain("Revisión <anual> (Sala 2)");
      expect(text).toContain("Puente");
      expect(text).not.toContain("De otra semana");
      expect(mails()).toMatchObject([
        { subject: "Tu semana", text: expect.stringContaining("Revisión <anual>") as string },
      ]);
    });

    it("sends the report without events when the calendar does not respond", async () => {
      getEnvironment().google.fail(/calendar/, 3);
      await run();
      expect(messages()[1]).toContain("Informe del");
      expect(messages()[1]).not.toContain("Agenda");
    });

    it("sends a message that there is no report when the service does not respond", async () => {
      getEnvironment().apiProxy.fail("Informe de la semana", "drop", 3);
      await run();
      expect(messages()[2]).toContain("Esta semana no hay informe");
      expect(messages()[2]).toContain("El asistente no responde ahora mismo.");
    });

    it("sends by the other channel when one fails, and notifies the owner", async () => {
      const { telegram, mail } = getEnvironment();
      const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
      telegram.refuse("sendMessage", blocked, 3, ({ chat_id: chat }) => Number(chat) === CHAT);
      await run();
      await waitForOwnerMessage(getEnvironment(), "Falló: Enviar por Telegram.");
      expect([messages().length, mails().length]).toEqual([3, 4]);
      mail.refuse(MAIL, 3);
      await run();
      await waitForOwnerMessage(getEnvironment(), "Falló: Enviar por correo.");
      expect([messages().length, mails().length]).toEqual([4, 4]);
    });

    it("works without a calendar, and sends only to the configured channels", async () => {
      await publish({ correo_del_informe: MAIL });
      await run();
      expect([messages().length, mails().length]).toEqual([4, 5]);
      expect(mails()[4]?.text).not.toContain("Agenda");
      await publish({ chat_del_informe: String(CHAT) });
      await run();
      expect([messages().length, mails().length]).toEqual([5, 5]);
      expect(messages()[4]).not.toContain("Agenda");
    });
  });
}
