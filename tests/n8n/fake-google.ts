import { once } from "node:events";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { text as readText } from "node:stream/consumers";
import { generate } from "selfsigned";

const HOSTS = [
  "gmail.googleapis.com",
  "sheets.googleapis.com",
  "www.googleapis.com",
  "oauth2.googleapis.com",
];

type GmailMessage = { id: string; raw: string; labelIds: string[]; internalDate: string };
type Row = string[];
export type CalendarEvent = {
  summary?: string;
  location?: string;
  start: { dateTime?: string; date?: string };
};

/**
 * Starts the parts of Gmail, Sheets and Calendar that the flows use, on loopback, and a proxy that redirects Google's host
 * names to them. `unknownRequests` lists the requests that it does not implement.
 */
export async function startFakeGoogle() {
  const messages: GmailMessage[] = [];
  const labels = [{ id: "INBOX", name: "INBOX" }];
  const rows: Row[] = [["fecha", "tarea", "documento", "resultado"]];
  const events: CalendarEvent[] = [];
  const unknownRequests: string[] = [];
  const faults: { match: RegExp; times: number }[] = [];

  const pems = await generate([{ name: "commonName", value: "Google de prueba" }], {
    keySize: 2048,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: HOSTS.map((value) => ({ type: 2 as const, value })) },
    ],
  });
  const api = createHttpsServer({ key: pems.private, cert: pems.cert }, (request, response) => {
    void answer(request, response);
  });
  const proxy = createHttpServer((_, response) => response.writeHead(403).end());
  const tunnels = new Set<Socket>();
  proxy.on("connect", (request: IncomingMessage, client: Socket) => {
    const [host = ""] = (request.url ?? "").split(":");
    if (!HOSTS.includes(host)) {
      unknownRequests.push(`CONNECT ${host}`);
      client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const upstream = connect((api.address() as AddressInfo).port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(client);
      client.pipe(upstream);
    });
    for (const socket of [client, upstream]) {
      tunnels.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => tunnels.delete(socket));
    }
  });
  api.listen(0, "127.0.0.1");
  proxy.listen(0, "127.0.0.1");
  await Promise.all([once(api, "listening"), once(proxy, "listening")]);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(
      request.url ?? "/",
      `https://${request.headers.host}`,
    );
    const body = await readText(request);
    const fault = faults.find(({ match, times }) => times > 0 && match.test(pathname));
    if (fault) {
      fault.times -= 1;
      response
        .writeHead(503, { "content-type": "application/json" })
        .end('{"error":{"code":503,"message":"The service is currently unavailable."}}');
      return;
    }
    const result = route(`${request.method} ${decodeURIComponent(pathname)}`, searchParams, body);
    if (result === undefined)
      unknownRequests.push(`${request.method} ${request.headers.host}${request.url}`);
    response
      .writeHead(result === undefined ? 404 : 200, { "content-type": "application/json" })
      .end(JSON.stringify(result ?? { error: { code: 404, message: "Not found" } }));
  }

  function route(path: string, query: URLSearchParams, body: string): unknown {
    const json = (): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;
    if (path === "GET /gmail/v1/users/me/labels") return { labels };
    if (path === "POST /gmail/v1/users/me/labels") {
      const label = { id: `Label_${labels.length}`, name: String(json()["name"]) };
      labels.push(label);
      return label;
    }
    if (path === "GET /gmail/v1/users/me/messages") {
      // The query is like "after:1747730000 is:unread", in seconds.
      const after = Number(/after:(\d+)/.exec(query.get("q") ?? "")?.[1] ?? 0);
      const fresh = messages.filter(({ internalDate }) => Number(internalDate) / 1000 >= after);
      return { messages: fresh.map(({ id }) => ({ id })), resultSizeEstimate: fresh.length };
    }
    const [, id, action] =
      /^\w+ \/gmail\/v1\/users\/me\/messages\/([^/]+)(\/modify)?$/.exec(path) ?? [];
    const message = messages.find((one) => one.id === id);
    if (message && action) {
      message.labelIds.push(...(json()["addLabelIds"] as string[]));
      return message;
    }
    if (message) return { ...message, threadId: message.id };
    if (/^GET \/calendar\/v3\/calendars\/[^/]+\/events$/.test(path)) {
      const [from, to] = ["timeMin", "timeMax"].map((name) => Date.parse(query.get(name) ?? ""));
      const isWithin = ({ start }: CalendarEvent): boolean => {
        const at = Date.parse(start.dateTime ?? start.date ?? "");
        return from !== undefined && to !== undefined && at >= from && at < to;
      };
      return { items: events.filter(isWithin) };
    }
    return spreadsheet(path, json);
  }

  function spreadsheet(path: string, json: () => Record<string, unknown>): unknown {
    if (/^GET \/v4\/spreadsheets\/[^/]+$/.test(path)) {
      return {
        sheets: [
          { properties: { sheetId: 0, title: "Hoja 1", gridProperties: { rowCount: 1000 } } },
        ],
      };
    }
    if (/^GET \/v4\/spreadsheets\/[^/]+\/values\//.test(path)) return { values: rows };
    if (/^POST \/v4\/spreadsheets\/[^/]+\/values\/.+:append$/.test(path)) {
      const added = json()["values"] as Row[];
      rows.push(...added);
      return { updates: { updatedRows: added.length } };
    }
    return undefined;
  }

  return {
    proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    certificate: pems.cert,
    messages,
    labels,
    rows,
    /** The events of every calendar. */
    events,
    /** Requests that this fake does not implement. The flows should make none. */
    unknownRequests,
    /** Answers the next `times` requests to a matching path with 503. */
    fail: (match: RegExp, times: number) => faults.push({ match, times }),
    /** Adds an unread mail that arrives now. */
    receive({
      id,
      from,
      subject,
      body,
    }: {
      id: string;
      from: string;
      subject: string;
      body: string;
    }) {
      const raw = [
        `From: ${from}`,
        "To: yo@example.com",
        `Subject: =?utf-8?B?${base64(subject)}?=`,
        `Date: ${new Date().toUTCString()}`,
        `Message-ID: <${id}@example.com>`,
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        base64(body),
      ].join("\r\n");
      messages.push({
        id,
        raw: base64(raw).replaceAll("+", "-").replaceAll("/", "_"),
        labelIds: ["INBOX", "UNREAD"],
        internalDate: String(Date.now() + 1_000),
      });
    },
    labelsOf: (id: string): string[] =>
      messages
        .find((one) => one.id === id)
        ?.labelIds.map((label) => labels.find((one) => one.id === label)?.name ?? label) ?? [],
    stop: async () => {
      for (const socket of tunnels) socket.destroy();
      api.closeAllConnections();
      proxy.closeAllConnections();
      api.close();
      proxy.close();
      await Promise.all([once(api, "close"), once(proxy, "close")]);
    },
  };
}

/** Encodes the UTF-8 bytes of a text. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
