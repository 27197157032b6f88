import { runBinary } from "./lib/run-binary.ts";

const CHECKS = [
  ["oxfmt", ["--check", "."]],
  ["oxlint", ["--type-aware", "--deny-warnings"]],
  ["tsc", ["-p", "."]],
  ["knip", []],
] as const;

/** `npm run verify`: checks format, lint and types. A failed check does not skip the others. */
async function verify(): Promise<number> {
  let failures = 0;
  for (const [program, args] of CHECKS) {
    if ((await runBinary(program, [...args])) === 0) continue;
    failures += 1;
    console.error(`✗ ${program} ${args.join(" ")}`);
  }
  if (failures === 0) console.log("✓ formato, lint, tipos y nada sin usar");
  return failures === 0 ? 0 : 1;
}

process.exitCode = await verify();
