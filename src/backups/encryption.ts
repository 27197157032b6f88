import { concat, piecesOf, type Bytes } from "./streams.ts";

/**
 * A file under lock: `AIAC1`, a salt of 16 bytes, then chunks of 64 KiB (the last one may be shorter), each sealed with
 * AES-256-GCM. Every file has a key of its own, derived (HKDF-SHA256) from BACKUP_KEY, the salt and the file's name:
 * a chunk's nonce is its number and whether it is the last, so none is used twice under one key, and a chunk that is
 * missing, moved, cut off or of another file does not open.
 */
const MAGIC = new TextEncoder().encode("AIAC1");
const SALT_BYTES = 16;
const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;

/** What was read is not what was written, or was written with another key. */
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

/** @throws {DecryptionError} at the first chunk that does not open, before anything of it is given */
export async function* decrypt(
  chunks: Bytes,
  backupKey: string,
  name: string,
): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const [head, rest] = await takeHead(source, MAGIC.byteLength + SALT_BYTES);
  if (MAGIC.some((byte, index) => head[index] !== byte)) {
    throw new DecryptionError(`${name} is not an encrypted file`);
  }
  const key = await fileKey(backupKey, head.subarray(MAGIC.byteLength), name);
  for await (const { chunk, number, isLast } of numbered(
    after(rest, source),
    CHUNK_BYTES + TAG_BYTES,
  )) {
    const iv = nonceOf(number, isLast);
    try {
      yield new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, chunk));
    } catch (cause) {
      throw new DecryptionError(`Chunk ${number} of ${name} does not open`, { cause });
    }
  }
}

/** Chunks of one size with their numbers. There is always a last one, if need be an empty one. */
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

/** @throws {DecryptionError} when there are not even so many bytes */
async function takeHead(
  source: AsyncIterator<Uint8Array>,
  bytes: number,
): Promise<[head: Uint8Array, rest: Uint8Array]> {
  let read: Uint8Array = new Uint8Array(0);
  while (read.byteLength < bytes) {
    const next = await source.next();
    if (next.done) throw new DecryptionError("The file is cut off in its head");
    read = concat([read, next.value]);
  }
  return [read.subarray(0, bytes), read.subarray(bytes)];
}

async function* after(
  first: Uint8Array,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}
