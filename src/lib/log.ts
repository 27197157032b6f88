type Fields = Record<string, unknown>;

/**
 * One JSON object per line, because Workers Logs indexes its fields. `event` is a stable name to search for.
 * Fields never hold a text, a result or a secret.
 */
export const log = {
  info: (event: string, fields: Fields = {}): void => write("log", event, fields),
  warn: (event: string, fields: Fields = {}): void => write("warn", event, fields),
  error: (event: string, fields: Fields = {}): void => write("error", event, fields),
};

/** What an unexpected error may say in the log: its name, message and stack, without its other properties. */
export function describeError(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: messageOf(error) };
  return { error: `${error.name}: ${error.message}`, stack: error.stack };
}

/** A WebSocket, for one, fails with an event that has a message and is no Error. */
function messageOf(error: unknown): string {
  const hasMessage = typeof error === "object" && error !== null && "message" in error;
  return String(hasMessage ? error.message : error);
}

function write(level: "log" | "warn" | "error", event: string, fields: Fields): void {
  // oxlint-disable-next-line no-console -- the only place that writes to the console
  console[level](JSON.stringify({ event, ...fields }));
}
