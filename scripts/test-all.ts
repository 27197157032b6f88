import { buildAssets } from "./build-assets.ts";
import { printTotal, runTests } from "./lib/vitest.ts";

/** `npm run test:all`: runs every test of the project. Needs Java. Installs n8n the first time. */
const SLOW_CONFIGURATIONS = [
  // Clones the project, installs it and uses it as a new user does.
  "tests/e2e/vitest.config.ts",
  "tests/contract/vitest.config.ts",
  "tests/n8n/vitest.config.ts",
];

buildAssets();
const counts = [await runTests("vitest.config.ts")];
// A file takes minutes, so each of its tests prints a line.
for (const config of SLOW_CONFIGURATIONS) {
  counts.push(await runTests(config, ["--reporter=verbose"]));
}
process.exit(printTotal(counts));
