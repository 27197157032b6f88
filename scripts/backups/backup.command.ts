import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { skipMigration, withDatabaseUrl } from "../lib/database.ts";
import { UserError } from "../lib/user-error.ts";
import { backupDatabase } from "./backup-database.ts";
import { readBackupConfig } from "./backup-config.ts";
import type { Command } from "./command-type.ts";

const usage = "npm run backup -- --to carpeta";

/** `npm run backup`: copies this folder's database into a new folder below `--to`. */
export const backupCommand: Command = {
  usage,
  async run(args) {
    const { to } = parseArgs({ args, options: { to: { type: "string" } } }).values;
    if (!to) throw new UserError(`Falta la carpeta: ${usage}`);
    const { backupKey } = readBackupConfig();
    await withDatabaseUrl(async (url) => {
      const { folder, manifest } = await backupDatabase(url, resolve(to), backupKey);
      console.log(
        `✓ Copia de ${manifest.rows} filas en ${folder} (${manifest.sizeBytes} bytes${backupKey ? ", cifrada" : ""}).`,
      );
    }, skipMigration);
  },
};
