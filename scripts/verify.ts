import { run } from "./lib/run.ts";

const CHECKS = [
  ["oxfmt", ["--check", "."]],
  ["oxlint", ["--type-aware", "--deny-warnings"]],
  ["tsc", ["-p", "."]],
] as const;

/** `npm run verify`: format, lint and types. Runs them all, so that one run shows everything there is to mend. */
async function verify(): Promise<number> {
  let failures = 0;
  for (const [program, args] of CHECKS) {
    if ((await run(program, [...args])) === 0) continue;
    failures += 1;
    console.error(`✗ ${program} ${args.join(" ")}`);
  }
  if (failures === 0) console.log("✓ formato, lint y tipos");
  return failures === 0 ? 0 : 1;
}

process.exitCode = await verify();
