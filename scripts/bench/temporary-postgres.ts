import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../lib/postgres.ts";

/** Runs `use` with the URL of a new, empty server. Deletes the server and its data afterwards. */
export async function withTemporaryPostgres<T>(use: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "asistente-bench-"));
  // As root, PostgreSQL runs as another user, which must be able to enter the folder.
  await chmod(folder, 0o755);
  const postgres = await startPostgres({
    dataDir: join(folder, "datos"),
    database: "bench",
    logFile: join(folder, "postgres.log"),
  });
  try {
    return await use(postgres.url);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
