import { printTotal, runTests } from "./lib/vitest.ts";

/** `npm run test:n8n`: runs the flows in a real n8n against the Worker. Installs n8n the first time. */
process.exit(
  printTotal([
    await runTests("tests/n8n/vitest.config.ts", ["--reporter=verbose", ...process.argv.slice(2)]),
  ]),
);
