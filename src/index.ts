import { createApp } from "./app.ts";
import { createServices } from "./services.ts";
import { startDueJobs } from "./jobs/registry/start-due-jobs.ts";

export { IdempotencyKeyObject } from "./chats/idempotency-key.object.ts";
export { CoordinatorObject } from "./coordinator/coordinator.object.ts";
export { AccessObject, ChatObject, JobObject } from "./objects.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: (_, env) => startDueJobs(createServices(env)),
} satisfies ExportedHandler<Env>;
