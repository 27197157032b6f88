import type { Config } from "../config.ts";
import { inJurisdiction } from "../lib/jurisdiction.ts";

export type AccessStub = ReturnType<Env["ACCESS"]["getByName"]>;

/** Returns the stub of the one access object of the service. */
export function accessStub(
  env: Pick<Env, "ACCESS">,
  config: Pick<Config, "JURISDICCION">,
): AccessStub {
  return inJurisdiction(env.ACCESS, config).getByName("access");
}
