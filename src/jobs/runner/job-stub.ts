import type { Config } from "../../config.ts";
import { inJurisdiction } from "../../lib/jurisdiction.ts";
import type { JobName } from "../job.ts";

/** Each job has one object, with the job's name. */
export function jobStub(
  env: Pick<Env, "JOBS">,
  config: Pick<Config, "JURISDICCION">,
  name: JobName,
): ReturnType<Env["JOBS"]["getByName"]> {
  return inJurisdiction(env.JOBS, config).getByName(name);
}
