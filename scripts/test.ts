import { buildAssets } from "./build-assets.ts";
import { printTotal, runTests } from "./lib/vitest.ts";

/** They take minutes. `npm run test:all` and CI run them. */
const SLOW_PROJECTS = ["worker-neon", "faults-neon", "year"];

// `npm test`: runs every suite except the slow ones. With arguments, runs the tests that the arguments select.
buildAssets();
const args = process.argv.slice(2);
const projects = SLOW_PROJECTS.map((name) => `--project=!${name}`);
process.exitCode = printTotal([
  await runTests("vitest.config.ts", args.length > 0 ? args : projects),
]);
