import { cpus, totalmem } from "node:os";

/** Processors and memory, for the heading of a benchmark report. */
export function describeMachine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}
