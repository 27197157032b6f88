import { afterAll, describe, expect, it } from "vitest";
import { readHtml } from "../support/fake-telegram.ts";
import { flowWith, putFlow, putRunnable, type Stage, toldTheOwner } from "./stage.ts";
import { DAY_MS } from "../../src/lib/durations.ts";

const CHAT = 602;
const MAIL = "semana@example.com";
const CALENDAR = "trabajo@group.calendar.google.com";
const FLOW: [string, string] = ["informe-semanal.json", "Cada lunes"];

export function weeklySuite(stage: () => Stage): void {
  let run: () => Promise<boolean>;
  const put = async (settings: Record<string, string>): Promise<void> => {
    const all = { calendario: "", chat_del_informe: "", correo_del_informe: "", ...settings };
    run = await putRunnable(stage(), FLOW, { api_url: stage().gateway.url, ...all });
  };
  const messages = (): string[] =>
    stage()
      .telegram.messagesTo(CHAT)
      .map(({ text }) => readHtml(text ?? "") ?? "REFUSED");
  const letters = () => stage().mail.received.filter(({ to }) => to === MAIL);
  describe("informe-semanal", () => {
    afterAll(async () => {
      await putFlow(stage(), flowWith(...FLOW, {}));
    });

    it("sends the report of the week that ended, with what the calendar had in it, by Telegram and by mail", async () => {
      const { model, google } = stage();
      // A narrative with a figure that nobody counted is not given: the plain report is.
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
      await put({
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
      expect(letters()).toMatchObject([
        { subject: "Tu semana", text: expect.stringContaining("Revisión <anual>") as string },
      ]);
    });

    it("goes without the calendar when that does not answer", async () => {
      stage().google.fail(/calendar/, 3);
      await run();
      expect(messages()[1]).toContain("Informe del");
      expect(messages()[1]).not.toContain("Agenda");
    });

    it("says so when the assistant does not answer", async () => {
      stage().gateway.fail("Informe de la semana", "drop", 3);
      await run();
      expect(messages()[2]).toContain("Esta semana no hay informe");
      expect(messages()[2]).toContain("El asistente no responde ahora mismo.");
    });

    it("sends by the other way when one fails, and tells its owner", async () => {
      const { telegram, mail } = stage();
      const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
      telegram.refuse("sendMessage", blocked, 3, ({ chat_id: chat }) => Number(chat) === CHAT);
      await run();
      await toldTheOwner(stage(), "Falló: Enviar por Telegram.");
      expect([messages().length, letters().length]).toEqual([3, 4]);
      mail.refuse(MAIL, 3);
      await run();
      await toldTheOwner(stage(), "Falló: Enviar por correo.");
      expect([messages().length, letters().length]).toEqual([4, 4]);
    });

    it("needs no calendar, and goes only where it is told to", async () => {
      await put({ correo_del_informe: MAIL });
      await run();
      expect([messages().length, letters().length]).toEqual([4, 5]);
      expect(letters()[4]?.text).not.toContain("Agenda");
      await put({ chat_del_informe: String(CHAT) });
      await run();
      expect([messages().length, letters().length]).toEqual([5, 5]);
      expect(messages()[4]).not.toContain("Agenda");
    });
  });
}
