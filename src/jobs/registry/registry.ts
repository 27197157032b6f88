import { createAlertsJob, type AlertsContext } from "../../alerts/alerts.job.ts";
import { backupJob, type BackupContext } from "../../backups/backup.job.ts";
import { verifyJob, type VerifyContext } from "../../backups/verify.job.ts";
import { deliverPendingJob, type DeliverPendingContext } from "../../chats/deliver-pending.job.ts";
import { maintenanceJob, type MaintenanceContext } from "../../history/maintenance.job.ts";
import { weeklyReportsJob, type WeeklyReportsContext } from "../../reports/weekly.job.ts";
import type { Job } from "../job.ts";

/**
 * The context of all jobs together. src/objects.ts passes the services, so the compiler checks that nothing is missing.
 */
export type JobContext = DeliverPendingContext &
  MaintenanceContext &
  WeeklyReportsContext &
  BackupContext &
  VerifyContext &
  AlertsContext;

const WATCHED_JOBS: readonly Job<JobContext>[] = [
  deliverPendingJob,
  maintenanceJob,
  weeklyReportsJob,
  backupJob,
  verifyJob,
];

/** Every job. The alerts watch all the others. */
export const JOBS: readonly Job<JobContext>[] = [...WATCHED_JOBS, createAlertsJob(WATCHED_JOBS)];

export function findJob(name: string): Job<JobContext> | undefined {
  return JOBS.find((job) => job.name === name);
}
