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

/** What own-database.ts and test-database.ts copy: a database with the schema and nothing in it, that nobody is connected to. */
async function keepTemplate(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  const client = new Client({ connectionString: maintenance.href });
  await client.connect();
  await client.query("CREATE DATABASE plantilla TEMPLATE pruebas");
  await client.end();
}

/** Starts what the suites talk to: a PostgreSQL of their own in a temporary folder, and the fake model. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "asistente-pruebas-"));
  // Where root runs this, PostgreSQL runs as another user, who must be able to enter.
  await chmod(dataDir, 0o755);
  const logFile = join(dataDir, "postgres.log");
  const postgres = await startPostgres({
    dataDir: join(dataDir, "datos"),
    database: "pruebas",
    logFile,
  });
  await migrate(postgres.url);
  await keepTemplate(postgres.url);
  const proxy = await startBreakableProxy(Number(new URL(postgres.url).port));
  const neon = await startNeonProxy(Number(new URL(postgres.url).port));
  const breakableNeon = await startBreakableProxy(neon.port);
  const model = await startFakeOpenAi();
  const telegram = await startFakeTelegram();
  const receiver = await startFakeReceiver();

  const breakable = new URL(postgres.url);
  breakable.port = String(proxy.port);
  provide("postgresUrl", postgres.url);
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
