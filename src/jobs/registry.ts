import type { Job, JobName } from "./job.ts";
import { weeklyReportsJob } from "../reports/weekly.job.ts";
import { sweepJob } from "./sweep.job.ts";
import { upkeepJob } from "./upkeep.job.ts";

/** Every job there is. */
export const JOBS: readonly Job[] = [sweepJob, upkeepJob, weeklyReportsJob];

export function findJob(name: string): Job | undefined {
  return JOBS.find((job) => job.name === name);
}

/** @throws when a run on disk is of a job that a newer version no longer has */
export function jobOf(name: JobName): Job {
  const job = findJob(name);
  if (!job) throw new Error(`There is no job ${name}`);
  return job;
}
