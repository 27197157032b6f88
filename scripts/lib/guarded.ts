import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";

const GUARD = join(import.meta.dirname, "guard.mjs");

export type Guarded = {
  pid: number;
  /** Settles when the program has ended, with its exit code. */
  ended: Promise<number>;
  /** Ends the program and waits until it has. Safe to call twice. */
  stop: () => Promise<void>;
};

export type GuardedOptions = {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Where its output goes. */
  logFile: string;
  stopSignal: "SIGINT" | "SIGTERM";
  graceSeconds: number;
  /** Whom to run it as, when this process is root. */
  user?: { uid: number; gid: number } | undefined;
};

/** Starts a program that cannot outlive this process, however this process ends. */
export async function startGuarded(
  program: string,
  args: string[],
  { cwd, env = process.env, logFile, stopSignal, graceSeconds, user }: GuardedOptions,
): Promise<Guarded> {
  const log = openSync(logFile, "a", 0o600);
  const guard = spawn(
    process.execPath,
    [GUARD, stopSignal, String(graceSeconds), program, ...args],
    {
      cwd,
      env: { ...env, ...(user && { GUARD_UID: String(user.uid), GUARD_GID: String(user.gid) }) },
      stdio: ["pipe", log, log],
      // A group of its own, which Ctrl-C in the terminal does not reach.
      detached: true,
    },
  );
  closeSync(log);
  await once(guard, "spawn");
  const ended = exitOf(guard);
  return {
    pid: guard.pid ?? 0,
    ended,
    async stop() {
      guard.stdin?.end();
      await ended;
    },
  };
}

async function exitOf(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return code ?? (signal ? 1 : 0);
}
