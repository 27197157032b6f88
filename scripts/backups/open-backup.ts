import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackupId, ManifestError, readManifest } from "../../src/backups/manifest.ts";
import { PartError } from "../../src/backups/part.ts";
import { withCleanup } from "../lib/cleanup.ts";
import { UserError } from "../lib/user-error.ts";
import { findBackupFolder, folderShelf, readManifestFile } from "./folder.ts";
import { verifyParts, type Backup } from "./restore-database.ts";
import { fetchBackup, newestBackup, type Service } from "./service.ts";

/** The service's newest good backup. */
const LATEST = "latest";

/**
 * Lends a backup that was read through and is whole: by name or `latest` from the service, or from a folder.
 * @throws {UserError} saying what is wrong with it
 */
export async function withBackup<T>(
  from: string,
  { service, backupKey }: { service: Service | undefined; backupKey: string | null },
  use: (backup: Backup) => Promise<T>,
): Promise<T> {
  const isKept = from === LATEST || (BackupId.safeParse(from).success && !(await exists(from)));
  if (!isKept) return await use(await openBackup(await findBackupFolder(from), backupKey));
  if (!service) {
    throw new UserError(
      "No hay ningún servicio en marcha que tenga las copias: npm start, o --url con su dirección.",
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "asistente-copia-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  return await withCleanup(remove, async () => {
    const id = from === LATEST ? await newestBackup(service) : from;
    console.log(`· Descargando la copia ${id}…`);
    await orExplain(() => fetchBackup(service, id, folder, backupKey));
    return await use(await openBackup(folder, backupKey));
  });
}

async function openBackup(folder: string, backupKey: string | null): Promise<Backup> {
  return await orExplain(async () => {
    const manifest = readManifest(await readManifestFile(folder), backupKey);
    const backup = { manifest, shelf: folderShelf(folder), backupKey };
    console.log(`· Comprobando la copia ${manifest.id} (${manifest.filas} filas)…`);
    await verifyParts(backup);
    return backup;
  });
}

async function orExplain<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ManifestError || cause instanceof PartError) {
      throw new UserError(`${cause.message} No se ha cambiado nada.`, { cause });
    }
    throw cause;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
