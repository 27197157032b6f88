import type { Config } from "../../src/config.ts";
import type { ChatErasure } from "../../src/history/chat-erasure.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { createHistory, MAX_DELETED_ROWS } from "../../src/history/history-store.ts";
import { historyRetention } from "../../src/history/retention.ts";
import { createReports, MAX_DELETED_REPORTS } from "../../src/reports/reports-store.ts";
import type { Service } from "../lib/service.ts";
import type { RestoreResult } from "./restore-database.ts";
import { fetchErasures } from "./service-backups.ts";

const ANALYZE_TIMEOUT_MS = 10 * 60_000;

/** The erased chats that the service remembers; none if there is no service. */
export async function fetchKnownErasures(service: Service | undefined): Promise<ChatErasure[]> {
  if (service) return await fetchErasures(service);
  console.log(
    "· Sin un servicio al que preguntar, solo se borran otra vez los chats que la copia y la base de datos saben borrados.",
  );
  return [];
}

export function printRestored({ tables, erased }: RestoreResult): void {
  for (const [name, rows] of Object.entries(tables)) console.log(`  ${name}: ${rows} filas`);
  if (erased > 0) console.log(`  Borrados otra vez: ${erased} registros de chats que se borraron.`);
  console.log("✓ Restaurada y comprobada.");
}

/** Deletes the rows past their retention, as the nightly job does, and updates the planner's statistics. */
export async function deleteExpiredRows(url: string, config: Config): Promise<void> {
  const database = hyperdriveDatabase({ connectionString: url });
  const retention = historyRetention(config, Date.now());
  if (retention) {
    const [history, reports] = [createHistory(database), createReports(database)];
    let deleted = 0;
    for (let batch = MAX_DELETED_ROWS; batch >= MAX_DELETED_ROWS; deleted += batch) {
      batch = await history.deleteExpired(retention);
    }
    while ((await reports.deleteExpired(retention)) >= MAX_DELETED_REPORTS);
    if (deleted > 0) console.log(`  Olvidados por antiguos: ${deleted} registros.`);
  }
  await database.query(ANALYZE_TIMEOUT_MS, (db) => db.execute("ANALYZE"));
}
