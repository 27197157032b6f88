import { join } from "node:path";
import { installBeside } from "../support/side-install.ts";

/** The folder of the pinned n8n. */
export async function installN8n(): Promise<string> {
  return await installBeside({
    name: "n8n",
    manifest: join(import.meta.dirname, "runtime"),
    size: "2,9 GB, unos cinco minutos",
    // Against the headers that come along.
    compile: ["sqlite3"],
  });
}
