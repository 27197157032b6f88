import { constants } from "node:os";

const cleanups = new Set<() => Promise<void>>();
let ending: Promise<void> | undefined;

/** Does `clean` once `work` has ended, whatever its end, or when this process is told to stop in the middle of it. */
export async function withCleanup<T>(
  clean: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  cleanups.add(clean);
  try {
    return await work();
  } finally {
    if (cleanups.delete(clean)) await clean();
    // What it needs must not be closed around it.
    else await ending;
  }
}

/** From here on Ctrl-C and its like end this process only after what was begun is cleaned up. */
export function cleanUpOnSignals(farewell: string): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      ending ??= end(farewell, 128 + constants.signals[signal]);
    });
  }
}

/** What fails while this process ends fails because of that. */
export function isEnding(): boolean {
  return ending !== undefined;
}

async function end(farewell: string, code: number): Promise<void> {
  for (const clean of [...cleanups].toReversed()) {
    if (!cleanups.delete(clean)) continue;
    await clean().catch((error: unknown) => console.error(error));
  }
  console.error(`\n✗ ${farewell}`);
  process.exit(code);
}
