import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { makeClone, startService, type Service } from "../e2e/service.ts";

/**
 * The program as `npm start` runs it, in a copy of the project with its own data and this project's packages, and a
 * model behind it.
 */
export async function startWorker(
  modelUrl: string,
  settings: Record<string, string> = {},
): Promise<Service & { remove: () => Promise<void> }> {
  const clone = makeClone();
  const packages = join(import.meta.dirname, "../../node_modules");
  symlinkSync(packages, join(clone.folder, "node_modules"));
  // Without npm, which would see to the packages first, and these are not the copy's own.
  const service = await startService(
    clone,
    {
      PATH: `${join(packages, ".bin")}:${process.env["PATH"] ?? ""}`,
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
