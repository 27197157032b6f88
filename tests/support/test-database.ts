import { Client } from "pg";

const TEMPLATE = "plantilla";

export type OwnDatabase = {
  url: string;
  /** Runs one or several statements and returns the rows of the last one. */
  query: (text: string) => Promise<Record<string, unknown>[]>;
  remove: () => Promise<void>;
};

/** Creates a database with the newest schema on the server of the suites, for one test. */
export async function makeDatabase(serverUrl: string): Promise<OwnDatabase> {
  const name = `prueba_${crypto.randomUUID().replaceAll("-", "")}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await run(maintenanceUrl(serverUrl), `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return {
    url: url.href,
    query: (text) => run(url.href, text),
    remove: async () => {
      await run(maintenanceUrl(serverUrl), `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Returns the URL of the database `postgres`: CREATE and DROP DATABASE need a connection to another database. */
function maintenanceUrl(serverUrl: string): string {
  const url = new URL(serverUrl);
  url.pathname = "/postgres";
  return url.href;
}

async function run(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const results: unknown = await client.query(text);
    const last = (Array.isArray(results) ? results.at(-1) : results) as { rows: unknown };
    return last.rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
