import { once } from "node:events";
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** Tests the path and the body of a request, in one text. */
type Match = (request: string) => boolean;
type Fault = { match: Match; times: number; answer: "drop" | Answer };
/** A string is sent as HTML, like the error page of a reverse proxy. */
type Answer = { status: number; body: object | string };

/**
 * Starts a proxy in front of the service or of n8n's API. It forwards every request, except those that `fail` selects.
 */
export async function startFaultyProxy(upstreamUrl: string) {
  const faults: Fault[] = [];
  const requests: { content: string; key: string | undefined }[] = [];
  const server = createServer((request, response) => void handle(request, response));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const body = await buffer(request);
    const content = `${path}\n${body.toString()}`;
    requests.push({ content, key: request.headers["idempotency-key"]?.toString() });
    const fault = faults.find(({ times, match }) => times > 0 && match(content));
    if (fault) {
      fault.times -= 1;
      if (fault.answer === "drop") request.socket.destroy();
      else {
        const { status, body: page } = fault.answer;
        const isPage = typeof page === "string";
        response
          .writeHead(status, { "content-type": isPage ? "text/html" : "application/problem+json" })
          .end(isPage ? page : JSON.stringify(page));
      }
      return;
    }
    const upstream = forward(
      new URL(path, upstreamUrl).href,
      { method: request.method, headers: request.headers },
      (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response);
      },
    );
    upstream.on("error", () => response.destroy());
    upstream.end(body);
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Returns the Idempotency-Key of each request of a chat. */
    idempotencyKeysOf: (chatId: number): (string | undefined)[] =>
      requests.filter(({ content }) => mentionsChat("", chatId)(content)).map(({ key }) => key),
    /**
     * Drops the next `times` requests that match, or answers them with `answer`. A string matches when the path or the
     * body contains it.
     */
    fail: (match: string | Match, answer: Fault["answer"], times: number) =>
      faults.push({
        match: typeof match === "string" ? (content) => content.includes(match) : match,
        answer,
        times,
      }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Matches the requests of this chat to this path. Requests of the mail suite run at the same time. */
export function mentionsChat(path: string, chatId: number): Match {
  const chatIdPattern = new RegExp(`(?<![\\d-])${chatId}\\b`);
  return (content) => content.includes(path) && chatIdPattern.test(content);
}
