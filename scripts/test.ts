import { buildAssets } from "./build-assets.ts";
import { printTotal, runTests } from "./lib/vitest.ts";

/** These take minutes: `npm run test:all` runs them, and so does CI. */
const SLOW_PROJECTS = ["worker-neon", "faults-neon", "year"];

/** `npm test`: every suite that takes less than minutes. With arguments, the tests that Vitest picks by them. */
buildAssets();
const args = process.argv.slice(2);
const projects = SLOW_PROJECTS.map((name) => `--project=!${name}`);
process.exitCode = printTotal([
  await runTests("vitest.config.ts", args.length > 0 ? args : projects),
]);
