import { describe, expect, it } from "vitest";
import { readHtml } from "../support/fake-telegram.ts";
import { makePdf } from "./pdf.ts";
import {
  ALERTS_CHAT,
  ALERTS_MAIL,
  flowWith,
  putFlow,
  type Stage,
  toldTheOwner,
  until,
} from "./stage.ts";

type Answer = { status: number; body: Record<string, unknown> };

async function post(url: string, key: string, body: FormData | object): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "x-api-key": key,
      ...(!(body instanceof FormData) && { "content-type": "application/json" }),
    },
    body: body instanceof FormData ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text.startsWith("{") ? (JSON.parse(text) as Answer["body"]) : { text },
  };
}

/** A text with this in it. */
const saying = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

export function documentSuite(stage: () => Stage): void {
  const send = async (body: FormData | object, key = stage().worker.key): Promise<Answer> =>
    await post(`${stage().n8n.url}/webhook/documento`, key, body);
  const form = (
    file: Blob | undefined,
    name: string,
    fields: Record<string, string> = {},
  ): FormData => {
    const data = new FormData();
    if (file) data.append("archivo", file, name);
    for (const [key, value] of Object.entries(fields)) data.append(key, value);
    return data;
  };

  describe("documento-webhook", () => {
    it("takes a text, and answers as the assistant does", async () => {
      await stage().model.script("higuera", [{ kind: "ok", text: "The fig tree." }]);
      const { status, body } = await send({ texto: "La higuera", tarea: "traducir", chat_id: 41 });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        resultado: "The fig tree.",
        tipo_tarea: "traducir",
        chat_id: 41,
        success: true,
      });
    });

    it("reads a PDF and a text file, with accents, and takes options from a form", async () => {
      const { model } = stage();
      await model.script("colibrí", [{ kind: "ok", text: "Der Kolibri." }]);
      await model.script("murciélago", [{ kind: "ok", text: "Vuela el murciélago." }]);
      const text = new Blob(["El colibrí voló hacia la cigüeña."], { type: "text/plain" });
      const options = { tarea: "/traducir", opciones: '{"idioma_destino":"de"}' };
      expect((await send(form(text, "nota.txt", options))).body).toMatchObject({
        resultado: "Der Kolibri.",
        datos: { idioma_destino: "de" },
      });
      const pdf = new Blob([makePdf("El murci\\351lago vuela de noche.")], {
        type: "application/pdf",
      });
      expect((await send(form(pdf, "informe.pdf"))).body).toMatchObject({
        resultado: "Vuela el murciélago.",
        tipo_tarea: "resumir",
      });
    });

    it("says what is wrong: nothing sent, no text in it, another kind, options that are none", async () => {
      const scan = new Blob([makePdf("")], { type: "application/pdf" });
      const broken = new Blob(["no es un PDF"], { type: "application/pdf" });
      const image = new Blob([new Uint8Array(10)], { type: "image/png" });
      const blank = new Blob([" \n"], { type: "text/plain" });
      expect(await send({})).toMatchObject({
        status: 400,
        body: { mensaje: saying(/Falta el documento/) },
      });
      expect(await send(form(scan, "escaneado.pdf"))).toMatchObject({
        status: 422,
        body: { mensaje: saying(/OCR/) },
      });
      expect(await send(form(broken, "roto.pdf"))).toMatchObject({ status: 422 });
      expect(await send(form(blank, "blanco.txt"))).toMatchObject({ status: 422 });
      expect(await send(form(image, "foto.png"))).toMatchObject({
        status: 400,
        body: { mensaje: saying(/foto\.png/) },
      });
      expect(await send({ texto: "Hola", opciones: "{no" })).toMatchObject({
        status: 400,
        body: { mensaje: saying(/JSON/) },
      });
      expect(await send({ texto: "Hola", tarea: "bailar" })).toMatchObject({
        status: 400,
        body: { success: false },
      });
    });

    it("lets nobody in without the key, and does not tell it to anybody", async () => {
      expect((await send({ texto: "Hola" }, "otra")).status).toBe(403);
      stage().gateway.fail("Hola a todos", "drop", 3);
      const { status, body } = await send({ texto: "Hola a todos." });
      expect(status).toBe(503);
      expect(body).toMatchObject({ mensaje: saying(/no responde/) });
      expect(JSON.stringify(body)).not.toContain(stage().worker.key);
    });

    it("sends the result on to Telegram, by mail and to a sheet, as asked", async () => {
      const { telegram, mail, google, model } = stage();
      const long = `=1+1 <b> & ${"una frase más. ".repeat(400)}`.trim();
      await model.script("castaño", [{ kind: "ok", text: long }]);
      const before = google.rows.length;
      const { status } = await send({
        texto: "El castaño",
        tarea: "generar",
        telegram: "840",
        correo: "jefa@example.com",
        hoja: "hoja-de-prueba",
      });
      expect(status).toBe(200);
      await until(() => telegram.messagesTo(840).length >= 2, "two messages");
      const told = telegram.messagesTo(840).map(({ text }) => readHtml(text ?? ""));
      expect(told.join(" ").replace(/\s+/g, "")).toBe(`texto${long}`.replace(/\s+/g, ""));
      const letter = await until(
        () => mail.received.find(({ to }) => to === "jefa@example.com"),
        "a mail",
      );
      expect(letter).toMatchObject({
        from: "asistente@example.com",
        subject: "Asistente: generar «texto»",
        text: long,
      });
      const row = await until(() => google.rows[before], "a row");
      // As text, not as a formula.
      expect(row.slice(1)).toEqual(["generar", "texto", long]);
    });

    it("has answered already when a delivery fails; the others arrive, and the owner is told", async () => {
      const { telegram, mail, google } = stage();
      const texto = "Un texto breve. Con dos frases.";
      const before = google.rows.length;
      const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
      telegram.refuse("sendMessage", blocked, 1, ({ chat_id: chat }) => String(chat) === "842");
      mail.refuse("nadie@example.com", 3);
      const everywhere = { telegram: "842", correo: "nadie@example.com", hoja: "hoja-de-prueba" };
      expect((await send({ texto, ...everywhere })).status).toBe(200);
      const told = await toldTheOwner(stage(), "Falló: Enviar a Telegram, Enviar por correo.");
      expect(told).toContain("Ha fallado «Asistente · Documento por webhook»");
      expect(google.rows).toHaveLength(before + 1);

      google.fail(/:append$/, 3);
      expect((await send({ texto, hoja: "hoja-de-prueba", telegram: "843" })).status).toBe(200);
      await toldTheOwner(stage(), "Falló: Apuntar en la hoja.");
      expect(telegram.messagesTo(843)).toHaveLength(1);
    });

    it("takes a text as long as the assistant does, and passes on that another is too long", async () => {
      await stage().model.script("kilómetros", [{ kind: "ok", text: "Muchos kilómetros." }]);
      const large = new Blob(["kilómetros ".repeat(20_000)], { type: "text/plain" });
      expect(await send(form(large, "largo.txt", { chat_id: "" }))).toMatchObject({
        status: 200,
        body: { resultado: "Muchos kilómetros.", chat_id: 1 },
      });
      const huge = new Blob(["demasiado ".repeat(120_000)], { type: "text/plain" });
      expect(await send(form(huge, "enorme.txt"))).toMatchObject({
        status: 413,
        body: { success: false, mensaje: saying(/1 MiB/) },
      });
    });

    it("passes on what the assistant refuses, and sends nothing on", async () => {
      const { gateway, telegram } = stage();
      gateway.fail(
        "Hola a nadie",
        { status: 429, body: { success: false, mensaje: "Espera un poco." } },
        1,
      );
      expect(await send({ texto: "Hola a nadie", telegram: "841" })).toEqual({
        status: 429,
        body: { success: false, mensaje: "Espera un poco." },
      });
      expect(telegram.messagesTo(841)).toEqual([]);
    });
  });
}

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
/** Cut off in the middle of a letter, a subject longer than an alert, and what no database takes. */
const ODD_MAIL = {
  id: "correo-8",
  from: "eva@example.com",
  subject: `Orquídea ${"muy ".repeat(1_000)}`,
  body: `\0${"😀".repeat(10_000)}`,
};
/** All of them urgent. */
const LATER_MAILS = {
  alertsFail: { id: "correo-9", from: "a@example.com", subject: "Gardenia", body: "Arde." },
  labelsFail: { id: "correo-10", from: "b@example.com", subject: "Petunia", body: "Arde." },
  alertsOff: { id: "correo-11", from: "c@example.com", subject: "Begonia", body: "Arde." },
};

