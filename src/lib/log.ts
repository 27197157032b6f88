type LogFields = Record<string, unknown>;

/**
 * Logs one JSON object per line, because Workers Logs indexes its fields. `event` is a stable name to search for. Fields
 * never hold a client's text, a result or a secret.
 */
export const log = {
  info: (event: string, fields: LogFields = {}): void => write("log", event, fields),
  warn: (event: string, fields: LogFields = {}): void => write("warn", event, fields),
  error: (event: string, fields: LogFields = {}): void => write("error", event, fields),
};

/** Returns the fields of an unexpected error that may be logged: its name, message and stack, no other property. */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: messageOf(error) };
  return { error: `${error.name}: ${error.message}`, stack: error.stack };
}

/** Some failures are not Errors: a WebSocket fails with an event that has a message. */
function messageOf(error: unknown): string {
  const hasMessage = typeof error === "object" && error !== null && "message" in error;
  return String(hasMessage ? error.message : error);
}

function write(level: "log" | "warn" | "error", event: string, fields: LogFields): void {
  // oxlint-disable-next-line no-console -- the only place that writes to the console
  console[level](JSON.stringify({ event, ...fields }));
}
