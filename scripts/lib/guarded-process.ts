import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";

const GUARD = join(import.meta.dirname, "child-guard.mjs");

export type GuardedProcess = {
  /** Of the guard, which is the parent of the program. */
  pid: number;
  /** Resolves to the program's exit code. */
  ended: Promise<number>;
  /** Stops the program and waits for its end. Safe to call twice. */
  stop: () => Promise<void>;
};

export type GuardedProcessOptions = {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Receives standard output and standard error. */
  logFile: string;
  stopSignal: "SIGINT" | "SIGTERM";
  /** After this time a program that ignores the stop signal is killed. */
  graceSeconds: number;
  /** The user that runs the program. Only root can set it. */
  user?: { uid: number; gid: number } | undefined;
};

/** Starts a program that ends when this process ends, even after a `kill -9` of this process. */
export async function startGuarded(
  program: string,
  args: string[],
  { cwd, env = process.env, logFile, stopSignal, graceSeconds, user }: GuardedProcessOptions,
): Promise<GuardedProcess> {
  const log = openSync(logFile, "a", 0o600);
  const guard = spawn(
    process.execPath,
    [GUARD, stopSignal, String(graceSeconds), program, ...args],
    {
      cwd,
      env: { ...env, ...(user && { GUARD_UID: String(user.uid), GUARD_GID: String(user.gid) }) },
      stdio: ["pipe", log, log],
      // A separate process group: Ctrl-C in the terminal does not reach it.
      detached: true,
    },
  );
  closeSync(log);
  await once(guard, "spawn");
  const ended = waitForExit(guard);
  return {
    pid: guard.pid ?? 0,
    ended,
    async stop() {
      guard.stdin?.end();
      await ended;
    },
  };
}

async function waitForExit(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return code ?? (signal ? 1 : 0);
}
