import { Client } from "pg";

/** Connects to the database, runs `use`, and disconnects, which rolls back an open transaction. */
export async function withPgClient<T>(
  url: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: url });
  // Without a listener, the `error` event of a lost connection would end this process. The pending query fails as well.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
