import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const TARGET = join(ROOT, "dist/assets/docs");

/** Puts the files of the documentation page where wrangler.toml looks for static assets. */
export function buildAssets(): void {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  for (const file of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
    cpSync(join(ROOT, "node_modules/swagger-ui-dist", file), join(TARGET, file));
  }
  for (const file of ["docs.html", "docs.css", "docs.js"]) {
    cpSync(join(ROOT, "src/docs", file), join(TARGET, file));
  }
}

if (import.meta.main) buildAssets();
