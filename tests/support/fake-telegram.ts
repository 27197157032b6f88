import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { BOT_TOKEN } from "./secrets.ts";

const MAX_MESSAGE_CHARS = 4096;

export type Sent = {
  method: string;
  chat_id?: number | string;
  text?: string;
  parse_mode?: string;
  reply_markup?: { inline_keyboard?: { text: string; callback_data: string }[][] };
  reply_to_message_id?: number;
  action?: string;
  callback_query_id?: string;
  /** Of a document: its name and contents. */
  document?: { name: string; text: string; caption: string };
};

/** `parameters` as Telegram's, such as `{ retry_after: 5 }`. */
export type Reply = { status: number; description: string; parameters?: object };
type Refusal = {
  method: string;
  reply: Reply;
  times: number;
  /** Which of them: suites run side by side. */
  of: (sent: Sent) => boolean;
};

/**
 * A Bot API on loopback: registers the webhook, checks what is sent as Telegram does (length, HTML, known chats' shape)
 * and keeps it. It can be told to refuse, also over HTTP (fake-telegram-control.ts), by tests in another process.
 */
export async function startFakeTelegram() {
  const sent: Sent[] = [];
  const files = new Map<string, Uint8Array>();
  const refusals: Refusal[] = [];
  let webhook: { url: string; secret: string } | undefined;
  let lastMessage = 1000;

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", url).pathname;
    const body = await buffer(request);
    if (path === "/control") return control(body, response);
    const file = /^\/file\/bot[^/]+\/(.+)$/.exec(path)?.[1];
    if (file !== undefined) {
      const contents = files.get(decodeURIComponent(file));
      response.writeHead(contents ? 200 : 404).end(contents);
      return;
    }
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
    const reply = (status: number, value: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    if (token !== BOT_TOKEN)
      return reply(401, { ok: false, error_code: 401, description: "Unauthorized" });
    const fields = readFields(request.headers["content-type"] ?? "", body);
    const problem = refusalOf(method, fields) ?? check(method, fields);
    if (problem) {
      const { status, ...said } = problem;
      return reply(status, { ok: false, error_code: status, ...said });
    }
    return reply(200, { ok: true, result: act(method, fields) });
  }

  function control(body: Buffer, response: ServerResponse): void {
    const { chatId, refuse, times } = JSON.parse(body.toString()) as {
      chatId: number;
      refuse?: Reply;
      times?: number;
    };
    if (refuse) {
      refusals.push({
        method: "sendMessage",
        reply: refuse,
        times: times ?? Infinity,
        of: (one) => Number(one.chat_id) === chatId,
      });
    }
    response.end(JSON.stringify(messagesTo(chatId)));
  }

  /** All that was sent to a chat so far. */
  const messagesTo = (chatId: number): Sent[] =>
    sent.filter((one) => Number(one.chat_id) === chatId && one.method === "sendMessage");

  function refusalOf(method: string, fields: Sent): Reply | undefined {
    const refusal = refusals.find(
      (one) => one.method === method && one.times > 0 && one.of(fields),
    );
    if (refusal) refusal.times -= 1;
    return refusal?.reply;
  }

  function act(method: string, fields: Sent & Record<string, unknown>): unknown {
    switch (method) {
      case "getWebhookInfo":
        return { url: webhook?.url ?? "", pending_update_count: 0 };
      case "setWebhook":
        webhook = { url: String(fields["url"]), secret: String(fields["secret_token"]) };
        return true;
      case "deleteWebhook":
        webhook = undefined;
        return true;
      case "getFile":
        return { file_id: fields["file_id"], file_path: `documents/${String(fields["file_id"])}` };
      default: {
        sent.push({ ...fields, method });
        lastMessage += 1;
        return { message_id: lastMessage, chat: { id: fields.chat_id }, text: fields.text };
      }
    }
  }

  return {
    url,
    sent,
    messagesTo,
    addFile: (id: string, contents: Uint8Array) => files.set(`documents/${id}`, contents),
    refuse: (method: string, reply: Reply, times: number, of: Refusal["of"] = () => true) =>
      refusals.push({ method, reply, times, of }),
    isWebhookSet: () => webhook !== undefined,
    /** What Telegram does with an update: posts it to the webhook, with its secret. */
    async deliver(update: object, secret = webhook?.secret ?? ""): Promise<number> {
      if (!webhook) throw new Error("No webhook was set");
      const response = await fetch(webhook.url, {
        method: "POST",
        headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret },
        body: JSON.stringify(update),
      });
      await response.arrayBuffer();
      return response.status;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export type FakeTelegram = Awaited<ReturnType<typeof startFakeTelegram>>;

function readFields(contentType: string, body: Buffer): Sent & Record<string, unknown> {
  if (body.length === 0) return { method: "" };
  if (contentType.startsWith("application/json")) return JSON.parse(body.toString()) as Sent;
  return readDocument(contentType, body);
}

/** A multipart body with a document. Its parts are few and small here. */
function readDocument(contentType: string, body: Buffer): Sent & Record<string, unknown> {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/.exec(contentType);
  const parts = body.toString("utf8").split(`--${boundary?.[1] ?? boundary?.[2] ?? ""}`);
  const fields: Record<string, unknown> = {};
  for (const part of parts) {
    const [head = "", ...rest] = part.split("\r\n\r\n");
    const name = /name="([^"]+)"/.exec(head)?.[1];
    const value = rest.join("\r\n\r\n").replace(/\r\n$/, "");
    const fileName = /filename="([^"]+)"/.exec(head)?.[1];
    if (name !== undefined)
      fields[name] = fileName === undefined ? value : { name: fileName, text: value };
  }
  const {
    document,
    caption,
    chat_id: chatId,
  } = fields as { document?: object; caption?: string; chat_id?: string };
  return {
    method: "",
    ...(chatId !== undefined && { chat_id: Number(chatId) }),
    ...(document && {
      document: { ...(document as { name: string; text: string }), caption: caption ?? "" },
    }),
  };
}

