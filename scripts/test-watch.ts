import { runBinary } from "./lib/run-binary.ts";

/** `npm run test:watch -- src/text`: runs the unit tests of a path, again after each change of them or their imports. */
process.exitCode = await runBinary("vitest", [
  "watch",
  "--project",
  "unit",
  ...process.argv.slice(2),
]);
