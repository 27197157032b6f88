import { once } from "node:events";
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

type Match = (asked: string) => boolean;
type Fault = { match: Match; times: number; answer: "drop" | Answer };
/** A text stands for what is no JSON: the page of some proxy in between. */
type Answer = { status: number; body: object | string };

/** What n8n knows as the assistant, or as its own API: hands everything on, and fails in the ways that it is told to. */
export async function startGateway(upstreamUrl: string) {
  const faults: Fault[] = [];
  const seen: { asked: string; key: string | undefined }[] = [];
  const server = createServer((request, response) => void handle(request, response));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const body = await buffer(request);
    const asked = `${path}\n${body.toString()}`;
    seen.push({ asked, key: request.headers["idempotency-key"]?.toString() });
    const fault = faults.find(({ times, match }) => times > 0 && match(asked));
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
    /** How often a chat asked for something, and with which Idempotency-Key. */
    keysOf: (chatId: number): (string | undefined)[] =>
      seen.filter(({ asked }) => ofChat("", chatId)(asked)).map(({ key }) => key),
    /** The next `times` requests with this in their path or body are cut off, or answered so. */
    fail: (match: string | Match, answer: Fault["answer"], times: number) =>
      faults.push({
        match: typeof match === "string" ? (asked) => asked.includes(match) : match,
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

/** Matches what this chat asks for at this path: the suites run beside mail that arrives. */
export function ofChat(path: string, chatId: number): Match {
  const itsNumber = new RegExp(`(?<![\\d-])${chatId}\\b`);
  return (asked) => asked.includes(path) && itsNumber.test(asked);
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>;
