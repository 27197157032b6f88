import { and, eq, inArray, lt, or } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { FinishedRun, JobName } from "../job.ts";
import { runs } from "./runs.table.ts";

const APPEND_LIMIT_MS = 2_000;
const FORGET_LIMIT_MS = 30_000;
const ROUTINE: JobName[] = ["entregar-pendientes", "informes-semanales", "alertas"];

export type Runs = {
  /** Writes all or none. One that is written twice stands there once. */
  append: (finished: readonly FinishedRun[]) => Promise<void>;
  /** Forgets what began earlier, and of the five-minute jobs what went well earlier. Gives how many. */
  forget: (until: { before: Date; routineBefore: Date }) => Promise<number>;
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
    forget: ({ before, routineBefore }) =>
      database.query(FORGET_LIMIT_MS, async (db) => {
        const isRoutine = and(inArray(runs.job, ROUTINE), eq(runs.result, "completada"));
        const forgotten = await db
          .delete(runs)
          .where(or(lt(runs.startedAt, before), and(isRoutine, lt(runs.startedAt, routineBefore))))
          .returning({ id: runs.id });
        return forgotten.length;
      }),
  };
}
