import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { describe, expect, inject, it, vi } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { sendMail } from "../../src/notify/mail.ts";
import { postJson, type Delivery } from "../../src/notify/post-json.ts";
import { sendTelegram } from "../../src/notify/telegram.ts";
import { findPermittedWebhook, sendWebhook } from "../../src/notify/webhook.ts";
import { newChatId, newToken } from "../support/client.ts";
import { controlFakeReceiver, type Answer } from "../support/fake-receiver-control.ts";
import { controlFakeTelegram } from "../support/fake-telegram-control.ts";

const config = parseConfig({ ...env });
const receiverUrl = inject("receiverUrl");
const status = (code: number, headers: Record<string, string> = {}): Answer => ({
  kind: "status",
  status: code,
  headers,
});

describe("sendTelegram", () => {
  const newChat = () => {
    const chatId = newChatId();
    return { chatId, telegram: controlFakeTelegram(inject("telegramUrl"), chatId) };
  };

  it("sends HTML, and a long text in several messages", async () => {
    const { chatId, telegram } = newChat();
    const html = `<b>Título</b>\n${"Una línea de texto &amp; más.\n".repeat(400)}`;
    expect(await sendTelegram(config, { chatId, html })).toEqual({ ok: true });
    const sent = await telegram.messages();
    expect(sent).toHaveLength(3);
    expect(sent.every(({ parse_mode: mode }) => mode === "HTML")).toBe(true);
  });

  it("sends a message without format when Telegram refuses its HTML", async () => {
    const { chatId, telegram } = newChat();
    expect(await sendTelegram(config, { chatId, html: "<h1>Uno &amp; dos</h1>" })).toEqual({
      ok: true,
    });
    const [only, ...others] = await telegram.messages();
    expect(others).toEqual([]);
    expect(only).toMatchObject({ text: "Uno & dos" });
    expect(only).not.toHaveProperty("parse_mode");
  });

  it.for<
    [
      name: string,
      reply: Parameters<ReturnType<typeof controlFakeTelegram>["refuse"]>[0],
      expected: Delivery,
    ]
  >([
    [
      "a rate limit",
      {
        status: 429,
        description: "Too Many Requests: retry after 7",
        parameters: { retry_after: 7 },
      },
      {
        ok: false,
        retry: true,
        retryAfterSeconds: 7,
        reason: "Telegram respondió 429: Too Many Requests: retry after 7.",
      },
    ],
    [
      "a rate limit with a pause beyond a day",
      { status: 429, description: "Too Many Requests", parameters: { retry_after: 9e15 } },
      {
        ok: false,
        retry: true,
        retryAfterSeconds: 86_400,
        reason: "Telegram respondió 429: Too Many Requests.",
      },
    ],
    [
      "a user who blocked the bot",
      { status: 403, description: "Forbidden: bot was blocked by the user" },
      {
        ok: false,
        retry: false,
        reason: "Telegram respondió 403: Forbidden: bot was blocked by the user.",
      },
    ],
    [
      "an unknown chat",
      { status: 400, description: "Bad Request: chat not found" },
      { ok: false, retry: false, reason: "Telegram respondió 400: Bad Request: chat not found." },
    ],
    [
      "a group with a new id",
      {
        status: 400,
        description: "Bad Request: group chat was upgraded",
        parameters: { migrate_to_chat_id: -100_123 },
      },
      {
        ok: false,
        retry: false,
        reason: "Telegram respondió 400: el grupo tiene ahora el identificador -100123.",
      },
    ],
    [
      "a server error",
      { status: 502, description: "Bad Gateway" },
      { ok: false, retry: true, reason: "Telegram respondió 502: Bad Gateway." },
    ],
  ])("returns the reason and whether to retry after %s", async ([, reply, expected]) => {
    const { chatId, telegram } = newChat();
    await telegram.refuse(reply);
    expect(await sendTelegram(config, { chatId, html: "<b>Hola</b>" })).toEqual(expected);
    expect(await telegram.messages()).toEqual([]);
  });

  it("never shows the token in a reason or a log line", async () => {
    const lines = vi.spyOn(console, "log");
    const token = config.TELEGRAM_BOT_TOKEN ?? "";
    for (const settings of [
      { ...config, TELEGRAM_BOT_TOKEN: "1:otro" },
      { ...config, TELEGRAM_API_URL: "http://127.0.0.1:1" },
      { ...config, TELEGRAM_API_URL: "http://no hay.ejemplo" },
      { ...config, TELEGRAM_API_URL: `${receiverUrl}/${newToken()}` },
      { ...config, TELEGRAM_BOT_TOKEN: undefined },
    ]) {
      const delivery = await sendTelegram(settings, { chatId: 1, html: "<h1>x</h1>" });
      expect(JSON.stringify([delivery, lines.mock.calls])).not.toContain(token);
      expect(JSON.stringify(delivery)).not.toContain("1:otro");
    }
    const bad = await sendTelegram(
      { ...config, TELEGRAM_BOT_TOKEN: "1:otro" },
      { chatId: 1, html: "x" },
    );
    expect(bad).toEqual({
      ok: false,
      retry: true,
      reason: "Telegram no reconoce TELEGRAM_BOT_TOKEN.",
    });
  });
});

