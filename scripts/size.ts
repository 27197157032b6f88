import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { buildAssets } from "./build-assets.ts";
import { run } from "./lib/run.ts";
import { QUIET_WRANGLER } from "./lib/wrangler.ts";

const ROUNDS = 5;
const FREE_PLAN_GZIP_KIB = 3 * 1024;

/** `npm run size`: builds what a deploy would send; prints its size and how long its code takes to start. */
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
    const [ours, floor] = [await startMs(bundle.toString()), await startMs(empty)];
    console.log(
      `Arranque: ${Math.round(ours - floor)} ms más que un Worker vacío (mediana de ${ROUNDS}; ${Math.round(ours)} y ${Math.round(floor)} ms con el proceso entero).`,
    );
    if (gzipKib <= FREE_PLAN_GZIP_KIB) return 0;
    console.error(`✗ El plan gratuito admite ${FREE_PLAN_GZIP_KIB} KiB con gzip.`);
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** From the start of workerd's process to the first answer: the median, in ms. */
async function startMs(script: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
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
    times.push(performance.now() - start);
    await miniflare.dispose();
  }
  return times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
}

process.exitCode = await size();