/** n8n wants a minute between the moments of each rule, and takes many rules. */
const EVERY_THIRD_SECOND = {
  item: Array.from({ length: 20 }, (_, index) => ({
    mode: "custom",
    cronExpression: `${index * 3} * * * * *`,
  })),
};

/** Mail arrives, while the other suites go on. The flow looks for it every few seconds, and not every minute. */
export async function deliverMail(stage: Stage): Promise<void> {
  const { model, gateway, google, telegram, mail } = stage;
  const label = (categoria: string, urgencia: string) => ({
    kind: "ok" as const,
    text: JSON.stringify({ categoria, urgencia, tema: "IT", evidencias: [] }),
  });
  const words = (text: string) => ({ kind: "ok" as const, text });
  const isLabelled = (id: string) => () => google.labelsOf(id).length > 2;
  const flow = flowWith("correo-triaje.json", "Correo nuevo", {});
  const trigger = flow.nodes.find(({ name }) => name === "Correo nuevo")?.parameters;
  const looking = flowWith("correo-triaje.json", "Correo nuevo", {
    parameters: { ...trigger, pollTimes: EVERY_THIRD_SECOND },
  });
  await putFlow(stage, looking);
  await model.script("cobros", [label("urgencia", "alta"), words("Los cobros están caídos.")]);
  await model.script("catálogo", [label("consulta", "baja"), words("Pide el catálogo.")]);
  await model.script("folleto", [label("consulta", "baja"), words("Pide el folleto.")]);
  await model.script("tulipán", [label("queja", "alta")]);
  await model.script("narciso", [
    label("queja", "alta"),
    { kind: "error", status: 400, error: { message: "no" } },
  ]);
  for (const flower of ["Orquídea", "Gardenia", "Petunia", "Begonia"]) {
    await model.script(flower, [label("urgencia", "alta"), words(`Sobre la ${flower}.`)]);
  }
  gateway.fail(
    "Sin modelo",
    { status: 503, body: { success: false, mensaje: "El modelo no está." } },
    9,
  );
  gateway.fail("Sin red", "drop", 9);
  gateway.fail((asked) => asked.includes("Sin resumen") && asked.includes('"resumir"'), "drop", 9);
  for (const one of [...FIRST_MAILS, ODD_MAIL]) google.receive(one);
  // n8n goes twice through the steps behind the summary: with those that have one, and with the one that has not.
  await until(isLabelled("correo-6"), "correo-6 is labelled");
  await until(isLabelled("correo-7"), "correo-7 is labelled");

  const { alertsFail, labelsFail, alertsOff } = LATER_MAILS;
  const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
  telegram.refuse("sendMessage", blocked, 3, ({ text }) => /urgente: Gardenia/.test(text ?? ""));
  mail.refuse(ALERTS_MAIL, 3);
  google.receive(alertsFail);
  await toldTheOwner(stage, "Falló: Avisar por Telegram, Avisar por correo.");

  google.fail(/\/labels$/, 3);
  google.receive(labelsFail);
  await toldTheOwner(stage, "Paso: Etiquetas");

  await putFlow(stage, looking, { chat_de_avisos: "", correo_de_avisos: "" });
  google.receive(alertsOff);
  await until(isLabelled(alertsOff.id), `${alertsOff.id} is labelled`);
  await putFlow(stage, flow);
}

