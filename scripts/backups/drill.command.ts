import { parseArgs } from "node:util";
import { skipMigration, withDatabaseUrl } from "../lib/database.ts";
import { UserError } from "../lib/user-error.ts";
import { readBackupConfig } from "./backup-config.ts";
import type { Command } from "./command-type.ts";
import { compareHistories } from "./compare-histories.ts";
import { withDrillDatabase } from "./drill-database.ts";
import { readErasuresAt } from "./erasures.ts";
import { withBackup } from "./open-backup.ts";
import { restoreDatabase } from "./restore-database.ts";
import { deleteExpiredRows, fetchKnownErasures, printRestored } from "./restore-steps.ts";
import { findService } from "./service-backups.ts";

/**
 * `npm run restore:drill`: restores a backup into a temporary database and compares its history with the live one. Does
 * not change the live database.
 */
export const drillCommand: Command = {
  usage: "npm run restore:drill -- [--from latest|copia|carpeta] [--url https://…]",
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { from: { type: "string", default: "latest" }, url: { type: "string" } },
    });
    const { config, backupKey } = readBackupConfig();
    const service = findService(values.url);
    await withBackup(values.from, { service, backupKey }, async (backup) => {
      const serviceErasures = await fetchKnownErasures(service);
      await withDatabaseUrl(async (liveUrl) => {
        const erasures = [...serviceErasures, ...(await readErasuresAt(liveUrl))];
        await withDrillDatabase(liveUrl, async (drillUrl) => {
          console.log("· Restaurando en una base de datos aparte…");
          printRestored(await restoreDatabase(drillUrl, backup, { erasures, replace: false }));
          await deleteExpiredRows(drillUrl, config);
          await requireEqualHistories(liveUrl, drillUrl, backup.manifest.cut.lastId);
        });
      }, skipMigration);
    });
  },
};

async function requireEqualHistories(
  liveUrl: string,
  restoredUrl: string,
  lastId: string,
): Promise<void> {
  const { areEqual, live, restored } = await compareHistories(liveUrl, restoredUrl, lastId);
  if (areEqual) {
    console.log(`✓ Simulacro: los ${live} registros son iguales, uno por uno.`);
    return;
  }
  throw new UserError(
    `La copia se restaura, pero no es igual que la base de datos: hasta su corte, la copia tiene ${restored} registros y la base de datos ${live}.`,
  );
}
