import { and, eq, inArray, lt, or } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import type { FinishedRun, JobName } from "./job.ts";
import { runs } from "./runs.table.ts";

const APPEND_LIMIT_MS = 2_000;
const FORGET_LIMIT_MS = 30_000;

export type Runs = {
  /** Writes all or none. One that is written twice stands there once. */
  append: (finished: readonly FinishedRun[]) => Promise<void>;
  /** Forgets what began before `oldest`, and of the frequent jobs what went well before `routine`. Gives how many. */
  forget: (oldest: Date, routine: { before: Date; jobs: readonly JobName[] }) => Promise<number>;
};

/** What the jobs did, in PostgreSQL. Every call is bounded in time, and throws what the database throws. */
export function createRuns(database: Database): Runs {
  return {
    async append(finished) {
      const rows = finished.map(({ startedAtMs, endedAtMs, ...rest }) => ({
        ...rest,
        startedAt: new Date(startedAtMs),
        endedAt: new Date(endedAtMs),
      }));
      await database.query(APPEND_LIMIT_MS, (db) =>
        db.insert(runs).values(rows).onConflictDoNothing(),
      );
    },
    forget: (oldest, { before, jobs }) =>
      database.query(FORGET_LIMIT_MS, async (db) => {
        const forgotten = await db
          .delete(runs)
          .where(
            or(
              lt(runs.startedAt, oldest),
              and(
                inArray(runs.job, [...jobs]),
                lt(runs.startedAt, before),
                eq(runs.result, "completada"),
              ),
            ),
          )
          .returning({ id: runs.id });
        return forgotten.length;
      }),
  };
}
