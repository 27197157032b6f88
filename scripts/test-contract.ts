import { run } from "./lib/run.ts";

/** `npm run test:contract`: others judge the OpenAPI document, and the Worker by it. Needs Java. */
process.exitCode = await run("vitest", [
  "run",
  "--config",
  "tests/contract/vitest.config.ts",
  ...process.argv.slice(2),
]);
