import { createApp } from "./app.ts";
import { startDueJobs } from "./jobs/start-due-jobs.ts";

export { AccessObject } from "./access/access.object.ts";
export { ChatObject } from "./chats/chat.object.ts";
export { IdempotencyKeyObject } from "./chats/idempotency-key.object.ts";
export { ClockObject } from "./coordinator/coordinator.object.ts";
export { JobObject } from "./jobs/runner/job.object.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: (_, env) => startDueJobs(env),
} satisfies ExportedHandler<Env>;
