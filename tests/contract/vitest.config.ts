import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "contract",
    root: import.meta.dirname,
    include: ["*.test.ts"],
    // The first run installs redocly, specmatic and openapi-typescript.
    hookTimeout: 300_000,
    testTimeout: 600_000,
  },
});
