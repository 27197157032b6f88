import { once } from "node:events";
import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";

type Fault = {
  path: string;
  times: number;
  after: number;
  answer: "drop" | { status: number; body: object };
};

/** What n8n knows as the assistant: hands everything on to the Worker, and fails in the ways that it is told to. */
export async function startGateway(workerUrl: string) {
  const faults: Fault[] = [];
  const seen: { path: string; key: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    seen.push({ path, key: request.headers["idempotency-key"]?.toString() });
    const fault = faults.find((one) => one.times > 0 && path.includes(one.path));
    if (fault && fault.after > 0) fault.after -= 1;
    else if (fault) {
      fault.times -= 1;
      request.resume();
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
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    /** The next `times` requests with this in their path are cut off, or answered so; first, `after` of them pass. */
    fail: (path: string, answer: Fault["answer"], times: number, after = 0) =>
      faults.push({ path, answer, times, after }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>;
