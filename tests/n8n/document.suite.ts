import { describe, expect, it } from "vitest";
import { readHtml } from "../support/fake-telegram.ts";
import type { Environment } from "./environment.ts";
import { makePdf } from "./pdf.ts";
import { postToWebhook, type WebhookAnswer } from "./post-to-webhook.ts";
import { waitForOwnerMessage } from "./owner-messages.ts";
import { waitUntil } from "../support/wait-until.ts";

const textMatching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

export function documentSuite(getEnvironment: () => Environment): void {
  const send = async (
    body: FormData | object,
    key = getEnvironment().worker.key,
  ): Promise<WebhookAnswer> =>
    await postToWebhook(`${getEnvironment().n8n.url}/webhook/documento`, key, body);
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
    it("accepts a text and returns the response of the API", async () => {
      await getEnvironment().model.script("higuera", [{ kind: "ok", text: "The fig tree." }]);
      const { status, body } = await send({ texto: "La higuera", tarea: "traducir", chat_id: 41 });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        resultado: "The fig tree.",
        tipo_tarea: "traducir",
        chat_id: 41,
        success: true,
      });
    });

    it("reads the text of a PDF and of a text file with accents, and the options of a form", async () => {
      const { model } = getEnvironment();
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

    it("returns 400 or 422 for a missing document, one without text, an unsupported type and invalid options", async () => {
      const scan = new Blob([makePdf("")], { type: "application/pdf" });
      const broken = new Blob(["no es un PDF"], { type: "application/pdf" });
      const image = new Blob([new Uint8Array(10)], { type: "image/png" });
      const blank = new Blob([" \n"], { type: "text/plain" });
      expect(await send({})).toMatchObject({
        status: 400,
        body: { mensaje: textMatching(/Falta el documento/) },
      });
      expect(await send(form(scan, "escaneado.pdf"))).toMatchObject({
        status: 422,
        body: { mensaje: textMatching(/OCR/) },
      });
      expect(await send(form(broken, "roto.pdf"))).toMatchObject({ status: 422 });
      expect(await send(form(blank, "blanco.txt"))).toMatchObject({ status: 422 });
      expect(await send(form(image, "foto.png"))).toMatchObject({
        status: 400,
        body: { mensaje: textMatching(/foto\.png/) },
      });
      expect(await send({ texto: "Hola", opciones: "{no" })).toMatchObject({
        status: 400,
        body: { mensaje: textMatching(/JSON/) },
      });
      expect(await send({ texto: "Hola", tarea: "bailar" })).toMatchObject({
        status: 400,
        body: { success: false },
      });
    });

    it("returns 403 without the right key, and does not reveal the key when the API is down", async () => {
      expect((await send({ texto: "Hola" }, "otra")).status).toBe(403);
      getEnvironment().apiProxy.fail("Hola a todos", "drop", 3);
      const { status, body } = await send({ texto: "Hola a todos." });
      expect(status).toBe(503);
      expect(body).toMatchObject({ mensaje: textMatching(/no responde/) });
      expect(JSON.stringify(body)).not.toContain(getEnvironment().worker.key);
    });

    it("delivers the result to Telegram, by mail and to a Google sheet when the request asks for it", async () => {
      const { telegram, mail, google, model } = getEnvironment();
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
      await waitUntil(
        () => telegram.messagesTo(840).length >= 2,
        "two messages arrive in Telegram",
      );
      const texts = telegram.messagesTo(840).map(({ text }) => readHtml(text ?? ""));
      expect(texts.join(" ").replace(/\s+/g, "")).toBe(`texto${long}`.replace(/\s+/g, ""));
      const delivered = await waitUntil(
        () => mail.received.find(({ to }) => to === "jefa@example.com"),
        "the mail arrives",
      );
      expect(delivered).toMatchObject({
        from: "asistente@example.com",
        subject: "Asistente: generar «texto»",
        text: long,
      });
      const row = await waitUntil(() => google.rows[before], "the sheet has a new row");
      // The cell holds text, not a formula.
      expect(row.slice(1)).toEqual(["generar", "texto", long]);
    });

    it("responds before it delivers: when one delivery fails, the others arrive and the owner gets a message", async () => {
      const { telegram, mail, google } = getEnvironment();
      const texto = "Un texto breve. Con dos frases.";
      const before = google.rows.length;
      const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
      telegram.refuse("sendMessage", blocked, 1, ({ chat_id: chat }) => String(chat) === "842");
      mail.refuse("nadie@example.com", 3);
      const deliveries = { telegram: "842", correo: "nadie@example.com", hoja: "hoja-de-prueba" };
      expect((await send({ texto, ...deliveries })).status).toBe(200);
      const message = await waitForOwnerMessage(
        getEnvironment(),
        "Falló: Enviar a Telegram, Enviar por correo.",
      );
      expect(message).toContain("Ha fallado «Asistente · Documento por webhook»");
      expect(google.rows).toHaveLength(before + 1);

      google.fail(/:append$/, 3);
      expect((await send({ texto, hoja: "hoja-de-prueba", telegram: "843" })).status).toBe(200);
      await waitForOwnerMessage(getEnvironment(), "Falló: Apuntar en la hoja.");
      expect(telegram.messagesTo(843)).toHaveLength(1);
    });

    it("accepts a text as long as the API accepts, and passes on the 413 of the API for a longer one", async () => {
      await getEnvironment().model.script("kilómetros", [
        { kind: "ok", text: "Muchos kilómetros." },
      ]);
      const large = new Blob(["kilómetros ".repeat(20_000)], { type: "text/plain" });
      expect(await send(form(large, "largo.txt", { chat_id: "" }))).toMatchObject({
        status: 200,
        body: { resultado: "Muchos kilómetros.", chat_id: 1 },
      });
      const huge = new Blob(["demasiado ".repeat(120_000)], { type: "text/plain" });
      expect(await send(form(huge, "enorme.txt"))).toMatchObject({
        status: 413,
        body: { success: false, mensaje: textMatching(/1 MiB/) },
      });
    });

    it("passes on an error response of the API and delivers nothing", async () => {
      const { apiProxy, telegram } = getEnvironment();
      apiProxy.fail(
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
