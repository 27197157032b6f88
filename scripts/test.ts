import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAssets } from "./build-assets.ts";
import { run } from "./lib/run.ts";

type Counts = { passed: number; failed: number };

/**
 * `npm test`: every suite, then the end-to-end test in a fresh clone. With arguments, only what vitest picks by them.
 * Ends with one line that counts them all.
 */
async function test(args: string[]): Promise<number> {
  buildAssets();
  const folder = await mkdtemp(join(tmpdir(), "asistente-informe-"));
  try {
    const suites = [await runSuite("vitest.config.ts", args, join(folder, "suites.json"))];
    if (args.length === 0) {
      suites.push(await runSuite("tests/e2e/vitest.config.ts", [], join(folder, "e2e.json")));
    }
    const passed = suites.reduce((sum, suite) => sum + suite.passed, 0);
    const failed = suites.reduce((sum, suite) => sum + suite.failed, 0);
    console.log(`\n${passed} passed, ${failed} failed`);
    return failed === 0 && passed > 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runSuite(config: string, args: string[], report: string): Promise<Counts> {
  const code = await run("vitest", [
    "run",
    "--config",
    config,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...args,
  ]);
  const { numPassedTests = 0, numFailedTests = 0 } = await readReport(report);
  // Vitest also fails for what no test is to blame for: a suite that did not load, an error nobody caught.
  return { passed: numPassedTests, failed: Math.max(numFailedTests, code === 0 ? 0 : 1) };
}

async function readReport(
  path: string,
): Promise<{ numPassedTests?: number; numFailedTests?: number }> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as { numPassedTests?: number };
  } catch (error) {
    console.error(`Vitest no dejó su informe: ${String(error)}`);
    return {};
  }
}

process.exitCode = await test(process.argv.slice(2));
