import { decrypt, DecryptionError, encrypt } from "./encryption.ts";
import { instantOf, type Part } from "./manifest.ts";
import { gunzip, gzip, linesOf, metered, type Bytes } from "./streams.ts";

/** Where the files of backups are kept: an R2 bucket, or a folder. */
export type Shelf = {
  /** Writes a whole file or none. */
  put: (name: string, chunks: Bytes) => Promise<void>;
  /** Null when there is no such file. */
  get: (name: string) => Promise<Bytes | null>;
};

/** A part is not what its manifest says. The message is Spanish. */
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

/** When the backup began that a part was written for, or when n8n sent it: ms since 1970. */
export function madeAt(name: string): number {
  return instantOf(name.split(".")[0] ?? "");
}

export function tableIn(name: string): string {
  return name.split(".")[1] ?? "";
}

/** Writes lines as one file: gzip, then sealed where there is a key. Nothing is kept in memory but what is on its way. */
export async function writePart(
  shelf: Pick<Shelf, "put">,
  name: string,
  batches: AsyncIterable<string[]>,
  backupKey: string | null,
): Promise<Part> {
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
  await shelf.put(name, stored);
  return {
    nombre: name,
    filas: rows,
    bytes: storedMeter.bytes,
    sha256: storedMeter.sha256(),
    bytes_claros: plainMeter.bytes,
    sha256_claro: plainMeter.sha256(),
  };
}

/**
 * The lines of a part. Their number and both digests are checked when the last one was given: until then nothing that
 * was read may count.
 * @throws {PartError}
 */
export async function* readPart(
  shelf: Pick<Shelf, "get">,
  part: Part,
  backupKey: string | null,
): AsyncGenerator<string[]> {
  const file = await shelf.get(part.nombre);
  if (!file) throw new PartError(`Falta la parte ${part.nombre}.`);
  const [stored, storedMeter] = metered(file);
  const isSealed = part.nombre.endsWith(".aes");
  const opened = isSealed ? decrypt(stored, backupKey ?? "", part.nombre) : stored;
  const [plain, plainMeter] = metered(gunzip(opened));
  const notItself = `La parte ${part.nombre} está dañada: no es lo que dice su manifiesto.`;
  const bounded = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of plain) {
      if (plainMeter.bytes > part.bytes_claros) throw new PartError(notItself);
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
    // What gunzip and the decoder throw for bytes that were never theirs.
    if (!(cause instanceof TypeError) && !(cause instanceof DecryptionError)) throw cause;
    throw new PartError(`La parte ${part.nombre} está dañada: no se puede leer.`, { cause });
  }
  const isWhole =
    rows === part.filas &&
    storedMeter.bytes === part.bytes &&
    storedMeter.sha256() === part.sha256 &&
    plainMeter.sha256() === part.sha256_claro;
  if (!isWhole) throw new PartError(notItself);
}
