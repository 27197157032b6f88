import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "../../scripts/lib/migrate.ts";
import { startPostgres } from "../../scripts/lib/postgres.ts";
import { startBreakableProxy } from "./breakable-proxy.ts";
import { startNeonProxy } from "./neon-proxy.ts";
import { startFakeOpenAi } from "./fake-openai.ts";
import { startFakeReceiver } from "./fake-receiver.ts";
import { startFakeTelegram } from "./fake-telegram.ts";

declare module "vitest" {
  export interface ProvidedContext {
    postgresUrl: string;
    /** A database that nobody else fills. */
    yearPostgresUrl: string;
    /** The same server behind a proxy that a test can break. */
    breakablePostgresUrl: string;
    postgresControlUrl: string;
    /** A proxy that speaks as Neon does, and the same behind one that a test can break. */
    neonProxyUrl: string;
    breakableNeonProxyUrl: string;
    neonControlUrl: string;
    openaiUrl: string;
    telegramUrl: string;
    /** Where webhooks go, and mails at `/emails`. */
    receiverUrl: string;
    /** docs/bench.md, which suites in workerd cannot read by themselves. */
    benchPage: string;
  }
}

const DATABASE = "pruebas";
/** What own-database.ts and test-database.ts copy: a database with the schema and nothing in it, that nobody is connected to. */
const TEMPLATE = "plantilla";
const YEAR = "un_ano";

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

/** What a crash of the machine would cost is of no interest in a database that is thrown away. */
const NOT_DURABLE = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** Starts what the suites talk to: a PostgreSQL of their own in a temporary folder, and the fake model. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "asistente-pruebas-"));
  // Where root runs this, PostgreSQL runs as another user, who must be able to enter.
  await chmod(dataDir, 0o755);
  const logFile = join(dataDir, "postgres.log");
  const postgres = await startPostgres({
    dataDir: join(dataDir, "datos"),
    database: DATABASE,
    logFile,
    settings: NOT_DURABLE,
  });
  await migrate(postgres.url);
  await copyDatabase(postgres.url);
  const proxy = await startBreakableProxy(Number(new URL(postgres.url).port));
  const neon = await startNeonProxy(Number(new URL(postgres.url).port));
  const breakableNeon = await startBreakableProxy(neon.port);
  const model = await startFakeOpenAi();
  const telegram = await startFakeTelegram();
  const receiver = await startFakeReceiver();

  const breakable = new URL(postgres.url);
  breakable.port = String(proxy.port);
  provide("postgresUrl", postgres.url);
  provide("yearPostgresUrl", databaseAt(postgres.url, YEAR));
  provide("breakablePostgresUrl", breakable.href);
  provide("postgresControlUrl", proxy.controlUrl);
  provide("neonProxyUrl", `http://127.0.0.1:${neon.port}`);
  provide("breakableNeonProxyUrl", `http://127.0.0.1:${breakableNeon.port}`);
  provide("neonControlUrl", breakableNeon.controlUrl);
  provide("openaiUrl", model.url);
  provide("telegramUrl", telegram.url);
  provide("receiverUrl", receiver.url);
  provide("benchPage", await readFile("docs/bench.md", "utf8"));

  return async () => {
    await Promise.all([
      model.stop(),
      telegram.stop(),
      receiver.stop(),
      proxy.stop(),
      breakableNeon.stop(),
    ]);
    await neon.stop();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
