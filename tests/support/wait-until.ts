const WAIT_TIMEOUT_MS = 90_000;
const POLL_INTERVAL_MS = 50;

/**
 * Polls until `check` returns a truthy value, and returns it.
 * @throws {Error} after 90 s, with the condition in its message
 */
export async function waitUntil<T>(
  check: () => T | Promise<T>,
  condition: string,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + WAIT_TIMEOUT_MS;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`Timed out waiting until ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}
