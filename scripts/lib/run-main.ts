import { UserError } from "./user-error.ts";

/** Runs a script. Its exit code is what `main` returns (0 for nothing), or 1 after printing a UserError. */
export async function runMain(main: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`✗ ${error.message}`);
    process.exitCode = 1;
  }
}
