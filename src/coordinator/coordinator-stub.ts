import type { Config } from "../config.ts";
import { inJurisdiction } from "../lib/jurisdiction.ts";

/** The coordinator is one object for the whole service. Its name and its binding are older than its class name. */
export function coordinatorStub(
  env: Pick<Env, "CLOCK">,
  config: Pick<Config, "JURISDICCION">,
): ReturnType<Env["CLOCK"]["getByName"]> {
  return inJurisdiction(env.CLOCK, config).getByName("clock");
}
