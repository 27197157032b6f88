import type { Config } from "../../config.ts";
import { inJurisdiction } from "../../lib/jurisdiction.ts";
import type { JobName } from "../job.ts";
import type { JobObject } from "./job.object.ts";

/** There is one object a job. */
export function jobStub(env: Env, config: Config, name: JobName): DurableObjectStub<JobObject> {
  return inJurisdiction(env.JOBS, config).getByName(name);
}
