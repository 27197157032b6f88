import { log } from "../lib/log.ts";
import { withinLimit } from "./limit.ts";

/** What the drivers' clients have in common. */
type SocketClient = {
  connect: () => Promise<unknown>;
  end: () => Promise<void>;
  on: (event: "error", listener: (error: Error) => void) => unknown;
};

/** Connects, works and closes, all within one limit. */
export async function withClient<Client extends SocketClient, T>(
  client: Client,
  limitMs: number,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  let closing = false;
  // Without a listener, a socket that closes early would end the whole invocation; at the end it always does.
  client.on("error", (error) => {
    if (!closing) log.warn("database_connection_error", { error: error.message });
  });
  try {
    return await withinLimit(limitMs, async () => {
      await client.connect();
      return await work(client);
    });
  } finally {
    closing = true;
    // Not awaited: nobody needs the goodbye, and a dead socket would make everyone wait for it.
    client.end().catch(() => undefined);
  }
}
