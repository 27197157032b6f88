import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { inject } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { createDatabase } from "../../src/db/connect.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { createServices } from "../../src/services.ts";

/** Creates services with an empty database of their own, the driver of the suite, and a clock that the test sets. */
export async function ownServices(startMs: number) {
  const name = `propia_${crypto.randomUUID().replaceAll("-", "")}`;
  const shared = hyperdriveDatabase({ connectionString: inject("postgresUrl") });
  await shared.query(30_000, (db) =>
    db.execute(sql.raw(`CREATE DATABASE ${name} TEMPLATE plantilla`)),
  );
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  const connection = { connectionString: url.href };
  const config = { ...parseConfig({ ...env }), DATABASE_URL: url.href };
  const database = createDatabase(config, connection);
  const clock = { nowMs: startMs };
  const services = createServices(env, { database, now: () => clock.nowMs });
  return { services, clock, direct: hyperdriveDatabase(connection) };
}