function check(
  method: string,
  { chat_id: chatId, text, parse_mode: mode, document }: Sent,
): Reply | undefined {
  const bad = (description: string): Reply => ({
    status: 400,
    description: `Bad Request: ${description}`,
  });
  if (method === "sendDocument" && !document?.text) return bad("file must be non-empty");
  if (method !== "sendMessage") return undefined;
  if (!Number.isInteger(Number(chatId)) || Number(chatId) === 0) return bad("chat not found");
  if (text === undefined || text.trim() === "") return bad("message text is empty");
  if (mode !== undefined && mode !== "HTML") return bad(`HTML was meant, not ${mode}`);
  const plain = mode === undefined ? text : readHtml(text);
  if (plain === undefined) return bad("can't parse entities");
  return plain.length > MAX_MESSAGE_CHARS ? bad("message is too long") : undefined;
}

/** The text of Telegram's HTML, or undefined where Telegram would refuse it. */
export function readHtml(html: string): string | undefined {
  const open: string[] = [];
  let isValid = true;
  const withoutTags = html.replace(/<(\/?)([^<>]*)>/g, (_, slash: string, name: string) => {
    const tag = name.split(" ")[0] ?? "";
    if (!["b", "i", "u", "s", "a", "code", "pre", "em", "strong"].includes(tag)) isValid = false;
    if (slash === "") open.push(tag);
    else if (open.pop() !== tag) isValid = false;
    return "";
  });
  const text = withoutTags.replace(
    /&(lt|gt|amp|quot);/g,
    (_, name: "lt" | "gt" | "amp" | "quot") => {
      return { lt: "\u0001", gt: "\u0002", amp: "\u0003", quot: '"' }[name];
    },
  );
  if (!isValid || open.length > 0 || /[<>]/.test(text)) return undefined;
  return text.replaceAll("\u0001", "<").replaceAll("\u0002", ">").replaceAll("\u0003", "&");
}
