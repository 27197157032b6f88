import { constants } from "node:os";

const pendingCleanups = new Set<() => Promise<void>>();
let shutdown: Promise<void> | undefined;

/** Runs `clean` after `work` ends or throws, or when a signal ends this process before that. Runs it once. */
export async function withCleanup<T>(
  clean: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  pendingCleanups.add(clean);
  try {
    return await work();
  } finally {
    if (pendingCleanups.delete(clean)) await clean();
    // The shutdown is running this cleanup: the caller must not close what it uses (a connection) before it ends.
    else await shutdown;
  }
}

/** From here on, Ctrl-C, SIGTERM and SIGHUP run the pending cleanups, newest first, print `message` and end this process. */
export function cleanUpOnSignals(message: string): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      shutdown ??= shutDown(message, 128 + constants.signals[signal]);
    });
  }
}

/** Whether a signal is ending this process: an error is then a consequence of that and is not reported. */
export function isShuttingDown(): boolean {
  return shutdown !== undefined;
}

async function shutDown(message: string, exitCode: number): Promise<void> {
  for (const clean of [...pendingCleanups].toReversed()) {
    if (!pendingCleanups.delete(clean)) continue;
    await clean().catch((error: unknown) => console.error(error));
  }
  console.error(`\n✗ ${message}`);
  process.exit(exitCode);
}
