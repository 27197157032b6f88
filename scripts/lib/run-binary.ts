import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ROOT } from "./root.ts";

/** Runs a program of node_modules/.bin in the project's folder. Returns its exit code. */
export async function runBinary(
  binary: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<number> {
  const child = spawn(join(ROOT, "node_modules/.bin", binary), args, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}
