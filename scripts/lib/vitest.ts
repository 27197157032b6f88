import { parseCLI, startVitest, type Reporter, type Vitest } from "vitest/node";

export type TestCounts = { passed: number; failed: number };

/** Vitest's defaults, which Vitest does not add to an explicit list. */
const DEFAULT_REPORTERS =
  process.env["GITHUB_ACTIONS"] === "true" ? ["default", "github-actions"] : ["default"];

/**
 * Runs the tests of one Vitest configuration in this process. `args`: arguments of `vitest run`. The terminal shows
 * Vitest's report only; the output of workerd and wrangler is buffered, and printed if a test fails.
 */
export async function runTests(config: string, args: readonly string[] = []): Promise<TestCounts> {
  const { filter, options } = parseCLI(["vitest", "run", ...args]);
  const { reporter: reporters = DEFAULT_REPORTERS, ...others } = options;
  const output = bufferOutput();
  process.exitCode = 0;
  try {
    const vitest = await startVitest(
      filter,
      { ...others, config, reporters: [showOnFailure(output), ...[reporters].flat()] },
      {},
      output.terminal,
    );
    return countTests(vitest);
  } finally {
    output.release();
  }
}

/**
 * Prints the last line of every test command. Returns the code to exit with, at once: what a failed setup left open would
 * keep the process running.
 */
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
  // A run can fail without a failed test: a file that does not load, an uncaught error.
  const leastFailed = process.exitCode === 0 ? 0 : 1;
  return { passed: countOf("passed"), failed: Math.max(countOf("failed"), leastFailed) };
}

type BufferedOutput = ReturnType<typeof bufferOutput>;

/** Buffers the standard output and error of this process. The streams of `terminal` still write to the terminal. */
function bufferOutput() {
  const { stdout, stderr } = process;
  const terminal = { stdout: passthroughStream(stdout), stderr: passthroughStream(stderr) };
  const chunks: string[] = [];
  const buffer = (chunk: string | Uint8Array): boolean => {
    chunks.push(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk));
    return true;
  };
  stdout.write = buffer;
  stderr.write = buffer;
  return {
    terminal,
    buffered: () => chunks.join(""),
    release(): void {
      // Without these own properties, `write` is the method of the class again.
      Reflect.deleteProperty(stdout, "write");
      Reflect.deleteProperty(stderr, "write");
    },
  };
}

/** A view of the stream that keeps the current `write`, even if that of the stream is replaced later. */
function passthroughStream(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return Object.create(stream, { write: { value: stream.write.bind(stream) } }) as typeof stream;
}

/** Register this reporter first, so that the list of failures stays at the end of the terminal. */
function showOnFailure({ buffered, terminal }: BufferedOutput): Reporter {
  return {
    onTestRunEnd(_, errors, reason) {
      if (reason === "failed" || errors.length > 0) terminal.stdout.write(buffered());
    },
  };
}
