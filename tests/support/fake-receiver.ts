import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import type { Answer, Received } from "./fake-receiver-control.ts";
import { MAIL_KEY } from "./secrets.ts";

/** Pause between two chunks: miniflare keeps reading after the Worker has cancelled the body, as fast as it can. */
const ENDLESS_PAUSE_MS = 20;
/** Longer than every timeout of the service. */
const ENDLESS_TIMEOUT_MS = 15_000;

/**
 * Starts a loopback server that receives what the service sends: webhooks at any path, and mails at `/emails`, which it
 * validates as a mail provider does. Tests script its answers over HTTP (fake-receiver-control.ts), because they run in
 * another process.
 */
export async function startFakeReceiver() {
  const seen: Received[] = [];
  const scripts: { match: string; answers: Answer[]; next: number }[] = [];

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    const body = await readText(request);
    if (path === "/control") {
      const { match, answers } = JSON.parse(body) as { match: string; answers?: Answer[] };
      if (answers) scripts.push({ match, answers, next: 0 });
      response.end(JSON.stringify(seen.filter((one) => matches(one, match))));
      return;
    }
    const received = { path, headers: request.headers as Record<string, string>, body };
    seen.push(received);
    const script = scripts.findLast(({ match }) => matches(received, match));
    const scripted = script?.answers[Math.min(script.next++, script.answers.length - 1)];
    const unscripted: Answer = {
      kind: "status",
      status: path === "/emails" ? mailStatus(received) : 200,
    };
    act(scripted ?? unscripted, response);
  }

  const server = createServer((request, response) => {
    receive(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function matches({ path, body }: Received, match: string): boolean {
  return path.includes(match) || body.includes(match);
}

function act(answer: Answer, response: ServerResponse): void {
  switch (answer.kind) {
    case "status":
      response.writeHead(answer.status, answer.headers).end(answer.body ?? "{}");
      return;
    case "endless": {
      response.writeHead(200);
      const more = setInterval(() => response.write("x".repeat(65_536)), ENDLESS_PAUSE_MS);
      const end = setTimeout(() => response.destroy(), ENDLESS_TIMEOUT_MS);
      response.on("close", () => {
        clearInterval(more);
        clearTimeout(end);
      });
      return;
    }
    case "stall":
      return;
    case "drop":
      response.destroy();
  }
}

function mailStatus({ headers, body }: Received): number {
  if (headers["authorization"] !== `Bearer ${MAIL_KEY}`) return 401;
  const mail = JSON.parse(body) as Record<string, unknown>;
  const texts = [mail["from"], mail["subject"], mail["html"], mail["text"]];
  const isComplete = texts.every((text) => typeof text === "string" && text !== "");
  return isComplete && Array.isArray(mail["to"]) && mail["to"].length === 1 ? 200 : 422;
}
