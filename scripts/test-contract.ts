import { run } from "./lib/run.ts";

/** `npm run test:contract`: checks the OpenAPI document, and the Worker against it, with external tools. Needs Java. */
process.exitCode = await run("vitest", [
  "run",
  "--config",
  "tests/contract/vitest.config.ts",
  ...process.argv.slice(2),
]);