describe("sendWebhook", () => {
  const newHook = () => {
    const word = newToken();
    const url = new URL(`${receiverUrl}/hook/${word}`);
    const call = {
      url,
      event: "informe.semanal",
      id: word,
      payload: { a: "ñ" },
      atMs: 1_700_000_000_123,
    };
    return { call, receiver: controlFakeReceiver(receiverUrl, word) };
  };

  it("signs the body and the time, and sends an id", async () => {
    const { call, receiver } = newHook();
    expect(await sendWebhook(config, call)).toEqual({ ok: true });
    const [got] = await receiver.received();
    expect(JSON.parse(got?.body ?? "")).toEqual({
      evento: "informe.semanal",
      id: call.id,
      datos: { a: "ñ" },
    });
    const expected = createHmac("sha256", config.WEBHOOK_SECRET ?? "")
      .update(`1700000000.${got?.body}`)
      .digest("hex");
    expect(got?.headers).toMatchObject({
      "x-firma": `t=1700000000,v1=${expected}`,
      "x-evento": "informe.semanal",
      "idempotency-key": call.id,
      "content-type": "application/json",
    });
  });

  it.for<[name: string, answer: Answer, expected: Delivery]>([
    [
      "does not follow a redirect",
      status(302, { location: `${receiverUrl}/hook/otro` }),
      {
        ok: false,
        retry: false,
        reason: "El webhook respondió 302: lleva a otra dirección, y no se sigue.",
      },
    ],
    [
      "does not retry a rejection",
      status(422),
      { ok: false, retry: false, reason: "El webhook respondió 422." },
    ],
    [
      "retries a 404, because the flow may be published later",
      status(404),
      { ok: false, retry: true, reason: "El webhook respondió 404." },
    ],
    [
      "retries a server error",
      status(503, { "retry-after": "30" }),
      { ok: false, retry: true, reason: "El webhook respondió 503.", retryAfterSeconds: 30 },
    ],
    [
      "limits the requested pause to a day",
      status(429, { "retry-after": "999999999" }),
      { ok: false, retry: true, reason: "El webhook respondió 429.", retryAfterSeconds: 86_400 },
    ],
    ["does not read an endless response to its end", { kind: "endless" }, { ok: true }],
  ])("%s", async ([, answer, expected]) => {
    const { call, receiver } = newHook();
    await receiver.script([answer]);
    expect(await sendWebhook(config, call)).toEqual(expected);
    expect(await receiver.received()).toHaveLength(1);
  });

  it("retries after a broken connection and after a URL that cannot be reached", async () => {
    const { call, receiver } = newHook();
    await receiver.script([{ kind: "drop" }]);
    expect(await sendWebhook(config, call)).toMatchObject({ ok: false, retry: true });
    const nowhere = await postJson("https://", { body: "{}" });
    expect(nowhere).toEqual({ ok: false, retry: true, reason: "no está accesible" });
  });

  it("sends nothing without a secret to sign with", async () => {
    const { call, receiver } = newHook();
    const delivery = await sendWebhook({ WEBHOOK_SECRET: undefined }, call);
    expect(delivery).toEqual({ ok: false, retry: true, reason: "Falta WEBHOOK_SECRET." });
    expect(await receiver.received()).toEqual([]);
  });

  it("gives up at its timeout", async () => {
    const { call, receiver } = newHook();
    await receiver.script([{ kind: "stall" }]);
    expect(await postJson(call.url.href, { body: "{}", timeoutMs: 200 })).toEqual({
      ok: false,
      retry: true,
      reason: "no respondió en 0.2 s",
    });
  });
});

