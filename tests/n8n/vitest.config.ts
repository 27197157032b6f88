import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "n8n",
    root: import.meta.dirname,
    include: ["*.test.ts"],
    // The first run installs n8n, which takes about five minutes on two cores.
    hookTimeout: 900_000,
    testTimeout: 150_000,
    fileParallelism: false,
  },
});
