import { env } from "cloudflare:workers";
import { z } from "zod";
import type { ProxyState } from "./breakable-proxy.ts";

const Bindings = z.object({ DATABASE_CONTROL_URL: z.url() });

/** Sets the state of the proxy between this Worker and its database, in a suite whose environment is breakable. */
export async function setPostgres(state: ProxyState): Promise<void> {
  const { DATABASE_CONTROL_URL } = Bindings.parse({ ...env });
  await fetch(DATABASE_CONTROL_URL, { method: "POST", body: state });
}
