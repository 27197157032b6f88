import { createHash } from "node:crypto";

export type Bytes = AsyncIterable<Uint8Array>;

/** Byte count and SHA-256 of the chunks that passed. */
export type Meter = { bytes: number; sha256: () => string };

export function metered(chunks: Bytes): [Bytes, Meter] {
  const hash = createHash("sha256");
  const meter = { bytes: 0, sha256: () => hash.digest("hex") };
  const measured = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      meter.bytes += chunk.byteLength;
      hash.update(chunk);
      yield chunk;
    }
  };
  return [measured(), meter];
}

export const gzip = (chunks: Bytes): Bytes => through(chunks, new CompressionStream("gzip"));
/** Iteration throws a TypeError when the input is not gzip or is truncated. */
export const gunzip = (chunks: Bytes): Bytes => through(chunks, new DecompressionStream("gzip"));

/** Applies a transform with backpressure: input is read only as fast as the output is consumed. */
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
      // Aborting makes the reader fail with the same error.
      await writer.abort(error).catch(() => undefined);
      throw error;
    }
  };
  const feeding = feed();
  feeding.catch(() => undefined);
  yield* chunksOf(readable);
  await feeding;
}

/** Iterates over a web stream. A consumer that stops early cancels the stream. */
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

/** Yields text lines in batches: the lines that each chunk completes. */
export async function* linesOf(chunks: Bytes): AsyncGenerator<string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  // A long line arrives in many chunks; it is joined once, when complete.
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

/** Regroups the bytes into pieces of one size; the last may be smaller. A piece is valid until the next one is requested. */
export async function* piecesOf(chunks: Bytes, pieceBytes: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(pieceBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    let rest = chunk;
    while (rest.byteLength > 0) {
      // Yield a full piece only when more bytes follow, so that the last piece is never empty.
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
