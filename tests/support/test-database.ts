import { Client } from "pg";

const TEMPLATE = "plantilla";

export type OwnDatabase = {
  url: string;
  /** Any statement, also several. Gives the rows of the last one. */
  query: (text: string) => Promise<Record<string, unknown>[]>;
  remove: () => Promise<void>;
};

/** A database of a test's own on the suites' server, at the newest schema. */
export async function makeDatabase(serverUrl: string): Promise<OwnDatabase> {
  const name = `prueba_${crypto.randomUUID().replaceAll("-", "")}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await run(maintenanceOf(serverUrl), `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return {
    url: url.href,
    query: (text) => run(url.href, text),
    remove: async () => {
      await run(maintenanceOf(serverUrl), `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Of the server's database to which nobody else is connected for long. */
function maintenanceOf(serverUrl: string): string {
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
