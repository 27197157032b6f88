import { reset } from "cloudflare:test";
import { afterAll, vi } from "vitest";

// The files of a suite share a workerd, because it starts slowly. Each file begins as in a new workerd: with freshly
// loaded modules, empty storage and no running Durable Object.
vi.resetModules();
await reset();

afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
