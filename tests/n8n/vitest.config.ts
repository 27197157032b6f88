import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "n8n",
    root: import.meta.dirname,
    include: ["*.test.ts"],
    // The first time, n8n is installed: on two cores, about five minutes.
    hookTimeout: 900_000,
    testTimeout: 150_000,
    fileParallelism: false,
    reporters: ["verbose"],
  },
});