/** Once `deliverMail` is through. */
export function mailSuite(stage: () => Stage, delivered: () => Promise<void>): void {
  describe("correo-triaje", () => {
    it("labels every mail by its category, and makes each label once", async () => {
      await delivered();
      const { google } = stage();
      const labelsOf = ({ id }: { id: string }) =>
        google.labelsOf(id).filter((name) => name.startsWith("IA/"));
      expect(FIRST_MAILS.map(labelsOf)).toEqual([
        ["IA/urgencia"],
        ["IA/consulta"],
        ["IA/consulta"],
        // These two could not be classified.
        [],
        [],
        ["IA/queja"],
        ["IA/queja"],
      ]);
      expect(labelsOf(ODD_MAIL)).toEqual(["IA/urgencia"]);
      const made = google.labels.map(({ name }) => name);
      expect(new Set(made).size).toBe(made.length);
      expect(google.unknown).toEqual([]);
    });

    it("tells at once of what is urgent, in Telegram and by mail, and of what it could not do", async () => {
      const { telegram, mail } = stage();
      const alerts = telegram.messagesTo(ALERTS_CHAT).map(({ text }) => readHtml(text ?? ""));
      const about = (subject: string) => alerts.find((text) => text?.includes(subject));
      expect(about("Cobros")).toContain("Correo urgente: Cobros <caídos>");
      expect(about("Cobros")).toContain("Los cobros están caídos.");
      expect(about("Cobros")).toContain("tienda@example.com");
      expect(about("Sin modelo")).toContain("Correo sin clasificar");
      expect(about("Sin modelo")).toContain("El modelo no está.");
      expect(about("Sin red")).toContain("El asistente no responde ahora mismo.");
      // Classified, but not summarised: their beginning stands for the summary.
      expect(about("Sin resumen")).toContain("El tulipán llegó roto.");
      expect(about("Sin permiso")).toContain("El narciso llegó tarde.");
      expect(about("Orquídea")).toContain("Sobre la Orquídea.");
      // These six, and the one below.
      expect(alerts).toHaveLength(7);
      const letter = mail.received.find(({ subject }) =>
        subject.startsWith("Correo urgente: Cobros"),
      );
      expect(letter?.text).toContain("Los cobros están caídos.");
    });

    it("labels a mail though its alerts fail, and tells of it though labelling fails", () => {
      const { telegram, google } = stage();
      expect(google.labelsOf(LATER_MAILS.alertsFail.id)).toContain("IA/urgencia");
      const alerts = telegram.messagesTo(ALERTS_CHAT).map(({ text }) => text ?? "");
      expect(alerts.filter((text) => text.includes("Gardenia"))).toEqual([]);
      expect(alerts.filter((text) => text.includes("Petunia"))).toHaveLength(1);
    });

    it("tells nobody where nobody is set to be told, and makes no label when it has them all", () => {
      const { telegram, mail, google } = stage();
      const told = JSON.stringify([telegram.messagesTo(ALERTS_CHAT), mail.received]);
      expect(told).not.toContain("Begonia");
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

export function oldFlowSuite(stage: () => Stage): void {
  describe("a flow written for the former server", () => {
    const say = async (text: string): Promise<Answer> =>
      await post(`${stage().n8n.url}/webhook/anterior`, stage().worker.key, {
        message: { chat: { id: -555 }, text },
      });

    it("works with its address changed and nothing else", async () => {
      await stage().model.script("alcornoque", [{ kind: "ok", text: "The cork oak." }]);
      expect((await say("/traducir")).body).toEqual({
        chat_id: -555,
        texto: "¿Qué texto quieres traducir?",
      });
      expect((await say("El alcornoque")).body).toEqual({ chat_id: -555, texto: "The cork oak." });
      const [nothing, unknown] = [await say("Sin modo"), await say("/start")];
      expect(nothing.body["texto"]).not.toBe("");
      expect(nothing.body["chat_id"]).toBe(-555);
      expect(unknown.body["texto"]).toContain("/resumir");
      await say("/consultar");
      expect((await say("mis últimas traducciones")).body).toMatchObject({
        chat_id: -555,
        total: 1,
        consultas: ["The cork oak."],
      });
      expect((await say("¿cuántos textos traduje hoy?")).body).toMatchObject({ total: 1 });
      expect((await say("la fecha de la última traducción")).body["texto"]).toMatch(
        /^\d{4}-\d\d-\d\dT/,
      );
      expect((await say("¿qué hora es?")).body["texto"]).toContain("No lo he entendido");
    });
  });
}
