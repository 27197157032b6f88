import { execFileSync } from "node:child_process";

/**
 * State and command line of a process as `ps` prints them, for example `Sl node start.ts`; empty if the pid is not in
 * use. A pid is reused by the system, so check the command line before you act on it.
 */
export function describeProcess(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "stat=,args=", "-p", String(pid)])
      .toString()
      .trim();
  } catch {
    // `ps` fails if no such process exists.
    return "";
  }
}
