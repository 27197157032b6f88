import { log } from "../lib/log.ts";
import { withDatabaseTimeout } from "./database-timeout.ts";

/** The part of the clients of `pg` and Neon's driver that is used here. */
type SocketClient = {
  connect: () => Promise<unknown>;
  end: () => Promise<void>;
  on: (event: "error", listener: (error: Error) => void) => unknown;
};

/**
 * Connects, runs `work` and closes the connection. `timeoutMs` covers connecting and `work` together.
 * @throws {DatabaseTimeout} when `timeoutMs` has passed, otherwise what PostgreSQL or the connection threw
 */
export async function withClient<Client extends SocketClient, T>(
  client: Client,
  timeoutMs: number,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  let isClosing = false;
  // Without a listener, an "error" event would end the whole invocation. Closing the socket always emits one.
  client.on("error", (error) => {
    if (!isClosing) log.warn("database_connection_error", { error: error.message });
  });
  try {
    return await withDatabaseTimeout(timeoutMs, async () => {
      await client.connect();
      return await work(client);
    });
  } finally {
    isClosing = true;
    // Not awaited: the caller has its result, and a dead socket would delay it.
    client.end().catch(() => undefined);
  }
}
