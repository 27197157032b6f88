import { join } from "node:path";
import { STATE_FOLDER } from "./state.ts";

/** Environment for wrangler: no telemetry, no update check, no files in the user's home folder. */
export const QUIET_WRANGLER = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG_PATH: join(STATE_FOLDER, "wrangler-logs"),
  WRANGLER_REGISTRY_PATH: join(STATE_FOLDER, "wrangler-registry"),
};
