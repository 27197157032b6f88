import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { Client, DatabaseError } from "pg";
import { createWebSocketStream, WebSocketServer } from "ws";

type Statement = { query: string; params: unknown[] };

export type NeonProxy = { port: number; stop: () => Promise<void> };

/**
 * Starts a proxy that speaks the protocol of Neon's proxies in front of the PostgreSQL on `postgresPort`: a WebSocket at
 * `/v1` that carries PostgreSQL's bytes, and single statements over HTTP at `/sql`
 * (https://github.com/neondatabase/serverless, CONFIG.md).
 */
export async function startNeonProxy(postgresPort: number): Promise<NeonProxy> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  const sockets = new WebSocketServer({ server, path: "/v1" });
  sockets.on("connection", (webSocket, request) => {
    const { searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
    if (searchParams.get("address") !== `127.0.0.1:${postgresPort}`) {
      webSocket.close(1008, "No such address");
      return;
    }
    const client = createWebSocketStream(webSocket);
    const postgres = connect(postgresPort, "127.0.0.1");
    for (const [from, to] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      from.pipe(to);
      // Tests cut connections, so a cut on one side also cuts the other.
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
  });

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const webSocket of sockets.clients) webSocket.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { query, params } = (await json(request)) as Statement;
  const client = new Client({
    connectionString: String(request.headers["neon-connection-string"]),
    // Neon returns the text of PostgreSQL; its driver parses it.
    types: { getTypeParser: () => (text: unknown) => text },
  });
  client.on("error", () => undefined);
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  try {
    await client.connect();
    const { command, rowCount, rows, fields } = await client.query({
      text: query,
      values: params,
      rowMode: "array",
    });
    send(200, { command, rowCount, rows, fields, rowAsArray: true });
  } catch (error) {
    if (!(error instanceof DatabaseError)) return void response.destroy();
    const { message, code, detail, severity } = error;
    send(400, { message, code, detail, severity });
  } finally {
    client.end().catch(() => undefined);
  }
}
