import { parseConfig, type Config } from "../../src/config.ts";
import { readRawSettings } from "../lib/settings.ts";

/** The service's configuration, and the key that encrypts backups. Null: they are not encrypted. */
export function readBackupConfig(): { config: Config; backupKey: string | null } {
  const config = parseConfig(readRawSettings(process.env));
  return { config, backupKey: config.BACKUP_KEY ?? null };
}
