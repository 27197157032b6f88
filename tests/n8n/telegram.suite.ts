import { describe, expect, it } from "vitest";
import { makePdf } from "./pdf.ts";
import { createPerson } from "./person.ts";
import { executionsOf } from "./driven.ts";
import { ofChat } from "./gateway.ts";
import { GROUP, OWNER_CHAT, type Stage, toldTheOwner, until } from "./stage.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const DOWN = "El asistente no responde ahora mismo. Inténtalo dentro de un minuto.";
let nextChat = 700;

export function telegramSuite(stage: () => Stage): void {
  /** Somebody nobody has spoken with. */
  const stranger = () => createPerson(stage(), (nextChat += 1));

  describe("telegram-asistente", () => {
    it.for(["/start", "/ayuda", "/ayuda@mi_bot", "/noexiste", "/"])(
      "answers %s with the menu",
      async (text) => {
        const ana = stranger();
        const [menu] = await ana.says(text);
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
      "a press on «%s» sets the mode, and the button is let go",
      async ([label, asked]) => {
        const ana = stranger();
        await ana.says("/start");
        const [answer] = await ana.presses(label);
        expect(answer?.toLowerCase()).toContain(asked.toLowerCase().slice(0, 12));
        expect(
          stage().telegram.sent.filter(({ method }) => method === "answerCallbackQuery"),
        ).not.toEqual([]);
      },
    );

    it("does the task of the mode with the next text, once", async () => {
      const ana = stranger();
      await stage().model.script("tragaluz", [{ kind: "ok", text: "The skylight is open." }]);
      await ana.says("/traducir");
      expect(await ana.says("El tragaluz está abierto.")).toEqual([
        "🌍 Traducción\nThe skylight is open.",
      ]);
      expect((await ana.says("El tragaluz está cerrado."))[0]).toContain(
        "¿Qué hago con este texto?",
      );
      expect(
        stage().telegram.sent.some(
          ({ method, action, chat_id: chat }) =>
            method === "sendChatAction" && action === "typing" && Number(chat) === ana.chatId,
        ),
      ).toBe(true);
    });

    it("does at once what stands behind a command, or in the message that it answers", async () => {
      const ana = stranger();
      await stage().model.script("berenjena", [{ kind: "ok", text: "Aubergine." }]);
      expect(await ana.says("/traducir La berenjena")).toEqual(["🌍 Traducción\nAubergine."]);
      expect(
        await ana.says("/traducir", {
          reply_to_message: { text: "La berenjena otra vez" },
          shown: "/traducir",
        }),
      ).toEqual(["🌍 Traducción\nAubergine."]);
    });

    it("asks what to do with a text, and does it on the press", async () => {
      const ana = stranger();
      const text = "El servidor lleva caído desde las nueve y es muy urgente.";
      expect((await ana.says(text))[0]).toContain("[🏷 Clasificar] [🔎 Extraer]");
      expect(ana.last().reply_to_message_id).toBeGreaterThan(0);
      expect((await ana.presses("Clasificar", { onText: text }))[0]).toContain("🏷 Clasificación");
      // The question's own text is gone: the menu again, rather than nothing.
      await ana.says(text);
      expect((await ana.presses("Clasificar"))[0]).toContain("/resumir");
    });

    it("answers questions about the history: by command, in its mode, by press", async () => {
      const ana = stranger();
      await stage().model.script("girasol", [{ kind: "ok", text: "The sunflower." }]);
      await ana.says("/traducir El girasol");
      expect((await ana.says("/consultar ¿cuántos textos traduje hoy?"))[0]).toMatch(/\b1\b/);
      await ana.says("/consultar");
      const [list] = await ana.says("mis últimas 3 traducciones");
      expect(list).toMatch(
        /• \d\d\/\d\d\/\d{4} \d\d:\d\d · traducir\n {2}El girasol\n {2}→ The sunflower\./,
      );
      await ana.says("/limpiar");
      const question = "el último registro";
      await ana.says(question);
      expect((await ana.presses("Es una pregunta", { onText: question }))[0]).toContain(
        "The sunflower.",
      );
    });

    it("reports on the last seven days, by command and by button", async () => {
      const ana = stranger();
      expect((await ana.says("/reporte"))[0]).toContain("📊 Informe");
      await ana.says("/start");
      expect((await ana.presses("Informe"))[0]).toContain("📊 Informe");
    });

    it("cuts what is long into messages that fit, and loses nothing of it", async () => {
      const ana = stranger();
      const paragraph = `Hay <b>signos</b> & *marcas* _sueltas_ [así] (x) ${"y palabras ".repeat(60)}😀.`;
      const long = Array.from({ length: 14 }, (_, index) => `${index}. ${paragraph}`).join("\n\n");
      await stage().model.script("mandarina", [{ kind: "ok", text: long }]);
      const parts = await ana.says("/generar Algo largo sobre la mandarina", { count: 3 });
      expect(parts.every((part) => part.length <= 4096)).toBe(true);
      const squeeze = (text: string): string => text.replace(/\s+/g, "");
      expect(squeeze(parts.join(""))).toBe(squeeze(`✍️ Texto${long}`));
    });

    it("sends the parts in order, though Telegram refuses one at first, and cuts no emoji", async () => {
      const ana = stranger();
      const { telegram, model } = stage();
      // Each is one letter for a person, and eleven for a computer; and there is no blank to cut at.
      const families = "👨‍👩‍👧‍👦".repeat(900);
      await model.script("calabaza", [{ kind: "ok", text: families }]);
      const isSecond = ({ chat_id: chat, text }: { chat_id?: unknown; text?: string }) =>
        Number(chat) === ana.chatId && !text?.includes("Texto");
      telegram.refuse(
        "sendMessage",
        { status: 429, description: "Too Many Requests" },
        1,
        isSecond,
      );
      const parts = await ana.says("/generar Algo sobre la calabaza", { count: 3 });
      expect(parts[0]).toMatch(/^✍️ Texto\n👨/u);
      expect(parts.every((part) => /(?:👨‍👩‍👧‍👦)+$/u.test(part) && part.length <= 4096)).toBe(true);
      expect(parts.join("")).toBe(`✍️ Texto\n${families}`);
    });

    it("says that a text as long as a message may be only a piece of one", async () => {
      const ana = stranger();
      const piece = "Un manual muy largo. ".repeat(190);
      await stage().model.script("manual muy largo", [{ kind: "ok", text: "De un manual." }]);
      expect((await ana.says(piece))[0]).toMatch(/Telegram parte los textos largos/);
      const [answer] = await ana.presses("Resumir", { onText: piece });
      expect(answer).toMatch(
        /^📝 Resumen\nDe un manual\.\n\nℹ️ Telegram parte .* archivo \.txt\.$/u,
      );
    });

    it("sends without format what Telegram would not take with it", async () => {
      const ana = stranger();
      const { telegram, model } = stage();
      await model.script("alcachofa", [{ kind: "ok", text: "Artichoke." }]);
      telegram.refuse(
        "sendMessage",
        { status: 400, description: "Bad Request: can't parse entities" },
        1,
        ({ chat_id: chat }) => Number(chat) === ana.chatId,
      );
      expect(await ana.says("/traducir La alcachofa")).toEqual(["Artichoke."]);
    });

    it("tells the owner when not even that can be sent", async () => {
      const ana = stranger();
      const { telegram, worker } = stage();
      const toAna = ({ chat_id: chat }: { chat_id?: unknown }) => Number(chat) === ana.chatId;
      const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
      telegram.refuse("sendMessage", blocked, 4, toAna);
      await ana.says("/limpiar", { count: 0 });
      const told = await toldTheOwner(stage(), "Responder sin formato");
      expect(told).toContain("Ha fallado «Asistente · Telegram»");
      expect(told).not.toContain(worker.key);
    });

    it("does not go round in circles when not even the owner can be told", async () => {
      const ana = stranger();
      const { telegram } = stage();
      const blocked = { status: 403, description: "Forbidden: bot was blocked by the user" };
      const toAna = ({ chat_id: chat }: { chat_id?: unknown }) => Number(chat) === ana.chatId;
      telegram.refuse("sendMessage", blocked, 1, toAna);
      telegram.refuse(
        "sendMessage",
        blocked,
        3,
        ({ chat_id: chat, text }) =>
          Number(chat) === OWNER_CHAT && text?.includes("Paso: Ayuda") === true,
      );
      await ana.says("/ayuda", { count: 0 });
      const failures = async () =>
        (await executionsOf(stage(), "Asistente · Errores")).filter(
          ({ status }) => status === "error",
        );
      await until(async () => (await failures()).length > 0, "the flow of errors fails");
      // Something that fails later is told, and nothing in between.
      telegram.refuse("sendMessage", blocked, 1, toAna);
      await ana.sends({ sticker: {} }, { count: 0 });
      await toldTheOwner(stage(), "Paso: Solo texto");
      expect(await failures()).toHaveLength(1);
      const told = telegram.messagesTo(OWNER_CHAT).map(({ text }) => text ?? "");
      expect(told.filter((text) => /«Asistente · Errores»|Paso: Ayuda/.test(text))).toEqual([]);
    });

    it("does its work though Telegram takes neither «escribiendo…» nor the button's release", async () => {
      const ana = stranger();
      const { telegram, model } = stage();
      await model.script("frambuesa", [{ kind: "ok", text: "Raspberry." }]);
      const toAna = ({ chat_id: chat }: { chat_id?: unknown }) => Number(chat) === ana.chatId;
      const bad = (description: string) => ({ status: 400, description });
      telegram.refuse("sendChatAction", bad("Bad Request: chat not found"), 2, toAna);
      expect(await ana.says("/traducir La frambuesa")).toEqual(["🌍 Traducción\nRaspberry."]);
      expect((await ana.says("/consultar ¿cuántos textos traduje hoy?"))[0]).toMatch(/\b1\b/);
      await ana.says("/start");
      telegram.refuse("answerCallbackQuery", bad("Bad Request: query is too old"), 1);
      expect(await ana.presses("Resumir")).toEqual(["¿Qué texto quieres resumir?"]);
    });

    it.for([
      ["modo:resumir", "¿Qué texto quieres resumir?"],
      ["tarea:resumir", "/resumir"],
      ["exportar:csv", ""],
      ["de-otra-version:1", "/resumir"],
    ] as const)("knows what to do with an old button, %s", async ([data, told]) => {
      const ana = stranger();
      // Telegram tells nothing of a message that is too old.
      const message = { chat: { id: ana.chatId, type: "private" }, message_id: 3, date: 0 };
      await ana.updates({
        callback_query: { id: "viejo", from: { id: ana.chatId, first_name: "Ana" }, data, message },
      });
      if (told === "") {
        await until(
          () =>
            stage().telegram.sent.some(
              ({ method, chat_id: chat }) =>
                method === "sendDocument" && Number(chat) === ana.chatId,
            ),
          "a document",
        );
      } else expect((await ana.replies(1))[0]).toContain(told);
    });

    it("lets an edited message be, and what is no message", async () => {
      const ana = stranger();
      const edited = { chat: { id: ana.chatId, type: "private" }, message_id: 4, text: "/resumir" };
      await ana.updates({ edited_message: edited });
      await ana.updates({ channel_post: edited });
      await ana.updates({ callback_query: { id: "sin-mensaje", from: { id: 1 }, data: "modo:x" } });
      await ana.says("/ayuda");
      expect(stage().telegram.messagesTo(ana.chatId)).toHaveLength(1);
    });

    it.for([
      ["a photo", { photo: [{ file_id: "f1", width: 90, height: 90 }] }],
      ["a photo with a caption", { photo: [{ file_id: "f1" }], caption: "mira" }],
      ["a sticker", { sticker: { file_id: "s1", emoji: "😀" } }],
      ["a voice note", { voice: { file_id: "v1", duration: 3 } }],
      ["a place", { location: { latitude: 40, longitude: -3 } }],
      ["an empty text", { text: "   " }],
      [
        "a document of another kind",
        { document: { file_id: "z1", file_name: "fotos.zip", mime_type: "application/zip" } },
      ],
      [
        "a document that is too large",
        { document: { file_id: "p9", mime_type: "application/pdf", file_size: 30_000_000 } },
      ],
    ] as const)("says what it can read when it is sent %s", async ([, fields]) => {
      const [answer] = await stranger().sends(fields);
      expect(answer).toContain("Solo sé leer texto");
    });

    it("does a command in a photo's caption", async () => {
      await stage().model.script("lavanda", [{ kind: "ok", text: "Lavender." }]);
      const ana = stranger();
      const photo = { photo: [{ file_id: "f1" }] };
      const done = ["🌍 Traducción\nLavender."];
      expect(await ana.sends({ ...photo, caption: "/traducir La lavanda" })).toEqual(done);
      const post = { ...photo, caption: "La lavanda otra vez" };
      expect((await ana.sends(post))[0]).toContain("respóndele con una orden, como /resumir");
      expect(await ana.says("/traducir", { reply_to_message: post })).toEqual(done);
    });

    it("goes on with an answer of its own, without the title", async () => {
      await stage().model.script("jengibre", [{ kind: "ok", text: "El jengibre." }]);
      const ana = stranger();
      const own = { from: { is_bot: true }, text: "📝 Resumen\nTrata del jengibre." };
      expect(await ana.says("/traducir", { reply_to_message: own })).toHaveLength(1);
      const { requests } = await stage().model.calls("jengibre");
      expect(JSON.stringify(requests[0]?.messages)).not.toContain("📝");
    });

    it("reads documents, PDF and text, and summarises them or does what the caption says", async () => {
      const { telegram, model } = stage();
      telegram.addFile("doc-1", makePdf("El informe del armadillo habla de ventas."));
      telegram.addFile("doc-2", bytes("Año: el ñandú corrió más rápido que la cigüeña áurea."));
      await model.script("armadillo", [{ kind: "ok", text: "Ventas del armadillo." }]);
      await model.script("ñandú", [{ kind: "ok", text: "The rhea ran." }]);
      const ana = stranger();
      const pdf = {
        file_id: "doc-1",
        file_name: "informe.pdf",
        mime_type: "application/pdf",
        file_size: 900,
      };
      expect(await ana.sends({ document: pdf })).toEqual(["📝 Resumen\nVentas del armadillo."]);
      const note = { file_id: "doc-2", file_name: "nota.txt", mime_type: "text/plain" };
      expect(await ana.sends({ document: note, caption: "/traducir" })).toEqual([
        "🌍 Traducción\nThe rhea ran.",
      ]);
      // Letters with accents arrived as they are.
      expect((await ana.says("/consultar el último registro"))[0]).toContain("The rhea ran.");
    });

    it("says so when a document has no text, cannot be read or cannot be fetched", async () => {
      const { telegram } = stage();
      telegram.addFile("vacio", makePdf(""));
      telegram.addFile("roto", bytes("esto no es un PDF"));
      telegram.addFile("blanco", bytes(" \n "));
      const ana = stranger();
      for (const [id, kind] of [
        ["vacio", "application/pdf"],
        ["roto", "application/pdf"],
        ["blanco", "text/plain"],
      ] as const) {
        const [answer] = await ana.sends({ document: { file_id: id, mime_type: kind } });
        expect(answer).toContain("No he encontrado texto");
      }
      for (const kind of ["application/pdf", "text/plain"]) {
        const [answer] = await ana.sends({ document: { file_id: "no-esta", mime_type: kind } });
        expect(answer).toContain("No he podido bajar ese documento");
      }
    });

    it("says that a document is too long, in the assistant's words", async () => {
      stage().telegram.addFile("enorme", bytes("demasiado ".repeat(120_000)));
      const document = { file_id: "enorme", mime_type: "text/plain" };
      expect((await stranger().sends({ document }))[0]).toContain("1 MiB");
    });

    it("exports the history as a file", async () => {
      const ana = stranger();
      const { telegram, model, gateway } = stage();
      await model.script("nenúfar", [{ kind: "ok", text: "Water lily." }]);
      await ana.says("/traducir El nenúfar");
      await ana.says("/exportar", { count: 0 });
      await ana.says("/exportar jsonl", { count: 0 });
      const documents = await until(() => {
        const sent = telegram.sent.filter(
          ({ method, chat_id: chat }) => method === "sendDocument" && Number(chat) === ana.chatId,
        );
        return sent.length === 2 ? sent : undefined;
      }, "two documents");
      expect(new Set(documents.map(({ document }) => document?.name))).toEqual(
        new Set(["historial.csv", "historial.jsonl"]),
      );
      for (const { document } of documents) expect(document?.text).toContain("El nenúfar");
      gateway.fail(ofChat("/historial/exportar", ana.chatId), "drop", 3);
      expect((await ana.says("/exportar"))[0]).toContain("No he podido darte el historial");
      // An empty file, which Telegram does not take.
      expect((await stranger().says("/exportar jsonl"))[0]).toContain("está vacío");
    });

    it("subscribes to the weekly report by «/reporte semanal», and «no» ends it", async () => {
      const ana = stranger();
      const { worker } = stage();
      const subscription = async () => {
        const url = `${worker.address}/api/v1/reportes/suscripcion?chat_id=${ana.chatId}`;
        const response = await fetch(url, { headers: { "x-api-key": worker.key } });
        return await response.json();
      };
      expect((await ana.says("/reporte semanal"))[0]).toMatch(/^Cada lunes a las 8:00/);
      expect(await subscription()).toMatchObject({
        activa: true,
        entrega: { telegram: ana.chatId },
      });
      expect((await ana.says("/reporte semanal no"))[0]).toContain("no recibe el informe semanal");
      expect(await subscription()).toMatchObject({ activa: false, proximo: null });
      // With other words it is a report, now.
      expect((await ana.says("/reporte semanalmente qué hice"))[0]).toContain("📊 Informe");
    });

    it("erases a chat only when it is told twice", async () => {
      const ana = stranger();
      await stage().model.script("cangrejo", [{ kind: "ok", text: "Crab." }]);
      await ana.says("/traducir El cangrejo");
      expect((await ana.says("/borrar"))[0]).toContain("No se puede deshacer");
      expect(await ana.presses("No")).toEqual(["De acuerdo, no borro nada."]);
      await ana.says("/borrar");
      expect((await ana.presses("Sí, bórralo todo"))[0]).not.toBe("");
      expect((await ana.says("/consultar cuántas consultas llevo"))[0]).not.toMatch(/\b1\b/);
    });

    it.for(["/estado", "/procesar", "/consultar-inteligente", "/historial", "/suscripcion"])(
      "says so when the assistant does not answer at %s",
      async (path) => {
        const ana = stranger();
        stage().gateway.fail(ofChat(path, ana.chatId), "drop", 3);
        const asked = {
          "/estado": "un texto sin orden",
          "/procesar": "/resumir Un texto. Y otro más.",
          "/consultar-inteligente": "/consultar el último",
          "/historial": "/borrar",
          "/suscripcion": "/reporte semanal",
        }[path];
        let [answer] = await ana.says(asked ?? "");
        if (path === "/historial") [answer] = await ana.presses("Sí, bórralo todo");
        expect(answer).toBe(DOWN);
      },
    );

    it("says so when something in between answers with a page of its own", async () => {
      const page = { status: 502, body: "<html><h1>Bad gateway</h1></html>" };
      const ana = stranger();
      stage().gateway.fail(ofChat("/procesar", ana.chatId), page, 3);
      expect(await ana.says("/resumir Un texto. Y otro más.")).toEqual([DOWN]);
    });

    it("says so when the assistant is not there to set a mode", async () => {
      const ana = stranger();
      stage().gateway.fail(ofChat("/estado", ana.chatId), "drop", 3);
      expect(await ana.says("/resumir")).toEqual([DOWN]);
    });

    it("tries again what the network lost, and does not pay twice", async () => {
      const ana = stranger();
      const { gateway, model } = stage();
      await model.script("pizarra", [{ kind: "ok", text: "Blackboard." }]);
      gateway.fail(ofChat("/procesar", ana.chatId), "drop", 1);
      expect(await ana.says("/traducir La pizarra")).toEqual(["🌍 Traducción\nBlackboard."]);
      expect((await model.calls("pizarra")).calls).toBe(1);
      const [key, again, ...more] = gateway.keysOf(ana.chatId);
      expect(key).toContain(String(ana.chatId));
      expect(again).toBe(key);
      expect(more).toEqual([]);
    });

    it.for([
      [429, "Hay demasiadas peticiones de este chat. Espera un poco."],
      [503, "El servicio no puede atenderte ahora."],
      [401, "Falta la clave o no vale."],
    ] as const)(
      "passes on what the assistant says with a %s, once and in its words",
      async ([status, mensaje]) => {
        const { gateway } = stage();
        const ana = stranger();
        const body = { success: false, codigo: "prueba", mensaje };
        gateway.fail(ofChat("/estado", ana.chatId), { status, body }, 1);
        expect(await ana.says("un texto cualquiera")).toEqual([mensaje]);
        expect(gateway.keysOf(ana.chatId)).toHaveLength(1);
      },
    );

    it("does a repeated update once", async () => {
      const ana = stranger();
      const { telegram } = stage();
      const update = {
        update_id: 77_000,
        message: {
          message_id: 5,
          chat: { id: ana.chatId, type: "private" },
          from: { id: 1 },
          text: "/start",
        },
      };
      await telegram.deliver(update);
      await ana.replies(1);
      await telegram.deliver(update);
      await ana.says("/ayuda");
      expect(telegram.messagesTo(ana.chatId)).toHaveLength(2);
    });

    it("turns away who may not use it, and tells the chat's number for its owner to add", async () => {
      const { telegram, gateway } = stage();
      const outsider = createPerson(stage(), 999);
      expect((await outsider.says("/resumir Un texto"))[0]).toContain("999");
      expect(gateway.keysOf(999)).toEqual([]);
      expect(await telegram.deliver({ update_id: 1, message: {} }, "otro secreto")).toBe(403);
    });

    it("does not tell every message of a strange group that it is private", async () => {
      const group = createPerson(stage(), -999);
      await group.says("Buenos días a todos", { count: 0 });
      await group.sends({ new_chat_members: [{ id: 5 }] }, { count: 0 });
      expect((await group.says("/start"))[0]).toContain("-999");
      expect(stage().telegram.messagesTo(-999)).toHaveLength(1);
    });

    it("in a group, listens to commands and to replies to the bot, and to nothing else", async () => {
      const group = createPerson(stage(), GROUP);
      await stage().model.script("zarzamora", [{ kind: "ok", text: "Blackberry." }]);
      await group.says("Estamos hablando de otra cosa", { count: 0 });
      expect(await group.says("/traducir@mi_bot La zarzamora")).toEqual([
        "🌍 Traducción\nBlackberry.",
      ]);
      const reply = { reply_to_message: { from: { is_bot: true }, text: "¿Qué texto quieres?" } };
      const [asked] = await group.says("Esto es para el bot", { ...reply, shown: "" });
      expect(asked).toContain("¿Qué hago con este texto?");
      expect((await group.says("/resumir"))[0]).toBe(
        "¿Qué texto quieres resumir?\n\n(En este grupo, responde a este mensaje.)",
      );
      await group.says("/limpiar@mi_bot");

      stage().telegram.addFile("acta", bytes("El acta de la zarzamora."));
      const minutes = { document: { file_id: "acta", mime_type: "text/plain" } };
      await group.sends(minutes, { count: 0 });
      await group.says("/orden_de_otro_bot", { count: 0 });
      expect(await group.says("/traducir", { reply_to_message: minutes })).toEqual([
        "🌍 Traducción\nBlackberry.",
      ]);
      expect(stage().telegram.messagesTo(GROUP)).toHaveLength(5);
    });
  });

  describe("a person's first minute", () => {
    it("reads well", async () => {
      const { model } = stage();
      const ana = createPerson(stage(), 799);
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
      await ana.says("/start");
      await ana.presses("Resumir");
      await ana.says(
        "La reunión trató tres asuntos. El presupuesto sube un 4 %. La mudanza se aplaza a junio por las obras. Marta coordinará el nuevo horario.",
      );
      await ana.says("/consultar ¿cuántos resúmenes hice hoy?");
      await ana.says("asdf qwer");
      const manual = Array.from(
        { length: 200 },
        (_, index) =>
          `Capítulo ${index + 1}. La máquina se cuida con paño seco, sin prisas y sin agua, como se dice aquí.`,
      ).join(" ");
      const text = manual.padEnd(20_000, " Fin.").slice(0, 20_000);
      // No app sends it as one message.
      stage().telegram.addFile("manual", bytes(text));
      await ana.sends(
        {
          document: { file_id: "manual", file_name: "manual.txt", mime_type: "text/plain" },
          caption: "/resumir",
        },
        { shown: `📎 manual.txt (un texto de ${text.length} caracteres)\n/resumir` },
      );
      await ana.sends({ photo: [{ file_id: "f1" }] }, { shown: "(una foto)" });
      await expect(transcript(ana.lines)).toMatchFileSnapshot("../../docs/primer-minuto.md");
    });
  });
}

function transcript(lines: { who: "persona" | "bot"; text: string }[]): string {
  const told = lines.map(({ who, text }) => {
    const quoted = text.split("\n").map((line) => `> ${line}`.trimEnd());
    return `${who === "bot" ? "🤖 **Asistente**" : "🧑 **Ana**"}\n\n${quoted.join("  \n")}`;
  });
  return `# El primer minuto en Telegram

Así es la primera conversación con el bot. La escribe \`npm run test:n8n\` con un n8n y un asistente de verdad; Telegram y
el modelo son de prueba, así que lo que dice el modelo lo pone la prueba.

${told.join("\n\n")}
`;
}
