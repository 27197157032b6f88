import { describe, expect, it } from "vitest";
import { readHtml } from "../support/fake-telegram.ts";
import { ALERTS_CHAT, ALERTS_MAIL, type Environment } from "./environment.ts";
import { publishFlow, readFlowWithStep } from "./publish-flow.ts";
import { waitForOwnerMessage } from "./owner-messages.ts";
import { waitUntil } from "../support/wait-until.ts";

const FIRST_MAILS = [
  {
    id: "correo-1",
    from: "Tienda <tienda@example.com>",
    subject: "Cobros <caídos>",
    body: "El servidor de cobros lleva caído desde las nueve y es muy urgente.",
  },
  {
    id: "correo-2",
    from: "luz@example.com",
    subject: "Una pregunta",
    body: "¿Me mandan el catálogo? No corre prisa.",
  },
  { id: "correo-3", from: "sol@example.com", subject: "Otra", body: "¿Y el folleto?" },
  { id: "correo-4", from: "mar@example.com", subject: "Sin modelo", body: "Hola." },
  { id: "correo-5", from: "rio@example.com", subject: "Sin red", body: "Adiós." },
  {
    id: "correo-6",
    from: "paz@example.com",
    subject: "Sin resumen",
    body: "El tulipán llegó roto.",
  },
  {
    id: "correo-7",
    from: "fe@example.com",
    subject: "Sin permiso",
    body: "El narciso llegó tarde.",
  },
];
/**
 * Its body is cut in the middle of a character and contains a NUL, which PostgreSQL rejects; its subject is longer than
 * an alert.
 */
const ODD_MAIL = {
  id: "correo-8",
  from: "eva@example.com",
  subject: `Orquídea ${"muy ".repeat(1_000)}`,
  body: `\0${"😀".repeat(10_000)}`,
};
/** All of them are urgent. */
const LATER_MAILS = {
  alertsFail: { id: "correo-9", from: "a@example.com", subject: "Gardenia", body: "Arde." },
  labelsFail: { id: "correo-10", from: "b@example.com", subject: "Petunia", body: "Arde." },
  alertsOff: { id: "correo-11", from: "c@example.com", subject: "Begonia", body: "Arde." },
};

/** n8n requires at least one minute between the times of one rule, so this takes twenty rules. */
const EVERY_THIRD_SECOND = {
  item: Array.from({ length: 20 }, (_, index) => ({
    mode: "custom",
    cronExpression: `${index * 3} * * * * *`,
  })),
};

/**
 * Delivers all mails and waits until the flow has processed them, while the other suites run. The flow polls every three
 * seconds instead of every minute.
 */
export async function runMailTriage(environment: Environment): Promise<void> {
  const { model, apiProxy, google, telegram, mail } = environment;
  const classifyAs = (categoria: string, urgencia: string) => ({
    kind: "ok" as const,
    text: JSON.stringify({ categoria, urgencia, tema: "IT", evidencias: [] }),
  });
  const summary = (text: string) => ({ kind: "ok" as const, text });
  const isLabelled = (id: string) => () => google.labelsOf(id).length > 2;
  const flow = readFlowWithStep("correo-triaje.json", "Correo nuevo", {});
  const trigger = flow.nodes.find(({ name }) => name === "Correo nuevo")?.parameters;
  const pollingFlow = readFlowWithStep("correo-triaje.json", "Correo nuevo", {
    parameters: { ...trigger, pollTimes: EVERY_THIRD_SECOND },
  });
  await publishFlow(environment, pollingFlow);
  await model.script("cobros", [
    classifyAs("urgencia", "alta"),
    summary("Los cobros están caídos."),
  ]);
  await model.script("catálogo", [classifyAs("consulta", "baja"), summary("Pide el catálogo.")]);
  await model.script("folleto", [classifyAs("consulta", "baja"), summary("Pide el folleto.")]);
  await model.script("tulipán", [classifyAs("queja", "alta")]);
  await model.script("narciso", [
    classifyAs("queja", "alta"),
    { kind: "error", status: 400, error: { message: "no" } },
  ]);
  for (const flower of ["Orquídea", "Gardenia", "Petunia", "Begonia"]) {
    await model.script(flower, [classifyAs("urgencia", "alta"), summary(`Sobre la ${flower}.`)]);
  }
  apiProxy.fail(
    "Sin modelo",
    { status: 503, body: { success: false, mensaje: "El modelo no está." } },
    9,
  );
  apiProxy.fail("Sin red", "drop", 9);
  apiProxy.fail(
    (request) => request.includes("Sin resumen") && request.includes('"resumir"'),
    "drop",
    9,
  );
  for (const one of [...FIRST_MAILS, ODD_MAIL]) google.receive(one);
  // The nodes after the summary run twice: once for the mails with a summary, once for the mail without one.
  await waitUntil(isLabelled("correo-6"), "the flow labels correo-6");
  await waitUntil(isLabelled("correo-7"), "the flow labels correo-7");

  const { alertsFail, labelsFail, alertsOff } = LATER_MAILS;
  const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
  telegram.refuse("sendMessage", blocked, 3, ({ text }) => /urgente: Gardenia/.test(text ?? ""));
  mail.refuse(ALERTS_MAIL, 3);
  google.receive(alertsFail);
  await waitForOwnerMessage(environment, "Falló: Avisar por Telegram, Avisar por correo.");

  google.fail(/\/labels$/, 3);
  google.receive(labelsFail);
  await waitForOwnerMessage(environment, "Paso: Etiquetas");

  await publishFlow(environment, pollingFlow, { chat_de_avisos: "", correo_de_avisos: "" });
  google.receive(alertsOff);
  await waitUntil(isLabelled(alertsOff.id), `the flow labels ${alertsOff.id}`);
  await publishFlow(environment, flow);
}

