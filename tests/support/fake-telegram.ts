import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { BOT_TOKEN } from "./secrets.ts";

const MAX_MESSAGE_CHARS = 4096;

export type BotCall = {
  method: string;
  chat_id?: number | string;
  text?: string;
  parse_mode?: string;
  reply_markup?: { inline_keyboard?: { text: string; callback_data: string }[][] };
  reply_to_message_id?: number;
  action?: string;
  callback_query_id?: string;
  /** Only in `sendDocument`. */
  document?: { name: string; text: string; caption: string };
};

/** `parameters` has the format of Telegram's `ResponseParameters`, for example `{ retry_after: 5 }`. */
export type ErrorReply = { status: number; description: string; parameters?: object };
type Refusal = {
  method: string;
  reply: ErrorReply;
  times: number;
  /** Selects the calls to refuse, because suites run in parallel. */
  matches: (call: BotCall) => boolean;
};

/**
 * Starts a loopback server with Telegram's Bot API. It registers the webhook, validates messages as Telegram does
 * (length, HTML, chat id) and records them. `refuse` scripts refusals; tests in another process script them over HTTP
 * (fake-telegram-control.ts).
 */
export async function startFakeTelegram() {
  const sent: BotCall[] = [];
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
    const problem = refusalOf(method, fields) ?? validate(method, fields);
    if (problem) {
      const { status, ...details } = problem;
      return reply(status, { ok: false, error_code: status, ...details });
    }
    return reply(200, { ok: true, result: execute(method, fields) });
  }

  function control(body: Buffer, response: ServerResponse): void {
    const { chatId, refuse, times } = JSON.parse(body.toString()) as {
      chatId: number;
      refuse?: ErrorReply;
      times?: number;
    };
    if (refuse) {
      refusals.push({
        method: "sendMessage",
        reply: refuse,
        times: times ?? Infinity,
        matches: (call) => Number(call.chat_id) === chatId,
      });
    }
    response.end(JSON.stringify(messagesTo(chatId)));
  }

  /** Returns the messages sent to a chat so far. */
  const messagesTo = (chatId: number): BotCall[] =>
    sent.filter((call) => Number(call.chat_id) === chatId && call.method === "sendMessage");

  function refusalOf(method: string, fields: BotCall): ErrorReply | undefined {
    const refusal = refusals.find(
      (one) => one.method === method && one.times > 0 && one.matches(fields),
    );
    if (refusal) refusal.times -= 1;
    return refusal?.reply;
  }

  function execute(method: string, fields: BotCall & Record<string, unknown>): unknown {
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
    refuse: (
      method: string,
      reply: ErrorReply,
      times: number,
      matches: Refusal["matches"] = () => true,
    ) => refusals.push({ method, reply, times, matches }),
    isWebhookSet: () => webhook !== undefined,
    /** Posts an update to the webhook with its secret, as Telegram does. Returns the status. */
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

function readFields(contentType: string, body: Buffer): BotCall & Record<string, unknown> {
  if (body.length === 0) return { method: "" };
  if (contentType.startsWith("application/json")) return JSON.parse(body.toString()) as BotCall;
  return readDocument(contentType, body);
}

/** Parses a multipart body with a document. Its parts are few and small. */
function readDocument(contentType: string, body: Buffer): BotCall & Record<string, unknown> {
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

function validate(
  method: string,
  { chat_id: chatId, text, parse_mode: mode, document }: BotCall,
): ErrorReply | undefined {
  const bad = (description: string): ErrorReply => ({
    status: 400,
    description: `Bad Request: ${description}`,
  });
  if (method === "sendDocument" && !document?.text) return bad("file must be non-empty");
  if (method !== "sendMessage") return undefined;
  if (!Number.isInteger(Number(chatId)) || Number(chatId) === 0) return bad("chat not found");
  if (text === undefined || text.trim() === "") return bad("message text is empty");
  if (mode !== undefined && mode !== "HTML") return bad(`parse_mode must be HTML, not ${mode}`);
  const plain = mode === undefined ? text : readHtml(text);
  if (plain === undefined) return bad("can't parse entities");
  return plain.length > MAX_MESSAGE_CHARS ? bad("message is too long") : undefined;
}

/** Returns the plain text of Telegram's HTML, or undefined when Telegram would refuse it. */
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
