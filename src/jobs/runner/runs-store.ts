import { and, eq, inArray, lt, or } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { FinishedRun, JobName } from "../job.ts";
import { runs } from "./runs.table.ts";

const APPEND_TIMEOUT_MS = 2_000;
const DELETE_TIMEOUT_MS = 30_000;
const ROUTINE_JOBS: JobName[] = ["entregar-pendientes", "informes-semanales", "alertas"];

export type Runs = {
  /** Inserts all runs or none. Idempotent: skips a run that already exists. */
  append: (finished: readonly FinishedRun[]) => Promise<void>;
  /**
   * Deletes runs that started before `before`, and successful runs of the five-minute jobs that started before
   * `routineBefore`. Returns their number.
   */
  deleteExpired: (limits: { before: Date; routineBefore: Date }) => Promise<number>;
};

/** Finished runs in PostgreSQL. Every call has a timeout, and throws what the database throws. */
export function createRuns(database: Database): Runs {
  return {
    async append(finished) {
      const rows = finished.map(({ startedAtMs, endedAtMs, ...rest }) => ({
        ...rest,
        startedAt: new Date(startedAtMs),
        endedAt: new Date(endedAtMs),
      }));
      await database.query(APPEND_TIMEOUT_MS, (db) =>
        db.insert(runs).values(rows).onConflictDoNothing(),
      );
    },
    deleteExpired: ({ before, routineBefore }) =>
      database.query(DELETE_TIMEOUT_MS, async (db) => {
        const isRoutine = and(inArray(runs.job, ROUTINE_JOBS), eq(runs.result, "completada"));
        const deleted = await db
          .delete(runs)
          .where(or(lt(runs.startedAt, before), and(isRoutine, lt(runs.startedAt, routineBefore))))
          .returning({ id: runs.id });
        return deleted.length;
      }),
  };
}
