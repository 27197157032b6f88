import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "contract",
    root: import.meta.dirname,
    include: ["*.test.ts"],
    // The first time, the judges are installed.
    hookTimeout: 300_000,
    testTimeout: 600_000,
  },
});
