import { createHash } from "node:crypto";

export type Bytes = AsyncIterable<Uint8Array>;

/** Counts what goes by, and digests it. */
export type Meter = { bytes: number; sha256: () => string };

export function metered(chunks: Bytes): [Bytes, Meter] {
  const hash = createHash("sha256");
  const meter = { bytes: 0, sha256: () => hash.digest("hex") };
  const passing = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      meter.bytes += chunk.byteLength;
      hash.update(chunk);
      yield chunk;
    }
  };
  return [passing(), meter];
}

export const gzip = (chunks: Bytes): Bytes => through(chunks, new CompressionStream("gzip"));
/** What it gives throws a TypeError where the input was never gzip, or is cut short. */
export const gunzip = (chunks: Bytes): Bytes => through(chunks, new DecompressionStream("gzip"));

/** The transform is fed only as fast as its output is taken, so that neither side piles up. */
async function* through(
  chunks: Bytes,
  { readable, writable }: ReadableWritablePair<Uint8Array, Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const writer = writable.getWriter();
  const feed = async (): Promise<void> => {
    try {
      for await (const chunk of chunks) {
        await writer.ready;
        await writer.write(chunk);
      }
      await writer.close();
    } catch (error) {
      // The reader is told of it, and tells.
      await writer.abort(error).catch(() => undefined);
      throw error;
    }
  };
  const feeding = feed();
  feeding.catch(() => undefined);
  yield* chunksOf(readable);
  await feeding;
}

/** A web stream's chunks; a consumer that stops early cancels it. */
export async function* chunksOf(
  stream: Pick<ReadableStream<Uint8Array>, "getReader">,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
  }
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

/** Text lines, several at once: as many as a chunk completes. */
export async function* linesOf(chunks: Bytes): AsyncGenerator<string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  // Joined once, when its end has come: a long line arrives in many chunks.
  let open: string[] = [];
  const take = function* (text: string): Generator<string[]> {
    const [end = "", ...lines] = text.split("\n");
    open.push(end);
    const next = lines.pop();
    if (next === undefined) return;
    yield [open.join(""), ...lines];
    open = [next];
  };
  for await (const chunk of chunks) yield* take(decoder.decode(chunk, { stream: true }));
  yield* take(decoder.decode());
  const rest = open.join("");
  if (rest !== "") yield [rest];
}

/** The same bytes in pieces of one size; only the last may be smaller. A piece may be overwritten once the next is asked for. */
export async function* piecesOf(chunks: Bytes, pieceBytes: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(pieceBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    let rest = chunk;
    while (rest.byteLength > 0) {
      // A full piece waits for a byte behind it, so that the consumer's last piece is never empty.
      if (filled === pieceBytes) {
        yield buffer;
        filled = 0;
      }
      const taken = rest.subarray(0, pieceBytes - filled);
      buffer.set(taken, filled);
      filled += taken.byteLength;
      rest = rest.subarray(taken.byteLength);
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
