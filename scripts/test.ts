import { buildAssets } from "./build-assets.ts";
import { printTotal, runTests } from "./lib/vitest.ts";

/** The worker and fault suites once more, with Neon's driver. */
const SECOND_PASSES = ["worker-neon", "faults-neon"];
/** They take minutes. `npm run test:all` and CI run them. */
const SLOW_PROJECTS = [...SECOND_PASSES, "year"];

// `npm test`: runs every suite except the slow ones. With arguments, runs the tests that the arguments select: a file once,
// unless `--project` says otherwise.
buildAssets();
const args = process.argv.slice(2);
const excluded = args.length === 0 ? SLOW_PROJECTS : SECOND_PASSES;
const projects = args.some((arg) => arg.startsWith("--project"))
  ? []
  : excluded.map((name) => `--project=!${name}`);
process.exit(printTotal([await runTests("vitest.config.ts", [...args, ...projects])]));
