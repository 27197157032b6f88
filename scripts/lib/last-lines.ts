import { readFileSync } from "node:fs";

const SHOWN_LINES = 15;

/** The end of a log, for a person who must find out what went wrong. */
export function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
}
