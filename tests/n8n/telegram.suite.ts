import { describe, expect, it } from "vitest";
import { GROUP, OWNER_CHAT, type Environment } from "./environment.ts";
import { listExecutions } from "./executions.ts";
import { mentionsChat } from "./faulty-proxy.ts";
import { makePdf } from "./pdf.ts";
import { createTelegramUser } from "./telegram-user.ts";
import { waitForOwnerMessage } from "./owner-messages.ts";
import { waitUntil } from "../support/wait-until.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const DOWN = "El asistente no responde ahora mismo. Inténtalo dentro de un minuto.";
let nextChatId = 700;

export function telegramSuite(getEnvironment: () => Environment): void {
  /** Creates a user in a new chat. */
  const newUser = () => createTelegramUser(getEnvironment(), (nextChatId += 1));

  describe("telegram-asistente", () => {
    it.for(["/start", "/ayuda", "/ayuda@mi_bot", "/noexiste", "/"])(
      "answers %s with the menu",
      async (text) => {
        const user = newUser();
        const [menu] = await user.sendText(text);
        expect(menu).toContain("/resumir");
        expect(menu).toContain("[📝 Resumir] [🌍 Traducir]");
      },
    );

    it.for([
      ["Resumir", "¿Qué texto quieres resumir?"],
      ["Traducir", "¿Qué texto quieres traducir?"],
      ["Clasificar", "¿Qué texto quieres clasificar?"],
      ["Extraer", "extraer"],
      ["Redactar", "generar"],
      ["Preguntar", "¿Qué quieres saber de tu historial?"],
    ] as const)(
      "sets the mode and answers the callback query when the user presses «%s»",
      async ([label, asked]) => {
        const user = newUser();
        await user.sendText("/start");
        const [answer] = await user.pressButton(label);
        expect(answer?.toLowerCase()).toContain(asked.toLowerCase().slice(0, 12));
        expect(
          getEnvironment().telegram.sent.filter(({ method }) => method === "answerCallbackQuery"),
        ).not.toEqual([]);
      },
    );

    it("runs the task of the mode on the next text only", async () => {
      const user = newUser();
      await getEnvironment().model.script("tragaluz", [
        { kind: "ok", text: "The skylight is open." },
      ]);
      await user.sendText("/traducir");
      expect(await user.sendText("El tragaluz está abierto.")).toEqual([
        "🌍 Traducción\nThe skylight is open.",
      ]);
      expect((await user.sendText("El tragaluz está cerrado."))[0]).toContain(
        "¿Qué hago con este texto?",
      );
      expect(
        getEnvironment().telegram.sent.some(
          ({ method, action, chat_id: chat }) =>
            method === "sendChatAction" && action === "typing" && Number(chat) === user.chatId,
        ),
      ).toBe(true);
    });

    it("runs a command on the text after it, or on the message that it replies to", async () => {
      const user = newUser();
      await getEnvironment().model.script("berenjena", [{ kind: "ok", text: "Aubergine." }]);
      expect(await user.sendText("/traducir La berenjena")).toEqual(["🌍 Traducción\nAubergine."]);
      expect(
        await user.sendText("/traducir", {
          reply_to_message: { text: "La berenjena otra vez" },
          shown: "/traducir",
        }),
      ).toEqual(["🌍 Traducción\nAubergine."]);
    });

    it("offers the tasks for a text without a command, and runs the task of the pressed button", async () => {
      const user = newUser();
      const text = "El servidor lleva caído desde las nueve y es muy urgente.";
      expect((await user.sendText(text))[0]).toContain("[🏷 Clasificar] [🔎 Extraer]");
      expect(user.lastMessage().reply_to_message_id).toBeGreaterThan(0);
      expect((await user.pressButton("Clasificar", { onText: text }))[0]).toContain(
        "🏷 Clasificación",
      );
      // The update does not contain the original text, so the bot shows the menu.
      await user.sendText(text);
      expect((await user.pressButton("Clasificar"))[0]).toContain("/resumir");
    });

    it("answers questions about the history by command, in its mode and by button", async () => {
      const user = newUser();
      await getEnvironment().model.script("girasol", [{ kind: "ok", text: "The sunflower." }]);
      await user.sendText("/traducir El girasol");
      expect((await user.sendText("/consultar ¿cuántos textos traduje hoy?"))[0]).toMatch(/\b1\b/);
      await user.sendText("/consultar");
      const [list] = await user.sendText("mis últimas 3 traducciones");
      expect(list).toMatch(
        /• \d\d\/\d\d\/\d{4} \d\d:\d\d · traducir\n {2}El girasol\n {2}→ The sunflower\./,
      );
      await user.sendText("/limpiar");
      const question = "el último registro";
      await user.sendText(question);
      expect((await user.pressButton("Es una pregunta", { onText: question }))[0]).toContain(
        "The sunflower.",
      );
    });

    it("reports on the last seven days, by command and by button", async () => {
      const user = newUser();
      expect((await user.sendText("/reporte"))[0]).toContain("📊 Informe");
      await user.sendText("/start");
      expect((await user.pressButton("Informe"))[0]).toContain("📊 Informe");
    });

    it("splits a long answer into messages that fit, without losing text", async () => {
      const user = newUser();
      const paragraph = `Hay <b>signos</b> & *marcas* _sueltas_ [así] (x) ${"y palabras ".repeat(60)}😀.`;
      const long = Array.from({ length: 14 }, (_, index) => `${index}. ${paragraph}`).join("\n\n");
      await getEnvironment().model.script("mandarina", [{ kind: "ok", text: long }]);
      const parts = await user.sendText("/generar Algo largo sobre la mandarina", { count: 3 });
      expect(parts.every((part) => part.length <= 4096)).toBe(true);
      const squeeze = (text: string): string => text.replace(/\s+/g, "");
      expect(squeeze(parts.join(""))).toBe(squeeze(`✍️ Texto${long}`));
    });

    it("sends the parts in order when Telegram refuses one at first, and never cuts an emoji", async () => {
      const user = newUser();
      const { telegram, model } = getEnvironment();
      // Each emoji is one grapheme of eleven UTF-16 code units, and there is no space to cut at.
      const families = "👨‍👩‍👧‍👦".repeat(900);
      await model.script("calabaza", [{ kind: "ok", text: families }]);
      const isSecond = ({ chat_id: chat, text }: { chat_id?: unknown; text?: string }) =>
        Number(chat) === user.chatId && !text?.includes("Texto");
      telegram.refuse(
        "sendMessage",
        { status: 429, description: "Too Many Requests" },
        1,
        isSecond,
      );
      const parts = await user.sendText("/generar Algo sobre la calabaza", { count: 3 });
      expect(parts[0]).toMatch(/^✍️ Texto\n👨/u);
      expect(parts.every((part) => /(?:👨‍👩‍👧‍👦)+$/u.test(part) && part.length <= 4096)).toBe(true);
      expect(parts.join("")).toBe(`✍️ Texto\n${families}`);
    });

    it("warns that a text as long as a message may be part of a longer one", async () => {
      const user = newUser();
      const piece = "Un manual muy largo. ".repeat(190);
      await getEnvironment().model.script("manual muy largo", [
        { kind: "ok", text: "De un manual." },
      ]);
      expect((await user.sendText(piece))[0]).toMatch(/Telegram parte los textos largos/);
      const [answer] = await user.pressButton("Resumir", { onText: piece });
      expect(answer).toMatch(
        /^📝 Resumen\nDe un manual\.\n\nℹ️ Telegram parte .* archivo \.txt\.$/u,
      );
    });

    it("sends a message without format when Telegram refuses its format", async () => {
      const user = newUser();
      const { telegram, model } = getEnvironment();
      await model.script("alcachofa", [{ kind: "ok", text: "Artichoke." }]);
      telegram.refuse(
        "sendMessage",
        { status: 400, description: "Bad Request: can't parse entities" },
        1,
        ({ chat_id: chat }) => Number(chat) === user.chatId,
      );
      expect(await user.sendText("/traducir La alcachofa")).toEqual(["Artichoke."]);
    });

    it("notifies the owner when Telegram refuses the unformatted message too", async () => {
      const user = newUser();
      const { telegram, worker } = getEnvironment();
      const toAna = ({ chat_id: chat }: { chat_id?: unknown }) => Number(chat) === user.chatId;
      const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
      telegram.refuse("sendMessage", blocked, 4, toAna);
      await user.sendText("/limpiar", { count: 0 });
      const message = await waitForOwnerMessage(getEnvironment(), "Responder sin formato");
      expect(message).toContain("Ha fallado «Asistente · Telegram»");
      expect(message).not.toContain(worker.key);
    });

    it("does not loop when the notification to the owner fails", async () => {
      const user = newUser();
      const { telegram } = getEnvironment();
      const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
      const toAna = ({ chat_id: chat }: { chat_id?: unknown }) => Number(chat) === user.chatId;
      telegram.refuse("sendMessage", blocked, 1, toAna);
      telegram.refuse(
        "sendMessage",
        blocked,
        3,
        ({ chat_id: chat, text }) =>
          Number(chat) === OWNER_CHAT && text?.includes("Paso: Ayuda") === true,
      );
      await user.sendText("/ayuda", { count: 0 });
      const failures = async () =>
        (await listExecutions(getEnvironment(), "Asistente · Errores")).filter(
          ({ status }) => status === "error",
        );
      await waitUntil(async () => (await failures()).length > 0, "the error flow fails");
      // The owner is notified of a later failure, and of nothing in between.
      telegram.refuse("sendMessage", blocked, 1, toAna);
      await user.sendMessage({ sticker: {} }, { count: 0 });
      await waitForOwnerMessage(getEnvironment(), "Paso: Solo texto");
      expect(await failures()).toHaveLength(1);
      const ownerMessages = telegram.messagesTo(OWNER_CHAT).map(({ text }) => text ?? "");
      expect(
        ownerMessages.filter((text) => /«Asistente · Errores»|Paso: Ayuda/.test(text)),
      ).toEqual([]);
    });

    it("runs the task when Telegram refuses the chat action or the callback answer", async () => {
      const user = newUser();
      const { telegram, model } = getEnvironment();
      await model.script("frambuesa", [{ kind: "ok", text: "Raspberry." }]);
      const toAna = ({ chat_id: chat }: { chat_id?: unknown }) => Number(chat) === user.chatId;
      const bad = (description: string) => ({ status: 400, description });
      telegram.refuse("sendChatAction", bad("Bad Request: chat not found"), 2, toAna);
      expect(await user.sendText("/traducir La frambuesa")).toEqual(["🌍 Traducción\nRaspberry."]);
      expect((await user.sendText("/consultar ¿cuántos textos traduje hoy?"))[0]).toMatch(/\b1\b/);
      await user.sendText("/start");
      telegram.refuse("answerCallbackQuery", bad("Bad Request: query is too old"), 1);
      expect(await user.pressButton("Resumir")).toEqual(["¿Qué texto quieres resumir?"]);
    });

    it.for([
      ["modo:resumir", "¿Qué texto quieres resumir?"],
      ["tarea:resumir", "/resumir"],
      ["exportar:csv", ""],
      ["de-otra-version:1", "/resumir"],
    ] as const)(
      "handles the press of an outdated button with the data %s",
      async ([data, reply]) => {
        const user = newUser();
        // Telegram omits the content of a message that is too old.
        const message = { chat: { id: user.chatId, type: "private" }, message_id: 3, date: 0 };
        await user.sendUpdate({
          callback_query: {
            id: "viejo",
            from: { id: user.chatId, first_name: "Ana" },
            data,
            message,
          },
        });
        if (reply === "") {
          await waitUntil(
            () =>
              getEnvironment().telegram.sent.some(
                ({ method, chat_id: chat }) =>
                  method === "sendDocument" && Number(chat) === user.chatId,
              ),
            "the document arrives",
          );
        } else expect((await user.waitForReplies(1))[0]).toContain(reply);
      },
    );

    it("ignores edited messages, channel posts and callback queries without a message", async () => {
      const user = newUser();
      const edited = {
        chat: { id: user.chatId, type: "private" },
        message_id: 4,
        text: "/resumir",
      };
      await user.sendUpdate({ edited_message: edited });
      await user.sendUpdate({ channel_post: edited });
      await user.sendUpdate({
        callback_query: { id: "sin-mensaje", from: { id: 1 }, data: "modo:x" },
      });
      await user.sendText("/ayuda");
      expect(getEnvironment().telegram.messagesTo(user.chatId)).toHaveLength(1);
    });

    it.for([
      ["a photo", { photo: [{ file_id: "f1", width: 90, height: 90 }] }],
      ["a photo with a caption", { photo: [{ file_id: "f1" }], caption: "mira" }],
      ["a sticker", { sticker: { file_id: "s1", emoji: "😀" } }],
      ["a voice note", { voice: { file_id: "v1", duration: 3 } }],
      ["a location", { location: { latitude: 40, longitude: -3 } }],
      ["an empty text", { text: "   " }],
      [
        "a document of another kind",
        { document: { file_id: "z1", file_name: "fotos.zip", mime_type: "application/zip" } },
      ],
      [
        "a document that is too large",
        { document: { file_id: "p9", mime_type: "application/pdf", file_size: 30_000_000 } },
      ],
    ] as const)("explains what it can read when it receives %s", async ([, fields]) => {
      const [answer] = await newUser().sendMessage(fields);
      expect(answer).toContain("Solo sé leer texto");
    });

    it("runs a command in the caption of a photo", async () => {
      await getEnvironment().model.script("lavanda", [{ kind: "ok", text: "Lavender." }]);
      const user = newUser();
      const photo = { photo: [{ file_id: "f1" }] };
      const done = ["🌍 Traducción\nLavender."];
      expect(await user.sendMessage({ ...photo, caption: "/traducir La lavanda" })).toEqual(done);
      const post = { ...photo, caption: "La lavanda otra vez" };
      expect((await user.sendMessage(post))[0]).toContain(
        "respóndele con una orden, como /resumir",
      );
      expect(await user.sendText("/traducir", { reply_to_message: post })).toEqual(done);
    });

    it("leaves out the title when the user replies to an answer of the bot", async () => {
      await getEnvironment().model.script("jengibre", [{ kind: "ok", text: "El jengibre." }]);
      const user = newUser();
      const own = { from: { is_bot: true }, text: "📝 Resumen\nTrata del jengibre." };
      expect(await user.sendText("/traducir", { reply_to_message: own })).toHaveLength(1);
      const { requests } = await getEnvironment().model.calls("jengibre");
      expect(JSON.stringify(requests[0]?.messages)).not.toContain("📝");
    });

    it("summarises PDF and text documents, or runs the task in the caption", async () => {
      const { telegram, model } = getEnvironment();
      telegram.addFile("doc-1", makePdf("El informe del armadillo habla de ventas."));
      telegram.addFile("doc-2", encode("Año: el ñandú corrió más rápido que la cigüeña áurea."));
      await model.script("armadillo", [{ kind: "ok", text: "Ventas del armadillo." }]);
      await model.script("ñandú", [{ kind: "ok", text: "The rhea ran." }]);
      const user = newUser();
      const pdf = {
        file_id: "doc-1",
        file_name: "informe.pdf",
        mime_type: "application/pdf",
        file_size: 900,
      };
      expect(await user.sendMessage({ document: pdf })).toEqual([
        "📝 Resumen\nVentas del armadillo.",
      ]);
      const note = { file_id: "doc-2", file_name: "nota.txt", mime_type: "text/plain" };
      expect(await user.sendMessage({ document: note, caption: "/traducir" })).toEqual([
        "🌍 Traducción\nThe rhea ran.",
      ]);
      // The accented letters arrived unchanged.
      expect((await user.sendText("/consultar el último registro"))[0]).toContain("The rhea ran.");
    });

    it("reports a document without text, one that it cannot parse and one that it cannot download", async () => {
      const { telegram } = getEnvironment();
      telegram.addFile("vacio", makePdf(""));
      telegram.addFile("roto", encode("esto no es un PDF"));
      telegram.addFile("blanco", encode(" \n "));
      const user = newUser();
      for (const [id, kind] of [
        ["vacio", "application/pdf"],
        ["roto", "application/pdf"],
        ["blanco", "text/plain"],
      ] as const) {
        const [answer] = await user.sendMessage({ document: { file_id: id, mime_type: kind } });
        expect(answer).toContain("No he encontrado texto");
      }
      for (const kind of ["application/pdf", "text/plain"]) {
        const [answer] = await user.sendMessage({
          document: { file_id: "no-esta", mime_type: kind },
        });
        expect(answer).toContain("No he podido bajar ese documento");
      }
    });

    it("passes on the error message of the API for a document that is too long", async () => {
      getEnvironment().telegram.addFile("enorme", encode("demasiado ".repeat(120_000)));
      const document = { file_id: "enorme", mime_type: "text/plain" };
      expect((await newUser().sendMessage({ document }))[0]).toContain("1 MiB");
    });

    it("exports the history as a file", async () => {
      const user = newUser();
      const { telegram, model, apiProxy } = getEnvironment();
      await model.script("nenúfar", [{ kind: "ok", text: "Water lily." }]);
      await user.sendText("/traducir El nenúfar");
      await user.sendText("/exportar", { count: 0 });
      await user.sendText("/exportar jsonl", { count: 0 });
      const documents = await waitUntil(() => {
        const sent = telegram.sent.filter(
          ({ method, chat_id: chat }) => method === "sendDocument" && Number(chat) === user.chatId,
        );
        return sent.length === 2 ? sent : undefined;
      }, "two documents arrive");
      expect(new Set(documents.map(({ document }) => document?.name))).toEqual(
        new Set(["historial.csv", "historial.jsonl"]),
      );
      for (const { document } of documents) expect(document?.text).toContain("El nenúfar");
      apiProxy.fail(mentionsChat("/historial/exportar", user.chatId), "drop", 3);
      expect((await user.sendText("/exportar"))[0]).toContain("No he podido darte el historial");
      // The file is empty, and Telegram refuses empty files.
      expect((await newUser().sendText("/exportar jsonl"))[0]).toContain("está vacío");
    });

    it("subscribes to the weekly report with «/reporte semanal» and unsubscribes with «no»", async () => {
      const user = newUser();
      const { worker } = getEnvironment();
      const subscription = async () => {
        const url = `${worker.address}/api/v1/reportes/suscripcion?chat_id=${user.chatId}`;
        const response = await fetch(url, { headers: { "x-api-key": worker.key } });
        return await response.json();
      };
      expect((await user.sendText("/reporte semanal"))[0]).toMatch(/^Cada lunes a las 8:00/);
      expect(await subscription()).toMatchObject({
        activa: true,
        entrega: { telegram: user.chatId },
      });
      expect((await user.sendText("/reporte semanal no"))[0]).toContain(
        "no recibe el informe semanal",
      );
      expect(await subscription()).toMatchObject({ activa: false, proximo: null });
      // Other words after the command request a report now.
      expect((await user.sendText("/reporte semanalmente qué hice"))[0]).toContain("📊 Informe");
    });

    it("erases a chat only after a confirmation", async () => {
      const user = newUser();
      await getEnvironment().model.script("cangrejo", [{ kind: "ok", text: "Crab." }]);
      await user.sendText("/traducir El cangrejo");
      expect((await user.sendText("/borrar"))[0]).toContain("No se puede deshacer");
      expect(await user.pressButton("No")).toEqual(["De acuerdo, no borro nada."]);
      await user.sendText("/borrar");
      expect((await user.pressButton("Sí, bórralo todo"))[0]).not.toBe("");
      expect((await user.sendText("/consultar cuántas consultas llevo"))[0]).not.toMatch(/\b1\b/);
    });

    it.for(["/estado", "/procesar", "/consultar-inteligente", "/historial", "/suscripcion"])(
      "reports that the service does not respond when %s fails",
      async (path) => {
        const user = newUser();
        getEnvironment().apiProxy.fail(mentionsChat(path, user.chatId), "drop", 3);
        const message = {
          "/estado": "un texto sin orden",
          "/procesar": "/resumir Un texto. Y otro más.",
          "/consultar-inteligente": "/consultar el último",
          "/historial": "/borrar",
          "/suscripcion": "/reporte semanal",
        }[path];
        let [answer] = await user.sendText(message ?? "");
        if (path === "/historial") [answer] = await user.pressButton("Sí, bórralo todo");
        expect(answer).toBe(DOWN);
      },
    );

    it("reports that the service does not respond when a proxy returns an HTML error page", async () => {
      const page = { status: 502, body: "<html><h1>Bad apiProxy</h1></html>" };
      const user = newUser();
      getEnvironment().apiProxy.fail(mentionsChat("/procesar", user.chatId), page, 3);
      expect(await user.sendText("/resumir Un texto. Y otro más.")).toEqual([DOWN]);
    });

    it("reports that the service does not respond when it cannot set a mode", async () => {
      const user = newUser();
      getEnvironment().apiProxy.fail(mentionsChat("/estado", user.chatId), "drop", 3);
      expect(await user.sendText("/resumir")).toEqual([DOWN]);
    });

    it("retries a request that the network lost, without a second paid model call", async () => {
      const user = newUser();
      const { apiProxy, model } = getEnvironment();
      await model.script("pizarra", [{ kind: "ok", text: "Blackboard." }]);
      apiProxy.fail(mentionsChat("/procesar", user.chatId), "drop", 1);
      expect(await user.sendText("/traducir La pizarra")).toEqual(["🌍 Traducción\nBlackboard."]);
      expect((await model.calls("pizarra")).calls).toBe(1);
      const [key, retryKey, ...others] = apiProxy.idempotencyKeysOf(user.chatId);
      expect(key).toContain(String(user.chatId));
      expect(retryKey).toBe(key);
      expect(others).toEqual([]);
    });

    it.for([
      [429, "Hay demasiadas peticiones de este chat. Espera un poco."],
      [503, "El servicio no puede atenderte ahora."],
      [401, "Falta la clave o no vale."],
    ] as const)(
      "passes on the message of a %s response, and does not retry",
      async ([status, mensaje]) => {
        const { apiProxy } = getEnvironment();
        const user = newUser();
        const body = { success: false, codigo: "prueba", mensaje };
        apiProxy.fail(mentionsChat("/estado", user.chatId), { status, body }, 1);
        expect(await user.sendText("un texto cualquiera")).toEqual([mensaje]);
        expect(apiProxy.idempotencyKeysOf(user.chatId)).toHaveLength(1);
      },
    );

    it("handles a repeated update once", async () => {
      const user = newUser();
      const { telegram } = getEnvironment();
      const update = {
        update_id: 77_000,
        message: {
          message_id: 5,
          chat: { id: user.chatId, type: "private" },
          from: { id: 1 },
          text: "/start",
        },
      };
      await telegram.deliver(update);
      await user.waitForReplies(1);
      await telegram.deliver(update);
      await user.sendText("/ayuda");
      expect(telegram.messagesTo(user.chatId)).toHaveLength(2);
    });

    it("refuses a chat that is not allowed and replies with its id, and rejects an update with the wrong secret", async () => {
      const { telegram, apiProxy } = getEnvironment();
      const outsider = createTelegramUser(getEnvironment(), 999);
      expect((await outsider.sendText("/resumir Un texto"))[0]).toContain("999");
      expect(apiProxy.idempotencyKeysOf(999)).toEqual([]);
      expect(await telegram.deliver({ update_id: 1, message: {} }, "otro secreto")).toBe(403);
    });

    it("replies only to commands in a group that is not allowed", async () => {
      const group = createTelegramUser(getEnvironment(), -999);
      await group.sendText("Buenos días a todos", { count: 0 });
      await group.sendMessage({ new_chat_members: [{ id: 5 }] }, { count: 0 });
      expect((await group.sendText("/start"))[0]).toContain("-999");
      expect(getEnvironment().telegram.messagesTo(-999)).toHaveLength(1);
    });

    it("handles only commands and replies to the bot in a group", async () => {
      const group = createTelegramUser(getEnvironment(), GROUP);
      await getEnvironment().model.script("zarzamora", [{ kind: "ok", text: "Blackberry." }]);
      await group.sendText("Estamos hablando de otra cosa", { count: 0 });
      expect(await group.sendText("/traducir@mi_bot La zarzamora")).toEqual([
        "🌍 Traducción\nBlackberry.",
      ]);
      const reply = { reply_to_message: { from: { is_bot: true }, text: "¿Qué texto quieres?" } };
      const [answer] = await group.sendText("Esto es para el bot", { ...reply, shown: "" });
      expect(answer).toContain("¿Qué hago con este texto?");
      expect((await group.sendText("/resumir"))[0]).toBe(
        "¿Qué texto quieres resumir?\n\n(En este grupo, responde a este mensaje.)",
      );
      await group.sendText("/limpiar@mi_bot");

      getEnvironment().telegram.addFile("acta", encode("El acta de la zarzamora."));
      const minutes = { document: { file_id: "acta", mime_type: "text/plain" } };
      await group.sendMessage(minutes, { count: 0 });
      await group.sendText("/orden_de_otro_bot", { count: 0 });
      expect(await group.sendText("/traducir", { reply_to_message: minutes })).toEqual([
        "🌍 Traducción\nBlackberry.",
      ]);
      expect(getEnvironment().telegram.messagesTo(GROUP)).toHaveLength(5);
    });
  });

  describe("docs/primer-minuto.md", () => {
    it("shows the first conversation with the bot", async () => {
      const { model } = getEnvironment();
      const user = createTelegramUser(getEnvironment(), 799);
      await model.script("mudanza", [
        {
          kind: "ok",
          text: "La mudanza se aplaza a junio por las obras y Marta coordina el nuevo horario.",
        },
      ]);
      await model.script("Capítulo 1.", [
        {
          kind: "ok",
          text: "El manual explica, capítulo a capítulo, cómo se instala, se ajusta y se cuida la máquina.",
        },
      ]);
      await user.sendText("/start");
      await user.pressButton("Resumir");
      await user.sendText(
        "La reunión trató tres asuntos. El presupuesto sube un 4 %. La mudanza se aplaza a junio por las obras. Marta coordinará el nuevo horario.",
      );
      await user.sendText("/consultar ¿cuántos resúmenes hice hoy?");
      await user.sendText("asdf qwer");
      const manual = Array.from(
        { length: 200 },
        (_, index) =>
          `Capítulo ${index + 1}. La máquina se cuida con paño seco, sin prisas y sin agua, como se dice aquí.`,
      ).join(" ");
      const text = manual.padEnd(20_000, " Fin.").slice(0, 20_000);
      // Too long for one message, so the user sends a file.
      getEnvironment().telegram.addFile("manual", encode(text));
      await user.sendMessage(
        {
          document: { file_id: "manual", file_name: "manual.txt", mime_type: "text/plain" },
          caption: "/resumir",
        },
        { shown: `📎 manual.txt (un texto de ${text.length} caracteres)\n/resumir` },
      );
      await user.sendMessage({ photo: [{ file_id: "f1" }] }, { shown: "(una foto)" });
      await expect(transcript(user.lines)).toMatchFileSnapshot("../../docs/primer-minuto.md");
    });
  });
}

function transcript(lines: { sender: "persona" | "bot"; text: string }[]): string {
  const turns = lines.map(({ sender, text }) => {
    const quoted = text.split("\n").map((line) => `> ${line}`.trimEnd());
    return `${sender === "bot" ? "🤖 **Asistente**" : "🧑 **Ana**"}\n\n${quoted.join("  \n")}`;
  });
  return `# El primer minuto en Telegram

Así es la primera conversación con el bot. La escribe \`npm run test:n8n\` con un n8n y un asistente de verdad; Telegram y
el modelo son de prueba, así que lo que dice el modelo lo pone la prueba.

${turns.join("\n\n")}
`;
}
