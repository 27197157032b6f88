import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readPart } from "../../src/backups/part.ts";
import type { OpenBackup } from "./open-backup.ts";

const Flow = z.looseObject({ id: z.string(), name: z.string() });

/** Writes each n8n flow of a backup as a file that n8n can import. Of two flows with the same id the later one stays. */
export async function writeFlowFiles(
  { manifest, storage, backupKey }: OpenBackup,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const ids = new Set<string>();
  for (const part of manifest.flows) {
    for await (const lines of readPart(storage, part, backupKey)) {
      for (const line of lines) {
        const flow = Flow.parse(JSON.parse(line));
        ids.add(flow.id);
        const file = `${flow.id.replaceAll(/[^\w-]/g, "_")}.json`;
        await writeFile(join(folder, file), `${JSON.stringify(flow, null, 2)}\n`);
        console.log(`  ${file}: ${flow.name}`);
      }
    }
  }
  console.log(`✓ ${ids.size} flujos de n8n en ${folder}.`);
}
