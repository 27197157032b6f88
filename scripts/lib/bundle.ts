import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAssets } from "../build-assets.ts";
import { runBinary } from "./run-binary.ts";
import { QUIET_WRANGLER } from "./wrangler.ts";

/** Builds the code that `npm run deploy` uploads. Undefined if wrangler fails, which prints its reason. */
export async function buildBundle(env: NodeJS.ProcessEnv = {}): Promise<Buffer | undefined> {
  buildAssets();
  const folder = await mkdtemp(join(tmpdir(), "asistente-paquete-"));
  try {
    const exitCode = await runBinary("wrangler", ["deploy", "--dry-run", "--outdir", folder], {
      ...QUIET_WRANGLER,
      ...env,
    });
    return exitCode === 0 ? await readFile(join(folder, "index.js")) : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
