import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/**
 * `up` forwards all bytes. `down` closes and refuses connections. `silent` accepts connections and never responds.
 * `forgetful` forwards an INSERT and drops its response.
 */
export type ProxyState = "up" | "down" | "silent" | "forgetful";

const INSERT = /insert into/i;

export type BreakableProxy = { port: number; controlUrl: string };

/**
 * Starts a TCP proxy on loopback. `POST controlUrl` with a state as the body sets its state. It ends with this process, and
 * does not keep the process running.
 */
export async function startBreakableProxy(targetPort: number): Promise<BreakableProxy> {
  let state: ProxyState = "up";
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // Errors are expected: this proxy cuts connections.
    socket.on("error", () => socket.destroy());
    return socket;
  };

  const proxy = createServer((client) => {
    track(client);
    if (state === "down") client.destroy();
    if (state === "down" || state === "silent") return;
    const upstream = track(connect(targetPort, "127.0.0.1"));
    client.pipe(upstream).pipe(client);
    client.on("data", (chunk: Buffer) => {
      if (state === "forgetful" && INSERT.test(chunk.toString("latin1"))) upstream.unpipe(client);
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
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
  };
}

async function listen(server: Server | ReturnType<typeof createHttpServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  server.unref();
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
