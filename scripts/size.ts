import { gzipSync } from "node:zlib";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { buildBundle } from "./lib/bundle.ts";
import { median } from "./lib/median.ts";

const ROUNDS = 5;
const FREE_PLAN_GZIP_KIB = 3 * 1024;

/** `npm run size`: builds the bundle of a deploy and prints its size and its start-up time. */
async function main(): Promise<number> {
  const bundle = await buildBundle();
  if (!bundle) return 1;
  const gzipKib = gzipSync(bundle).length / 1024;
  console.log(
    `Tamaño: ${Math.round(bundle.length / 1024)} KiB, ${Math.round(gzipKib)} KiB con gzip.`,
  );

  const emptyWorker = "export default { fetch: () => new Response() }";
  const bundleMs = await measureStartMs(bundle.toString());
  const emptyMs = await measureStartMs(emptyWorker);
  console.log(
    `Arranque: ${Math.round(bundleMs - emptyMs)} ms más que un Worker vacío (mediana de ${ROUNDS}; ${Math.round(bundleMs)} y ${Math.round(emptyMs)} ms con el proceso entero).`,
  );
  if (gzipKib <= FREE_PLAN_GZIP_KIB) return 0;
  console.error(`✗ El plan gratuito admite ${FREE_PLAN_GZIP_KIB} KiB con gzip.`);
  return 1;
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

process.exitCode = await main();
