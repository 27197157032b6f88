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
  // A WebSocket fails with an event that has a message and is no Error.
  if (error instanceof ErrorEvent) return { error: `ErrorEvent: ${error.message}` };
  if (!(error instanceof Error)) return { error: String(error) };
  return { error: `${error.name}: ${error.message}`, stack: error.stack };
}

function write(level: "log" | "warn" | "error", event: string, fields: Fields): void {
  // oxlint-disable-next-line no-console -- the only place that writes to the console
  console[level](JSON.stringify({ event, ...fields }));
}
