import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManifestError, partsOf, readManifest, type Manifest } from "../../src/backups/manifest.ts";
import { BackupId } from "../../src/backups/manifest.schemas.ts";
import { PartError, readPart, type BackupStorage } from "../../src/backups/part.ts";
import { withCleanup } from "../lib/cleanup.ts";
import type { Service } from "../lib/service.ts";
import { UserError } from "../lib/user-error.ts";
import { createFolderStorage, findBackupFolder, readManifestFile } from "./backup-folder.ts";
import { downloadBackup, findNewestBackupId } from "./service-backups.ts";

/** As a value of --from: the newest good backup of the service. */
const LATEST = "latest";

/** A backup that can be read: its manifest, the storage of its parts, and the key that encrypts them. */
export type OpenBackup = {
  manifest: Manifest;
  storage: Pick<BackupStorage, "get">;
  backupKey: string | null;
};

/**
 * Calls `use` with a backup after reading and verifying all of it. `from` is `latest` or the id of a backup of the
 * service, or the path of a folder.
 * @throws {UserError} if it does not exist or is damaged
 */
export async function withBackup<T>(
  from: string,
  { service, backupKey }: { service: Service | undefined; backupKey: string | null },
  use: (backup: OpenBackup) => Promise<T>,
): Promise<T> {
  const isInService =
    from === LATEST || (BackupId.safeParse(from).success && !(await exists(from)));
  if (!isInService) return await use(await openBackup(await findBackupFolder(from), backupKey));
  if (!service) {
    throw new UserError(
      "No hay ningún servicio en marcha que tenga las copias: npm start, o --url con su dirección.",
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "asistente-copia-"));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  return await withCleanup(removeFolder, async () => {
    const id = from === LATEST ? await findNewestBackupId(service) : from;
    console.log(`· Descargando la copia ${id}…`);
    await explainDamage(() => downloadBackup(service, id, folder, backupKey));
    return await use(await openBackup(folder, backupKey));
  });
}

async function openBackup(folder: string, backupKey: string | null): Promise<OpenBackup> {
  return await explainDamage(async () => {
    const manifest = readManifest(await readManifestFile(folder), backupKey);
    const backup = { manifest, storage: createFolderStorage(folder), backupKey };
    console.log(`· Comprobando la copia ${manifest.id} (${manifest.rows} filas)…`);
    await verifyParts(backup);
    return backup;
  });
}

/**
 * Reads every part to its end, which checks its digests.
 * @throws {PartError} for the first part that is missing or damaged
 */
async function verifyParts({ manifest, storage, backupKey }: OpenBackup): Promise<void> {
  for (const part of partsOf(manifest)) {
    for await (const _ of readPart(storage, part, backupKey));
  }
}

/** Turns a damaged manifest or part into a UserError. */
async function explainDamage<T>(work: () => Promise<T>): Promise<T> {
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
