import { parseCLI, startVitest, type Reporter, type Vitest } from "vitest/node";

export type TestCounts = { passed: number; failed: number };

/**
 * Runs the tests of one Vitest configuration in this process, with the arguments of `vitest run`. The terminal shows
 * Vitest's report. What workerd and wrangler print around it is held back, and shown whole when a test fails.
 */
export async function runTests(config: string, args: readonly string[] = []): Promise<TestCounts> {
  const { filter, options } = parseCLI(["vitest", "run", ...args]);
  const output = holdBackOutput();
  process.exitCode = 0;
  try {
    const vitest = await startVitest(
      filter,
      { ...options, config, reporters: [showOnFailure(output), ...reportersOf(options)] },
      {},
      output.terminal,
    );
    return countTests(vitest);
  } finally {
    output.release();
  }
}

/** Prints the line that ends every test command. Returns the exit code. */
export function printTotal(counts: readonly TestCounts[]): number {
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function countTests({ state }: Vitest): TestCounts {
  const tests = state.getTestModules().flatMap((module) => [...module.children.allTests()]);
  const countOf = (wanted: "passed" | "failed"): number =>
    tests.filter((test) => test.result().state === wanted).length;
  // Vitest also fails without a failed test: when a file does not load, or an error is not caught.
  const leastFailed = process.exitCode === 0 ? 0 : 1;
  return { passed: countOf("passed"), failed: Math.max(countOf("failed"), leastFailed) };
}

type HeldOutput = ReturnType<typeof holdBackOutput>;

/** Keeps what is written to this process's standard output and error. `terminal` still writes to the real ones. */
function holdBackOutput() {
  const { stdout, stderr } = process;
  const terminal = { stdout: directStream(stdout), stderr: directStream(stderr) };
  const chunks: string[] = [];
  const keep = (chunk: string | Uint8Array): boolean => {
    chunks.push(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk));
    return true;
  };
  stdout.write = keep;
  stderr.write = keep;
  return {
    terminal,
    held: () => chunks.join(""),
    release(): void {
      // Their class's own `write` shows again.
      Reflect.deleteProperty(stdout, "write");
      Reflect.deleteProperty(stderr, "write");
    },
  };
}

/** The same stream with its present `write`, whatever replaces that later. */
function directStream(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return Object.create(stream, { write: { value: stream.write.bind(stream) } }) as typeof stream;
}

/** Goes before the reporters that list the failures, so that those stay at the end of the terminal. */
function showOnFailure({ held, terminal }: HeldOutput): Reporter {
  return {
    onTestRunEnd(_, errors, reason) {
      if (reason === "failed" || errors.length > 0) terminal.stdout.write(held());
    },
  };
}

/** Those of the command line, or Vitest's defaults, which it does not add to a list that is given. */
function reportersOf({ reporter, reporters }: ReturnType<typeof parseCLI>["options"]) {
  const asked = reporter ?? reporters;
  if (asked !== undefined) return [asked].flat();
  return process.env["GITHUB_ACTIONS"] === "true" ? ["default", "github-actions"] : ["default"];
}
