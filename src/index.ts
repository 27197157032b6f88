import { createApp } from "./app.ts";
import { runScheduled } from "./jobs/jobs.ts";

export { ChatObject } from "./chats/chat.object.ts";
export { IdempotencyKeyObject } from "./chats/idempotency-key.object.ts";
export { ClockObject } from "./jobs/clock.object.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: ({ cron }, env) => runScheduled(env, cron),
} satisfies ExportedHandler<Env>;
