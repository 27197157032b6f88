import { decrypt, DecryptionError, encrypt } from "./encryption.ts";
import { backupStartMs, type BackupPart } from "./manifest.ts";
import { gunzip, gzip, linesOf, metered, type Bytes } from "./streams.ts";

/** Storage of backup files: an R2 bucket or a folder. */
export type BackupStorage = {
  /** Writes the whole file or nothing. */
  put: (name: string, chunks: Bytes) => Promise<void>;
  /** Null when the file does not exist. */
  get: (name: string) => Promise<Bytes | null>;
};

/** A part does not match its manifest. The message is Spanish. */
export class PartError extends Error {
  override readonly name = "PartError";
}

export function partName(
  id: string,
  table: string,
  number: number,
  backupKey: string | null,
): string {
  const suffix = backupKey === null ? "jsonl.gz" : "jsonl.gz.aes";
  return `${id}.${table}.${String(number).padStart(4, "0")}.${suffix}`;
}

/** When the backup of a part began, or when n8n sent it, in ms since 1970. */
export function partStartMs(name: string): number {
  return backupStartMs(name.split(".")[0] ?? "");
}

export function partTable(name: string): string {
  return name.split(".")[1] ?? "";
}

/** Writes lines as one file, gzipped and, with a key, encrypted. Streams: holds only the current chunks in memory. */
export async function writePart(
  storage: Pick<BackupStorage, "put">,
  name: string,
  batches: AsyncIterable<string[]>,
  backupKey: string | null,
): Promise<BackupPart> {
  let rows = 0;
  const encoder = new TextEncoder();
  const text = async function* (): AsyncGenerator<Uint8Array> {
    for await (const lines of batches) {
      rows += lines.length;
      if (lines.length > 0) yield encoder.encode(`${lines.join("\n")}\n`);
    }
  };
  const [plain, plainMeter] = metered(text());
  const zipped = gzip(plain);
  const [stored, storedMeter] = metered(
    backupKey === null ? zipped : encrypt(zipped, backupKey, name),
  );
  await storage.put(name, stored);
  return {
    name,
    rows,
    sizeBytes: storedMeter.bytes,
    sha256: storedMeter.sha256(),
    plainBytes: plainMeter.bytes,
    plainSha256: plainMeter.sha256(),
  };
}

/**
 * Yields the lines of a part. The row count and both digests are verified after the last line: until then the caller
 * must not rely on anything it read.
 * @throws {PartError}
 */
export async function* readPart(
  storage: Pick<BackupStorage, "get">,
  part: BackupPart,
  backupKey: string | null,
): AsyncGenerator<string[]> {
  const file = await storage.get(part.name);
  if (!file) throw new PartError(`Falta la parte ${part.name}.`);
  const [stored, storedMeter] = metered(file);
  const isEncrypted = part.name.endsWith(".aes");
  const decrypted = isEncrypted ? decrypt(stored, backupKey ?? "", part.name) : stored;
  const [plain, plainMeter] = metered(gunzip(decrypted));
  const mismatch = `La parte ${part.name} está dañada: no es lo que dice su manifiesto.`;
  const bounded = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of plain) {
      if (plainMeter.bytes > part.plainBytes) throw new PartError(mismatch);
      yield chunk;
    }
  };
  let rows = 0;
  try {
    for await (const lines of linesOf(bounded())) {
      rows += lines.length;
      yield lines;
    }
  } catch (cause) {
    // gunzip and the text decoder throw a TypeError for invalid bytes.
    if (!(cause instanceof TypeError) && !(cause instanceof DecryptionError)) throw cause;
    throw new PartError(`La parte ${part.name} está dañada: no se puede leer.`, { cause });
  }
  const isWhole =
    rows === part.rows &&
    storedMeter.bytes === part.sizeBytes &&
    storedMeter.sha256() === part.sha256 &&
    plainMeter.sha256() === part.plainSha256;
  if (!isWhole) throw new PartError(mismatch);
}
