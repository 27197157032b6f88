import type { Config } from "../config.ts";
import { inJurisdiction } from "../lib/jurisdiction.ts";
import type { AccessObject } from "./access.object.ts";

/** There is one for the whole service. */
export function accessStub(env: Env, config: Config): DurableObjectStub<AccessObject> {
  return inJurisdiction(env.ACCESS, config).getByName("access");
}
