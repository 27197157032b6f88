import { join } from "node:path";
import { installTool } from "../support/install-tool.ts";

/** Installs the pinned n8n, once, and returns its folder. */
export async function installN8n(): Promise<string> {
  return await installTool({
    name: "n8n",
    manifestFolder: join(import.meta.dirname, "runtime"),
    size: "2,9 GB, unos cinco minutos",
    compile: ["sqlite3"],
  });
}
