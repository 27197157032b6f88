import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { withDatabaseUrl } from "../lib/database.ts";
import { UserError } from "../lib/user-error.ts";
import { readBackupConfig } from "./backup-config.ts";
import type { Command } from "./command-type.ts";
import { createMissingDatabase } from "./create-missing-database.ts";
import { withBackup } from "./open-backup.ts";
import { deleteExpiredRows, fetchKnownErasures, printRestored } from "./restore-steps.ts";
import { restoreDatabase } from "./restore-database.ts";
import { findService } from "./service-backups.ts";
import { writeFlowFiles } from "./write-flow-files.ts";

/** `npm run restore`: replaces this folder's database, writes the n8n flows of a backup as files, or both. */
export const restoreCommand: Command = {
  usage:
    "npm run restore -- --from latest|copia|carpeta [--a-no-vacia] [--url https://…] [--flujos carpeta [--solo-flujos]]",
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        from: { type: "string", default: "latest" },
        url: { type: "string" },
        flujos: { type: "string" },
        "solo-flujos": { type: "boolean", default: false },
        "a-no-vacia": { type: "boolean", default: false },
        force: { type: "boolean", default: false },
      },
    });
    const { flujos: flowsFolder, "solo-flujos": isFlowsOnly } = values;
    if (isFlowsOnly && !flowsFolder) throw new UserError("Falta la carpeta: --flujos carpeta");
    const { config, backupKey } = readBackupConfig();
    const service = findService(values.url);
    await withBackup(values.from, { service, backupKey }, async (backup) => {
      if (flowsFolder) await writeFlowFiles(backup, resolve(flowsFolder));
      if (isFlowsOnly) return;
      const erasures = await fetchKnownErasures(service);
      await withDatabaseUrl(async (url) => {
        console.log("· Restaurando…");
        const replace = values["a-no-vacia"] || values.force;
        printRestored(await restoreDatabase(url, backup, { erasures, replace }));
        await deleteExpiredRows(url, config);
      }, createMissingDatabase);
    });
  },
};
