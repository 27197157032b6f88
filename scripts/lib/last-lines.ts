import { readFileSync } from "node:fs";

const SHOWN_LINES = 15;

/** The last lines of a log file, for an error message. */
export function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
}
