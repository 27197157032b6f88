import { run } from "./lib/run.ts";

/** `npm run test:watch -- src/text`: runs the unit tests of these files again whenever they or their imports change. */
process.exitCode = await run("vitest", ["watch", "--project", "unit", ...process.argv.slice(2)]);
