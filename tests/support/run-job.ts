import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { coordinatorStub } from "../../src/coordinator/coordinator-stub.ts";
import type { Counts, FinishedRun, Job, JobName, Json } from "../../src/jobs/job.ts";
import { jobStub } from "../../src/jobs/runner/job-stub.ts";
import type { Services } from "../../src/services.ts";

const MAX_SLICES = 1_000;
const config = parseConfig({ ...env });

/** Runs all slices of a job in the test, without the job's object, and returns the sum of their counts. */
export async function runSlices(job: Job<Services>, services: Services): Promise<Counts> {
  const run = { id: crypto.randomUUID(), startedAtMs: services.now() };
  const total: Counts = {};
  let state: Json = null;
  for (let slices = 0; slices < MAX_SLICES; slices += 1) {
    const slice = await job.runSlice(services, state, run);
    for (const [name, count] of Object.entries(slice.counts ?? {})) {
      total[name] = (total[name] ?? 0) + count;
    }
    if (slice.done) return total;
    // A copy, as if it had been read from disk.
    state = structuredClone(slice.state);
  }
  throw new Error(`${job.name} is not done after ${MAX_SLICES} slices`);
}

/** Starts a job through its object, as the route does, and waits until the run has ended. */
export async function runJob(name: JobName): Promise<FinishedRun> {
  const { runId } = await jobStub(env, config, name).start(name);
  return await waitForEnd(name, runId);
}

/** Runs the alarms of the job's object, whatever time they are set to, until the run has ended. */
export async function waitForEnd(name: JobName, runId: string): Promise<FinishedRun> {
  return await vi.waitFor(
    async () => {
      await runDurableObjectAlarm(jobStub(env, config, name));
      const entries = await coordinatorStub(env, config).listJobs();
      const last = entries.find(({ job }) => job === name)?.last;
      if (last?.id !== runId) throw new Error(`The run of ${name} has not ended`);
      return last;
    },
    { timeout: 15_000, interval: 20 },
  );
}
