import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/**
 * `up` passes bytes on, `down` cuts and refuses connections, `silent` takes them and never answers, `forgetful` passes
 * on an insert and loses its answer.
 */
export type ProxyState = "up" | "down" | "silent" | "forgetful";

const INSERT = /insert into/i;

export type BreakableProxy = { port: number; controlUrl: string; stop: () => Promise<void> };

/** A TCP proxy on loopback whose far side can be taken away: `POST controlUrl` with a state as the body. */
export async function startBreakableProxy(targetPort: number): Promise<BreakableProxy> {
  let state: ProxyState = "up";
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A cut connection is what this proxy is for.
    socket.on("error", () => socket.destroy());
    return socket;
  };

  const proxy = createServer((client) => {
    track(client);
    if (state === "down") client.destroy();
    if (state === "down" || state === "silent") return;
    const server = track(connect(targetPort, "127.0.0.1"));
    client.pipe(server).pipe(client);
    client.on("data", (chunk: Buffer) => {
      if (state === "forgetful" && INSERT.test(chunk.toString("latin1"))) server.unpipe(client);
    });
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  });

  const control = createHttpServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      state = body as ProxyState;
      if (state !== "up") for (const socket of sockets) socket.destroy();
      response.end();
    });
  });

  return {
    port: await listen(proxy),
    controlUrl: `http://127.0.0.1:${await listen(control)}/`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      control.closeAllConnections();
      await Promise.all([close(proxy), close(control)]);
    },
  };
}

async function listen(server: Server | ReturnType<typeof createHttpServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function close(server: Server | ReturnType<typeof createHttpServer>): Promise<void> {
  server.close();
  await once(server, "close");
}
