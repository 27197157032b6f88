import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildAssets } from "./build-assets.ts";
import { ROOT } from "./lib/root.ts";
import { runBinary } from "./lib/run-binary.ts";
import { QUIET_WRANGLER } from "./lib/wrangler.ts";

/** The placeholder in wrangler.toml. */
const UNSET_HYPERDRIVE = 'id = "00000000000000000000000000000000"';

/** `npm run deploy`: builds the assets and runs `wrangler deploy` with the given arguments. */
async function deploy(args: string[]): Promise<number> {
  const isDryRun = args.includes("--dry-run");
  const configuration = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  if (!isDryRun && configuration.includes(UNSET_HYPERDRIVE)) {
    console.error(
      "✗ Falta tu Hyperdrive. Créalo con «npx wrangler hyperdrive create asistente-ia --caching-disabled --connection-string=postgres://…» y pon su id en wrangler.toml.",
    );
    return 1;
  }
  buildAssets();
  return await runBinary("wrangler", ["deploy", ...args], QUIET_WRANGLER);
}

process.exitCode = await deploy(process.argv.slice(2));