describe("findPermittedWebhook", () => {
  const { WEBHOOKS_PERMITIDOS } = parseConfig({
    WEBHOOKS_PERMITIDOS:
      "https://n8n.ejemplo.com/webhook, https://otro.ejemplo.com:8443,http://127.0.0.1:5678/",
  });
  const permitted = (url: string) => findPermittedWebhook({ WEBHOOKS_PERMITIDOS }, url)?.href;

  it.for([
    "https://n8n.ejemplo.com/webhook",
    "https://n8n.ejemplo.com/webhook/informes?a=1",
    "https://otro.ejemplo.com:8443/",
    "https://otro.ejemplo.com:8443/cualquiera",
    "http://127.0.0.1:5678/webhook/x",
  ])("permits %s", (url) => expect(permitted(url)).toBe(url));

  it("returns the address that it compared", () => {
    expect(permitted("HTTPS://N8N.EJEMPLO.com:443/webhook/x")).toBe(
      "https://n8n.ejemplo.com/webhook/x",
    );
    // Full-width letters name the same host.
    expect(permitted("https://ｎ8ｎ.ejemplo.com/webhook/x")).toBe(
      "https://n8n.ejemplo.com/webhook/x",
    );
  });

  it.for([
    ["another path", "https://n8n.ejemplo.com/rest/workflows"],
    ["a path with the same beginning", "https://n8n.ejemplo.com/webhook-test/x"],
    ["a parent folder", "https://n8n.ejemplo.com/webhook/../rest"],
    ["an escaped parent folder", "https://n8n.ejemplo.com/webhook/%2e%2e/rest"],
    ["an escaped slash", "https://n8n.ejemplo.com/webhook/..%2frest"],
    ["an escaped backslash", "https://n8n.ejemplo.com/webhook/..%5Crest"],
    ["http instead of https", "http://n8n.ejemplo.com/webhook/x"],
    ["another port", "https://n8n.ejemplo.com:8443/webhook/x"],
    ["a missing port", "https://otro.ejemplo.com/"],
    ["a host name that continues", "https://n8n.ejemplo.com.malo.com/webhook/x"],
    ["a host name with a prefix", "https://malo-n8n.ejemplo.com/webhook/x"],
    ["a subdomain", "https://a.n8n.ejemplo.com/webhook/x"],
    ["a trailing dot", "https://n8n.ejemplo.com./webhook/x"],
    ["the host name as a user", "https://n8n.ejemplo.com@malo.com/webhook/x"],
    ["the host name as a user and a password", "https://n8n.ejemplo.com:443@malo.com/webhook/x"],
    ["a user", "https://u:p@n8n.ejemplo.com/webhook/x"],
    ["a backslash before @", "https://n8n.ejemplo.com\\@malo.com/webhook/x"],
    ["backslashes", "https:\\\\n8n.ejemplo.com\\webhook\\x"],
    ["a fragment", "https://malo.com#https://n8n.ejemplo.com/webhook/x"],
    ["a look-alike letter", "https://n8n.ejеmplo.com/webhook/x"],
    ["a line break", "https://n8n.ejemplo.com/webhook/x\nhost: malo"],
    ["a tab in the host name", "https://n8n.ejem\tplo.com/webhook/x"],
    ["localhost", "http://localhost:5678/webhook/x"],
    ["another loopback address", "http://127.0.0.2:5678/"],
    ["a short loopback address", "http://127.1:80/"],
    ["a loopback address as a number", "http://2130706433/"],
    ["a hexadecimal loopback address", "http://0x7f000001/"],
    ["the unspecified address", "http://0.0.0.0:5678/"],
    ["the IPv6 loopback address", "http://[::1]:5678/"],
    ["an IPv4 loopback address in IPv6", "http://[::ffff:127.0.0.1]:5678/"],
    ["the metadata address", "http://169.254.169.254/latest/meta-data"],
    ["the metadata host", "http://metadata.google.internal/computeMetadata/v1/"],
    ["a private address", "https://10.0.0.5/webhook/x"],
    ["a file URL", "file:///etc/passwd"],
    ["a script URL", "javascript:alert(1)"],
    ["a data URL", "data:text/plain,hola"],
    ["text that is no address", "hola"],
    ["an empty text", ""],
  ] as const)("rejects %s", ([, url]) => expect(permitted(url)).toBeUndefined());

  it("rejects every address when none is permitted", () => {
    expect(
      findPermittedWebhook(parseConfig({}), "https://n8n.ejemplo.com/webhook"),
    ).toBeUndefined();
  });
});

