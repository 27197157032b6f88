import { describe, expect, it } from "vitest";
import { cacheReader, mayReadCache } from "./task-command.ts";

const NAMED = {
  type: "resumir",
  idempotencyKey: null,
  caching: { read: true, write: true },
} as const;
const WORK = { cacheTtlSeconds: 60 };

describe("cacheReader", () => {
  it("lets the Worker read the cache for a named task without an Idempotency-Key", () => {
    expect(cacheReader({ command: NAMED, work: WORK })).toBe("worker");
  });

  it.for([
    ["the chat's mode names the task", { ...NAMED, type: null }],
    ["an Idempotency-Key may have its answer already", { ...NAMED, idempotencyKey: "k" }],
  ] as const)("leaves the cache to the chat when %s", ([, command]) => {
    expect(cacheReader({ command, work: WORK })).toBe("chat");
  });

  it.for([
    ["the client sends no-cache", { ...NAMED, caching: { read: false, write: true } }, WORK],
    ["the task's time to live is 0", NAMED, { cacheTtlSeconds: 0 }],
    [
      "the chat's mode names the task and the client sends no-store",
      { ...NAMED, type: null, caching: { read: false, write: false } },
      WORK,
    ],
  ] as const)("reads no cache when %s", ([, command, work]) => {
    expect(cacheReader({ command, work })).toBeNull();
    expect(mayReadCache({ command, work })).toBe(false);
  });
});
