import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { migrate } from "../../scripts/lib/migrate.ts";
import { startPostgres } from "../../scripts/lib/postgres.ts";
import { startNeonProxy } from "./neon-proxy.ts";
import { startFakeOpenAi } from "./fake-openai.ts";
import { startFakeReceiver } from "./fake-receiver.ts";
import { startFakeTelegram } from "./fake-telegram.ts";

type Servers = Awaited<ReturnType<typeof startServers>>;

const DATABASE = "pruebas";
/** own-database.ts and test-database.ts copy it: it has the schema and no rows, and no client connects to it. */
const TEMPLATE = "plantilla";
const YEAR = "un_ano";

/** The database is thrown away, so a crash of the machine may lose it. */
const NOT_DURABLE = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

let started: Promise<Servers> | undefined;
let users = 0;

/**
 * Starts the servers for the first caller and shares them with the others. The last `release` stops them.
 * @public global-setup.ts loads it with `require`, which knip does not see.
 */
export async function useServers(): Promise<
  Pick<Servers, "urls"> & { release: () => Promise<void> }
> {
  users += 1;
  started ??= startServers();
  const servers = await started;
  return {
    urls: servers.urls,
    async release() {
      users -= 1;
      if (users > 0) return;
      started = undefined;
      await servers.stop();
    },
  };
}

/** Starts the servers that the suites call: PostgreSQL in a temporary folder, its proxies, and the fake services. */
async function startServers() {
  const dataDir = await mkdtemp(join(tmpdir(), "asistente-pruebas-"));
  // When root runs this, PostgreSQL runs as another user, which must be able to enter.
  await chmod(dataDir, 0o755);
  const [postgres, model, telegram, receiver] = await Promise.all([
    startPostgres({
      dataDir: join(dataDir, "datos"),
      database: DATABASE,
      logFile: join(dataDir, "postgres.log"),
      settings: NOT_DURABLE,
    }),
    startFakeOpenAi(),
    startFakeTelegram(),
    startFakeReceiver(),
  ]);
  await migrate(postgres.url);
  await copyDatabase(postgres.url);
  const neon = await startNeonProxy(Number(new URL(postgres.url).port));
  return {
    urls: {
      postgres: postgres.url,
      yearPostgres: databaseAt(postgres.url, YEAR),
      neonProxy: `http://127.0.0.1:${neon.port}`,
      openai: model.url,
      telegram: telegram.url,
      receiver: receiver.url,
    },
    async stop(): Promise<void> {
      await Promise.all([model.stop(), telegram.stop(), receiver.stop()]);
      await neon.stop();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function copyDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: databaseAt(url, "postgres") });
  await client.connect();
  for (const name of [TEMPLATE, YEAR]) {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${DATABASE}`);
  }
  await client.end();
}

function databaseAt(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