describe("sendMail", () => {
  const newMail = () => {
    const word = newToken();
    const mail = {
      to: `${word}@ejemplo.com`,
      subject: "Tu semana",
      html: "<p>Hola</p>",
      text: "Hola",
      id: word,
    };
    return { mail, receiver: controlFakeReceiver(receiverUrl, word) };
  };

  it("sends one mail as HTML and text, with an id", async () => {
    const { mail, receiver } = newMail();
    expect(await sendMail(config, mail)).toEqual({ ok: true });
    const [got] = await receiver.received();
    expect(got?.path).toBe("/emails");
    expect(got?.headers["idempotency-key"]).toBe(mail.id);
    expect(JSON.parse(got?.body ?? "")).toEqual({
      from: "Asistente <informes@ejemplo.com>",
      to: [mail.to],
      subject: "Tu semana",
      html: "<p>Hola</p>",
      text: "Hola",
    });
  });

  it("lets no subject or address add a header", async () => {
    const { mail, receiver } = newMail();
    expect(await sendMail(config, { ...mail, subject: "Hola\r\nBcc: otro@ejemplo.com\0" })).toEqual(
      { ok: true },
    );
    const [got] = await receiver.received();
    expect(JSON.parse(got?.body ?? "")).toMatchObject({ subject: "Hola Bcc: otro@ejemplo.com " });
    for (const to of [
      "a@b.com\r\nBcc: c@d.com",
      "a@b.com, c@d.com",
      "Ana <a@b.com>",
      "a",
      "a@b@c.com",
      "",
    ]) {
      expect(await sendMail(config, { ...mail, to })).toMatchObject({ ok: false, retry: false });
    }
    expect(await receiver.received()).toHaveLength(1);
  });

  it.for<[code: number, retry: boolean]>([
    [401, true],
    [409, true],
    [422, false],
    [429, true],
    [500, true],
  ])("says after status %i whether a retry may succeed", async ([code, retry]) => {
    const { mail, receiver } = newMail();
    await receiver.script([status(code)]);
    const reason = `El servicio de correo respondió ${code}.`;
    expect(await sendMail(config, mail)).toEqual({ ok: false, retry, reason });
  });

  it("names the missing settings", async () => {
    expect(await sendMail({ ...config, CORREO_API_KEY: undefined }, newMail().mail)).toMatchObject({
      ok: false,
      reason: "Faltan CORREO_API_KEY o CORREO_REMITENTE.",
    });
  });
});
