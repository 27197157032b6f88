import { printTotal, runTests } from "./lib/vitest.ts";

/** `npm run test:contract`: checks the OpenAPI document, and the Worker against it, with external tools. Needs Java. */
process.exit(
  printTotal([
    await runTests("tests/contract/vitest.config.ts", [
      "--reporter=verbose",
      ...process.argv.slice(2),
    ]),
  ]),
);
