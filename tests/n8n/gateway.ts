import { once } from "node:events";
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

type Fault = { match: RegExp; times: number; answer: "drop" | { status: number; body: object } };

/** What n8n knows as the assistant: hands everything on to the Worker, and fails in the ways that it is told to. */
export async function startGateway(workerUrl: string) {
  const faults: Fault[] = [];
  const seen: { path: string; key: string | undefined }[] = [];
  const server = createServer((request, response) => void handle(request, response));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const body = await buffer(request);
    seen.push({ path, key: request.headers["idempotency-key"]?.toString() });
    const asked = `${path}\n${body.toString()}`;
    const fault = faults.find(({ times, match }) => times > 0 && match.test(asked));
    if (fault) {
      fault.times -= 1;
      if (fault.answer === "drop") request.socket.destroy();
      else {
        response
          .writeHead(fault.answer.status, { "content-type": "application/problem+json" })
          .end(JSON.stringify(fault.answer.body));
      }
      return;
    }
    const upstream = forward(
      new URL(path, workerUrl).href,
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
    seen,
    /** The next `times` requests with this in their path or body are cut off, or answered so. */
    fail: (match: string | RegExp, answer: Fault["answer"], times: number) =>
      faults.push({ match: new RegExp(match, "u"), answer, times }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>;
