import { env } from "cloudflare:workers";
import { inject } from "vitest";
import { parseConfig } from "../../src/config.ts";
import type { ProxyState } from "./breakable-proxy.ts";

/** Sets the state of the proxy between the Worker and its database: PostgreSQL, or Neon's proxy in a Neon suite. */
export async function setPostgres(state: ProxyState): Promise<void> {
  const control =
    parseConfig({ ...env }).DATABASE_DRIVER === "neon" ? "neonControlUrl" : "postgresControlUrl";
  await fetch(inject(control), { method: "POST", body: state });
}
