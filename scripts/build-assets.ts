import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "./lib/root.ts";

const TARGET = join(ROOT, "dist/assets/docs");

const FILES = [
  "node_modules/swagger-ui-dist/swagger-ui.css",
  "node_modules/swagger-ui-dist/swagger-ui-bundle.js",
  "src/api-docs/docs.html",
  "src/api-docs/docs.css",
  "src/api-docs/docs.js",
];

/**
 * Copies the files of the documentation page to the folder of static assets that wrangler.toml names. Does not touch a
 * file that is up to date: a running service may be reading it.
 */
export function buildAssets(): void {
  mkdirSync(TARGET, { recursive: true });
  for (const file of FILES) {
    const [source, target] = [join(ROOT, file), join(TARGET, basename(file))];
    if (existsSync(target) && readFileSync(source).equals(readFileSync(target))) continue;
    cpSync(source, target);
  }
}

if (import.meta.main) buildAssets();
