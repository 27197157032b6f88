import { SECRETS } from "./secrets.ts";

/** What may be in no answer and no line of the log. */
const known = new Set(SECRETS);
/** What people said: it may be in answers, and in no line of the log. */
const said = new Set<string>();
const logged: string[] = [];

export function noteSecret(secret: string): void {
  known.add(secret);
}

export function noteText(text: string): void {
  said.add(text);
}

/** The secrets that a text holds, cut short: a failing test's report is no place for them either. */
export function secretsIn(text: string): string[] {
  return [...known].filter((secret) => text.includes(secret)).map((secret) => secret.slice(0, 8));
}

/** What the log holds and should not, since it was last asked; it is forgotten then. */
export function takeLeaks(): string[] {
  const lines = logged.splice(0).join("\n");
  return [...secretsIn(lines), ...[...said].filter((text) => lines.includes(text))];
}

/** From now on, everything that is written to the console is looked at. */
export function watchConsole(): void {
  for (const level of ["debug", "log", "info", "warn", "error"] as const) {
    const write = console[level];
    console[level] = (...told: unknown[]) => {
      logged.push(told.map(String).join(" "));
      write(...told);
    };
  }
}
