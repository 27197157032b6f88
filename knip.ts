import type { KnipConfig } from "knip";

/** Finds unused files, exports and dependencies; part of `npm run verify`. */
export default {
  entry: [
    "src/api-docs/docs.js",
    "scripts/*.ts",
    "scripts/bench/*.ts",
    "scripts/flows/*.ts",
    "scripts/lib/child-guard.mjs",
    "tests/**/*.test.ts",
    "tests/**/*.suite.ts",
    "tests/**/vitest.config.ts",
  ],
  project: ["src/**/*.{ts,js}", "scripts/**/*.{ts,mjs}", "tests/**/*.ts"],
  // Generated from the OpenAPI document.
  ignore: ["tests/contract/client/**"],
  ignoreDependencies: [
    // The scripts start them by path or copy files out of them.
    "wrangler",
    "swagger-ui-dist",
    // Types of packages that ship none.
    "@types/mailparser",
    "@types/smtp-server",
  ],
  // Installed by people who want `npm run db`.
  ignoreBinaries: ["psql"],
} satisfies KnipConfig;
