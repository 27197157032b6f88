import { concat, piecesOf, type Bytes } from "./streams.ts";

/**
 * Format of an encrypted file: `AIAC1`, a 16-byte salt, then chunks of 64 KiB (the last may be shorter), each encrypted
 * with AES-256-GCM. The key of a file is derived with HKDF-SHA256 from BACKUP_KEY, the salt and the file's name. The
 * nonce of a chunk is its number and a flag for the last chunk: it is unique per key, and a chunk that is missing,
 * reordered, truncated or from another file fails authentication.
 */
const MAGIC = new TextEncoder().encode("AIAC1");
const SALT_BYTES = 16;
const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;

/** The bytes were changed after they were written, or written with another key. */
export class DecryptionError extends Error {
  override readonly name = "DecryptionError";
}

export async function* encrypt(
  chunks: Bytes,
  backupKey: string,
  name: string,
): AsyncGenerator<Uint8Array> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const key = await fileKey(backupKey, salt, name);
  yield concat([MAGIC, salt]);
  for await (const { chunk, number, isLast } of numbered(chunks, CHUNK_BYTES)) {
    const iv = nonceOf(number, isLast);
    yield new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, chunk));
  }
}

/** @throws {DecryptionError} at the first chunk that fails authentication, before yielding any of it */
export async function* decrypt(
  chunks: Bytes,
  backupKey: string,
  name: string,
): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const [header, rest] = await readHeader(source, MAGIC.byteLength + SALT_BYTES);
  if (MAGIC.some((byte, index) => header[index] !== byte)) {
    throw new DecryptionError(`${name} is not an encrypted file`);
  }
  const key = await fileKey(backupKey, header.subarray(MAGIC.byteLength), name);
  for await (const { chunk, number, isLast } of numbered(
    resume(rest, source),
    CHUNK_BYTES + TAG_BYTES,
  )) {
    const iv = nonceOf(number, isLast);
    try {
      yield new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, chunk));
    } catch (cause) {
      throw new DecryptionError(`Chunk ${number} of ${name} fails authentication`, { cause });
    }
  }
}

/** Splits into numbered chunks of one size. The last chunk always exists and may be empty. */
async function* numbered(
  chunks: Bytes,
  chunkBytes: number,
): AsyncGenerator<{ chunk: Uint8Array; number: number; isLast: boolean }> {
  let number = 0;
  let held: Uint8Array = new Uint8Array(0);
  for await (const piece of piecesOf(chunks, chunkBytes)) {
    if (held.byteLength > 0) yield { chunk: held, number: number++, isLast: false };
    held = piece.slice();
  }
  yield { chunk: held, number, isLast: true };
}

async function fileKey(backupKey: string, salt: Uint8Array, name: string): Promise<CryptoKey> {
  const secret = Uint8Array.from(atob(backupKey), (char) => char.charCodeAt(0));
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode(`asistente-ia/copia/${name}`);
  return await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt, info },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

function nonceOf(number: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  new DataView(nonce.buffer).setUint32(0, number);
  nonce[NONCE_BYTES - 1] = isLast ? 1 : 0;
  return nonce;
}

/** @throws {DecryptionError} when the source ends before `bytes` */
async function readHeader(
  source: AsyncIterator<Uint8Array>,
  bytes: number,
): Promise<[header: Uint8Array, rest: Uint8Array]> {
  let read: Uint8Array = new Uint8Array(0);
  while (read.byteLength < bytes) {
    const next = await source.next();
    if (next.done) throw new DecryptionError("The file ends inside its header");
    read = concat([read, next.value]);
  }
  return [read.subarray(0, bytes), read.subarray(bytes)];
}

async function* resume(
  first: Uint8Array,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}
