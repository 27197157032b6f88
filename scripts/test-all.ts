import { buildAssets } from "./build-assets.ts";
import { printTotal, runTests } from "./lib/vitest.ts";

/** `npm run test:all`: runs every test of the project. Needs Java. Installs n8n the first time. */
const CONFIGURATIONS = [
  "vitest.config.ts",
  // Clones the project, installs it and uses it as a new user does.
  "tests/e2e/vitest.config.ts",
  "tests/contract/vitest.config.ts",
  "tests/n8n/vitest.config.ts",
];

buildAssets();
const counts = [];
for (const config of CONFIGURATIONS) counts.push(await runTests(config));
process.exitCode = printTotal(counts);
