import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { buildAssets } from "./build-assets.ts";
import { median } from "./lib/median.ts";
import { run } from "./lib/run.ts";
import { QUIET_WRANGLER } from "./lib/wrangler.ts";

const ROUNDS = 5;
const FREE_PLAN_GZIP_KIB = 3 * 1024;

/** `npm run size`: builds the bundle of a deploy and prints its size and its start-up time. */
async function size(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "asistente-paquete-"));
  try {
    buildAssets();
    const code = await run("wrangler", ["deploy", "--dry-run", "--outdir", folder], QUIET_WRANGLER);
    if (code !== 0) return code;
    const bundle = await readFile(join(folder, "index.js"));
    const gzipKib = gzipSync(bundle).length / 1024;
    console.log(
      `Tamaño: ${Math.round(bundle.length / 1024)} KiB, ${Math.round(gzipKib)} KiB con gzip.`,
    );

    const empty = "export default { fetch: () => new Response() }";
    const bundleMs = await measureStartMs(bundle.toString());
    const emptyMs = await measureStartMs(empty);
    console.log(
      `Arranque: ${Math.round(bundleMs - emptyMs)} ms más que un Worker vacío (mediana de ${ROUNDS}; ${Math.round(bundleMs)} y ${Math.round(emptyMs)} ms con el proceso entero).`,
    );
    if (gzipKib <= FREE_PLAN_GZIP_KIB) return 0;
    console.error(`✗ El plan gratuito admite ${FREE_PLAN_GZIP_KIB} KiB con gzip.`);
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Median time in ms from the start of the workerd process to the first response. */
async function measureStartMs(script: string): Promise<number> {
  const timesMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        modules: [{ type: "ESModule", path: "index.js", contents: script }],
        compatibilityDate: "2026-10-01",
        compatibilityFlags: ["nodejs_compat"],
        bindings: { API_KEY: "solo-para-medir-el-arranque" },
        kvNamespaces: ["CACHE"],
        host: "127.0.0.1",
      }),
    );
    await miniflare.dispatchFetch("http://127.0.0.1/health");
    timesMs.push(performance.now() - startMs);
    await miniflare.dispose();
  }
  return median(timesMs);
}

process.exitCode = await size();
