import { describe, expect, it } from "vitest";
import { readHtml } from "../support/fake-telegram.ts";
import { makePdf } from "./pdf.ts";
import { ALERTS_CHAT, OWNER_CHAT, type Stage, until } from "./stage.ts";

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
        body: { mensaje: /Falta el documento/ },
      });
      expect(await send(form(scan, "escaneado.pdf"))).toMatchObject({
        status: 422,
        body: { mensaje: /OCR/ },
      });
      expect(await send(form(broken, "roto.pdf"))).toMatchObject({ status: 422 });
      expect(await send(form(blank, "blanco.txt"))).toMatchObject({ status: 422 });
      expect(await send(form(image, "foto.png"))).toMatchObject({
        status: 400,
        body: { mensaje: /foto\.png/ },
      });
      expect(await send({ texto: "Hola", opciones: "{no" })).toMatchObject({
        status: 400,
        body: { mensaje: /JSON/ },
      });
      expect(await send({ texto: "Hola", tarea: "bailar" })).toMatchObject({
        status: 400,
        body: { success: false },
      });
    });

    it("lets nobody in without the key, and does not tell it to anybody", async () => {
      expect((await send({ texto: "Hola" }, "otra")).status).toBe(403);
      stage().gateway.fail("/procesar", "drop", 3);
      const { status, body } = await send({ texto: "Hola a todos." });
      expect(status).toBe(503);
      expect(body).toMatchObject({ mensaje: /no responde/ });
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

    it("has answered already when a delivery fails, and the owner is told", async () => {
      const { telegram, mail } = stage();
      const before = telegram.messagesTo(OWNER_CHAT).length;
      mail.refuse(3);
      expect(
        (await send({ texto: "Un texto breve. Con dos frases.", correo: "nadie@example.com" }))
          .status,
      ).toBe(200);
      const told = await until(() => telegram.messagesTo(OWNER_CHAT)[before], "the owner is told");
      expect(told.text).toContain("Enviar por correo");
    });

    it("passes on what the assistant refuses, and sends nothing on", async () => {
      const { gateway, telegram } = stage();
      gateway.fail(
        "/procesar",
        { status: 429, body: { success: false, mensaje: "Espera un poco." } },
        1,
      );
      expect(await send({ texto: "Hola", telegram: "841" })).toEqual({
        status: 429,
        body: { success: false, mensaje: "Espera un poco." },
      });
      expect(telegram.messagesTo(841)).toEqual([]);
    });
  });
}

const MAILS = [
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

/** Mail arrives. The flow looks for it every minute, while the other suites go on. */
export async function deliverMail({ model, gateway, google }: Stage): Promise<void> {
  const label = (categoria: string, urgencia: string) => ({
    kind: "ok" as const,
    text: JSON.stringify({ categoria, urgencia, tema: "IT", evidencias: [] }),
  });
  const words = (text: string) => ({ kind: "ok" as const, text });
  await model.script("cobros", [label("urgencia", "alta"), words("Los cobros están caídos.")]);
  await model.script("catálogo", [label("consulta", "baja"), words("Pide el catálogo.")]);
  await model.script("folleto", [label("consulta", "baja"), words("Pide el folleto.")]);
  await model.script("tulipán", [label("queja", "alta")]);
  await model.script("narciso", [
    label("queja", "alta"),
    { kind: "error", status: 400, error: { message: "no" } },
  ]);
  gateway.fail(
    "Sin modelo",
    { status: 503, body: { success: false, mensaje: "El modelo no está." } },
    9,
  );
  gateway.fail("Sin red", "drop", 9);
  gateway.fail(/Sin resumen.*"resumir"/, "drop", 9);
  for (const mail of MAILS) google.receive(mail);
}

export function mailSuite(stage: () => Stage): void {
  describe("correo-triaje", () => {
    it("labels every mail by its category, and makes each label once", async () => {
      const { google } = stage();
      // n8n goes twice through the steps behind the summary: with those that have one, and with the one that has not.
      const last = ["correo-6", "correo-7"];
      await until(
        () => last.every((id) => google.labelsOf(id).length > 2),
        "the last mails are labelled",
      );
      const labels = MAILS.map(({ id }) =>
        google.labelsOf(id).filter((name) => name.startsWith("IA/")),
      );
      expect(labels).toEqual([
        ["IA/urgencia"],
        ["IA/consulta"],
        ["IA/consulta"],
        // These two could not be classified.
        [],
        [],
        ["IA/queja"],
        ["IA/queja"],
      ]);
      const made = google.labels.map(({ name }) => name);
      expect(new Set(made).size).toBe(made.length);
      expect(google.unknown).toEqual([]);
    });

    it("tells at once of what is urgent, in Telegram and by mail, and of what it could not do", async () => {
      const { telegram, mail } = stage();
      await until(() => telegram.messagesTo(ALERTS_CHAT).length >= 5, "five alerts");
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
      expect(alerts).toHaveLength(5);
      const letter = await until(
        () => mail.received.find(({ subject }) => subject.startsWith("Correo urgente: Cobros")),
        "an alert by mail",
      );
      expect(letter.text).toContain("Los cobros están caídos.");
    });

    it("makes no label when it has them all", async () => {
      const { google, model } = stage();
      await model.script("orquídea", [
        {
          kind: "ok",
          text: JSON.stringify({
            categoria: "consulta",
            urgencia: "baja",
            tema: "IT",
            evidencias: [],
          }),
        },
        { kind: "ok", text: "Pregunta por la orquídea." },
      ]);
      const before = google.labels.length;
      google.receive({
        id: "correo-8",
        from: "eva@example.com",
        subject: "Última",
        body: "¿Y la orquídea?",
      });
      await until(() => google.labelsOf("correo-8").includes("IA/consulta"), "its label");
      expect(google.labels).toHaveLength(before);
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
