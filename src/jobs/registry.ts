import { alertsJob } from "../alerts/alerts.job.ts";
import { backupJob } from "../backups/backup.job.ts";
import { verifyJob } from "../backups/verify.job.ts";
import type { Job, JobName } from "./job.ts";
import { weeklyReportsJob } from "../reports/weekly.job.ts";
import { sweepJob } from "../chats/deliver-pending.job.ts";
import { upkeepJob } from "../history/maintenance.job.ts";

const WATCHED: readonly Job[] = [sweepJob, upkeepJob, weeklyReportsJob, backupJob, verifyJob];

/** Every job there is. The one that tells of troubles watches all others. */
export const JOBS: readonly Job[] = [...WATCHED, alertsJob(WATCHED)];

export function findJob(name: string): Job | undefined {
  return JOBS.find((job) => job.name === name);
}

/** @throws when a run on disk is of a job that a newer version no longer has */
export function jobOf(name: JobName): Job {
  const job = findJob(name);
  if (!job) throw new Error(`There is no job ${name}`);
  return job;
}
