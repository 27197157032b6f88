import { SECRETS } from "./secrets.ts";

/** Secrets, which may appear neither in a response nor in a log line. */
const secrets = new Set(SECRETS);
/** Texts of clients, which may appear in responses but not in a log line. */
const clientTexts = new Set<string>();
const loggedLines: string[] = [];

export function registerSecret(secret: string): void {
  secrets.add(secret);
}

export function registerClientText(text: string): void {
  clientTexts.add(text);
}

/**
 * Returns the secrets that a text holds, cut to 8 characters: the report of a failing test must not show them either.
 */
export function findSecrets(text: string): string[] {
  return [...secrets].filter((secret) => text.includes(secret)).map((secret) => secret.slice(0, 8));
}

/** Returns the secrets and client texts that were logged since the last call. */
export function takeLeaks(): string[] {
  const lines = loggedLines.splice(0).join("\n");
  return [...findSecrets(lines), ...[...clientTexts].filter((text) => lines.includes(text))];
}

/** Records everything that is written to the console from now on, until the returned function is called. */
export function watchConsole(): () => void {
  const { debug, log, info, warn, error } = console;
  for (const level of ["debug", "log", "info", "warn", "error"] as const) {
    const write = console[level];
    console[level] = (...args: unknown[]) => {
      loggedLines.push(args.map(String).join(" "));
      write(...args);
    };
  }
  return () => void Object.assign(console, { debug, log, info, warn, error });
}
