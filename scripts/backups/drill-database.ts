import { createHash } from "node:crypto";
import { withCleanup } from "../lib/cleanup.ts";
import { UserError } from "../lib/user-error.ts";
import { withPgClient } from "../lib/with-pg-client.ts";

/** An arbitrary number. Only drills take this advisory lock. */
const DRILL_LOCK_ID = 7_261_905;

/**
 * Calls `use` with the URL of a new database on the same server, and drops the database afterwards. First drops what a
 * killed drill has left.
 * @throws {UserError} if another drill of the same database is running
 */
export async function withDrillDatabase<T>(
  liveUrl: string,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const drillUrl = new URL(liveUrl);
  // A digest, because PostgreSQL truncates names to 63 bytes: two long names with a prefix could become the same name.
  const digest = createHash("sha256").update(drillUrl.pathname).digest("hex");
  const name = `simulacro_${digest.slice(0, 12)}`;
  drillUrl.pathname = name;
  return await withPgClient(liveUrl, async (client) => {
    const { rows } = await client.query<{ isLocked: boolean }>(
      `SELECT pg_try_advisory_lock($1) AS "isLocked"`,
      [DRILL_LOCK_ID],
    );
    if (!rows[0]?.isLocked) {
      throw new UserError("Ya hay un simulacro en marcha. Espera a que acabe.");
    }
    const drop = async (): Promise<void> => {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    };
    return await withCleanup(drop, async () => {
      await drop();
      await client.query(`CREATE DATABASE ${name}`);
      return await use(drillUrl.href);
    });
  });
}
