import { Client } from "pg";

/** Connects to the database, runs `use`, and disconnects, which rolls back an open transaction. */
export async function withPgClient<T>(
  url: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: url });
  // A lost connection makes the pending query fail too; without a listener it would end this process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
