import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FLOWS_FOLDER, readFlow } from "../../scripts/flows/flow.ts";
import { importFlows } from "../../scripts/flows/import-flows.ts";
import { readHtml } from "../support/fake-telegram.ts";
import { type Stage, toldTheOwner, until } from "./stage.ts";

const CHAT = 602;
const MAIL = "semana@example.com";
const CALENDAR = "trabajo@group.calendar.google.com";
const DAY_MS = 86_400_000;
const EVERY_FEW_SECONDS = { interval: [{ field: "seconds", secondsInterval: 3 }] };

export function weeklySuite(stage: () => Stage): void {
  const flow = readFlow(join(FLOWS_FOLDER, "informe-semanal.json"));
  /** The flow as it is, but for Monday: nobody waits a week here. */
  const hurried = {
    ...flow,
    nodes: flow.nodes.map((node) =>
      node.name === "Cada lunes"
        ? { ...node, parameters: { ...node.parameters, rule: EVERY_FEW_SECONDS } }
        : node,
    ),
  };
  const put = async (one: typeof flow, settings: Record<string, string>): Promise<void> => {
    const inPlace = readFlow(join(FLOWS_FOLDER, "errores.json"));
    await importFlows(stage().api, [inPlace, one], { settings, publish: true });
  };
  const start = async (settings: Record<string, string>): Promise<void> => {
    const all = { calendario: "", chat_del_informe: "", correo_del_informe: "", ...settings };
    await put(hurried, { api_url: stage().gateway.url, ...all });
  };
  const messages = (): string[] =>
    stage()
      .telegram.messagesTo(CHAT)
      .map(({ text }) => readHtml(text ?? "") ?? "REFUSED");
  const letters = () => stage().mail.received.filter(({ to }) => to === MAIL);
  /** The next message that comes, and is as it is told. */
  const nextMessage = async (isIt: (text: string) => boolean, what: string): Promise<string> => {
    const before = messages().length;
    return await until(() => messages().slice(before).find(isIt), what);
  };

  describe("informe-semanal", () => {
    afterAll(async () => {
      await put(flow, {});
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
      await start({
        calendario: CALENDAR,
        chat_del_informe: String(CHAT),
        correo_del_informe: MAIL,
      });
      const text = await nextMessage(() => true, "a weekly report");
      expect(text).toContain("📊 Tu semana");
      expect(text).toContain("Informe del");
      expect(text).toContain("Revisión <anual> (Sala 2)");
      expect(text).toContain("Puente");
      expect(text).not.toContain("De otra semana");
      const letter = await until(() => letters()[0], "a letter");
      expect(letter.subject).toBe("Tu semana");
      expect(letter.text).toContain("Revisión <anual>");
    });

    it("goes without the calendar when that does not answer", async () => {
      stage().google.fail(/calendar/, 3);
      const text = await nextMessage((one) => !one.includes("Agenda"), "a report without agenda");
      expect(text).toContain("Informe del");
    });

    it("says so when the assistant does not answer", async () => {
      stage().gateway.fail("Informe de la semana", "drop", 3);
      const text = await nextMessage((one) => one.includes("no hay informe"), "a word of it");
      expect(text).toContain("El asistente no responde ahora mismo.");
    });

    it("sends by the other way when one fails, and tells its owner", async () => {
      const { telegram, mail } = stage();
      const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
      const before = letters().length;
      telegram.refuse("sendMessage", blocked, 3, ({ chat_id: chat }) => Number(chat) === CHAT);
      await toldTheOwner(stage(), "Falló: Enviar por Telegram.");
      await until(() => letters()[before], "a letter all the same");
      mail.refuse(MAIL, 3);
      await toldTheOwner(stage(), "Falló: Enviar por correo.");
    });

    it("needs no calendar, and goes only where it is told to", async () => {
      await start({ correo_del_informe: MAIL });
      const said = messages().length;
      const before = letters().length;
      const [, letter] = await until(() => {
        const next = letters().slice(before);
        return next.length > 1 ? next : undefined;
      }, "two letters");
      expect(letter?.text).not.toContain("Agenda");
      expect(messages().length).toBeLessThanOrEqual(said + 1);

      await start({ chat_del_informe: String(CHAT) });
      expect(await nextMessage(() => true, "a report")).not.toContain("Agenda");
      const sent = letters().length;
      await nextMessage(() => true, "another");
      expect(letters()).toHaveLength(sent);
    });
  });
}