/** Checks the result of `runMailTriage`. `processed` waits for it. */
export function mailTriageSuite(
  getEnvironment: () => Environment,
  processed: () => Promise<void>,
): void {
  describe("correo-triaje", () => {
    it("labels every mail with its category and creates each label once", async () => {
      await processed();
      const { google } = getEnvironment();
      const labelsOf = ({ id }: { id: string }) =>
        google.labelsOf(id).filter((name) => name.startsWith("IA/"));
      expect(FIRST_MAILS.map(labelsOf)).toEqual([
        ["IA/urgencia"],
        ["IA/consulta"],
        ["IA/consulta"],
        // The classification of these two failed.
        [],
        [],
        ["IA/queja"],
        ["IA/queja"],
      ]);
      expect(labelsOf(ODD_MAIL)).toEqual(["IA/urgencia"]);
      const created = google.labels.map(({ name }) => name);
      expect(new Set(created).size).toBe(created.length);
      expect(google.unknownRequests).toEqual([]);
    });

    it("sends an alert to Telegram and by mail for an urgent mail and for one that it could not process", async () => {
      const { telegram, mail } = getEnvironment();
      const alerts = telegram.messagesTo(ALERTS_CHAT).map(({ text }) => readHtml(text ?? ""));
      const about = (subject: string) => alerts.find((text) => text?.includes(subject));
      expect(about("Cobros")).toContain("Correo urgente: Cobros <caídos>");
      expect(about("Cobros")).toContain("Los cobros están caídos.");
      expect(about("Cobros")).toContain("tienda@example.com");
      expect(about("Sin modelo")).toContain("Correo sin clasificar");
      expect(about("Sin modelo")).toContain("El modelo no está.");
      expect(about("Sin red")).toContain("El asistente no responde ahora mismo.");
      // The summary of these two failed: the alert quotes the beginning of the mail.
      expect(about("Sin resumen")).toContain("El tulipán llegó roto.");
      expect(about("Sin permiso")).toContain("El narciso llegó tarde.");
      expect(about("Orquídea")).toContain("Sobre la Orquídea.");
      // These six, and the one of the next test.
      expect(alerts).toHaveLength(7);
      const alertMail = mail.received.find(({ subject }) =>
        subject.startsWith("Correo urgente: Cobros"),
      );
      expect(alertMail?.text).toContain("Los cobros están caídos.");
    });

    it("labels a mail whose alerts fail, and sends the alerts of a mail that it cannot label", () => {
      const { telegram, google } = getEnvironment();
      expect(google.labelsOf(LATER_MAILS.alertsFail.id)).toContain("IA/urgencia");
      const alerts = telegram.messagesTo(ALERTS_CHAT).map(({ text }) => text ?? "");
      expect(alerts.filter((text) => text.includes("Gardenia"))).toEqual([]);
      expect(alerts.filter((text) => text.includes("Petunia"))).toHaveLength(1);
    });

    it("sends no alert when no recipient is configured, and creates no label that exists", () => {
      const { telegram, mail, google } = getEnvironment();
      const sent = JSON.stringify([telegram.messagesTo(ALERTS_CHAT), mail.received]);
      expect(sent).not.toContain("Begonia");
      expect(google.labelsOf(LATER_MAILS.alertsOff.id)).toContain("IA/urgencia");
      expect(google.labels.map(({ name }) => name)).toEqual([
        "INBOX",
        "IA/urgencia",
        "IA/consulta",
        "IA/queja",
      ]);
    });
  });
}
