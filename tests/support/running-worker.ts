import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { makeClone, startService, type Service } from "../e2e/service.ts";

/**
 * Starts the service as `npm start` does, in a copy of the project with its own data and this project's node_modules.
 * The service uses the model at `modelUrl`.
 */
export async function startWorker(
  modelUrl: string,
  settings: Record<string, string> = {},
): Promise<Service & { remove: () => Promise<void> }> {
  const clone = makeClone();
  const nodeModules = join(import.meta.dirname, "../../node_modules");
  symlinkSync(nodeModules, join(clone.folder, "node_modules"));
  // Not `npm start`: its bootstrap step would install packages into the linked node_modules.
  const service = await startService(
    clone,
    {
      PATH: `${join(nodeModules, ".bin")}:${process.env["PATH"] ?? ""}`,
      PORT: String(await findFreePort()),
      OPENAI_API_KEY: "sk-de-prueba",
      OPENAI_BASE_URL: modelUrl,
      ...settings,
    },
    [process.execPath, "--disable-warning=ExperimentalWarning", "scripts/start.ts"],
  );
  return {
    ...service,
    remove: async () => {
      await service.stop("SIGTERM");
      clone.remove();
    },
  };
}
