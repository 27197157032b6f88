import { describe, expect, it } from "vitest";
import { decrypt, encrypt } from "./encryption.ts";
import { readManifest, writeManifest, type Manifest } from "./manifest.ts";
import { readPart, writePart, type BackupStorage } from "./part.ts";
import { concat, piecesOf, type Bytes } from "./streams.ts";

const KEY = btoa("1".repeat(32));
const OTHER_KEY = btoa("2".repeat(32));
const CHUNK = 64 * 1024;
const HEADER_BYTES = 21;
const FRAME = CHUNK + 16;

async function* from(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
async function collect(chunks: Bytes): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk.slice());
  return concat(all);
}

const sealed = (plain: Uint8Array, name = "a") => collect(encrypt(from(plain), KEY, name));
const opened = (bytes: Uint8Array, key = KEY, name = "a") =>
  collect(decrypt(from(bytes), key, name));

describe("encrypt and decrypt", () => {
  it.for([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])("restores %d bytes", async (size) => {
    const plain = new Uint8Array(size).fill(5);
    expect(await opened(await sealed(plain))).toEqual(plain);
    // The chunking of the input does not matter.
    const bytes = await sealed(plain);
    const inPieces = collect(decrypt(piecesOf(from(bytes), 7_919), KEY, "a"));
    expect(await inPieces).toEqual(plain);
  });

  it("encrypts equal input to different output", async () => {
    const plain = new TextEncoder().encode("siempre igual");
    expect(await sealed(plain)).not.toEqual(await sealed(plain));
  });

  it.for<[fault: string, damage: (bytes: Uint8Array) => Uint8Array]>([
    ["a chunk is missing at the end", (bytes) => bytes.subarray(0, HEADER_BYTES + 2 * FRAME)],
    ["the last chunk is cut", (bytes) => bytes.subarray(0, -1)],
    ["only the header is left", (bytes) => bytes.subarray(0, HEADER_BYTES)],
    ["the header is truncated", (bytes) => bytes.subarray(0, 10)],
    ["nothing is left", () => new Uint8Array(0)],
    [
      "two chunks are swapped",
      (bytes) =>
        concat([
          bytes.subarray(0, HEADER_BYTES),
          bytes.subarray(HEADER_BYTES + FRAME, HEADER_BYTES + 2 * FRAME),
          bytes.subarray(HEADER_BYTES, HEADER_BYTES + FRAME),
          bytes.subarray(HEADER_BYTES + 2 * FRAME),
        ]),
    ],
    [
      "a chunk is repeated",
      (bytes) => concat([bytes.subarray(0, HEADER_BYTES + FRAME), bytes.subarray(HEADER_BYTES)]),
    ],
    ["a bit is flipped", (bytes) => bytes.map((byte, index) => (index === 999 ? byte ^ 1 : byte))],
    ["bytes follow the end", (bytes) => concat([bytes, new Uint8Array([0])])],
  ])("fails to decrypt when %s", async ([, damage]) => {
    const bytes = await sealed(new Uint8Array(2 * CHUNK + 100).fill(5));
    await expect(opened(damage(bytes))).rejects.toMatchObject({ name: "DecryptionError" });
  });

  it("fails to decrypt with another key or another file name", async () => {
    const bytes = await sealed(new TextEncoder().encode("secreto"));
    await expect(opened(bytes, OTHER_KEY)).rejects.toMatchObject({ name: "DecryptionError" });
    await expect(opened(bytes, KEY, "b")).rejects.toMatchObject({ name: "DecryptionError" });
  });
});

function memoryShelf(): BackupStorage & { files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    put: async (name, chunks) => void files.set(name, await collect(chunks)),
    get: async (name) => {
      const file = files.get(name);
      return file ? piecesOf(from(file), 1_000) : null;
    },
  };
}

async function* batches(...lines: string[][]): AsyncGenerator<string[]> {
  yield* lines;
}

const NAME = "20261125T020000000Z.tabla.0001.jsonl.gz";

describe("writePart and readPart", () => {
  it.for([null, KEY])("restores the lines and their count with the key %s", async (key) => {
    const storage = memoryShelf();
    const name = key ? `${NAME}.aes` : NAME;
    const part = await writePart(storage, name, batches(['["1"]', '["ñ😀"]'], [], ['["3"]']), key);
    expect(part).toMatchObject({ name, rows: 3, sizeBytes: storage.files.get(name)?.length });
    const lines: string[] = [];
    for await (const read of readPart(storage, part, key)) lines.push(...read);
    expect(lines).toEqual(['["1"]', '["ñ😀"]', '["3"]']);
  });

  it("writes nothing when the source fails", async () => {
    const storage = memoryShelf();
    const failing = async function* (): AsyncGenerator<string[]> {
      yield ["1"];
      throw new Error("lost the database");
    };
    await expect(writePart(storage, NAME, failing(), null)).rejects.toThrow("lost the database");
    expect(storage.files.size).toBe(0);
  });

  it("stops reading when the content is larger than the manifest says (gzip bomb)", async () => {
    const storage = memoryShelf();
    const zeros = async function* (): AsyncGenerator<string[]> {
      for (let n = 0; n < 64; n += 1) yield ["0".repeat(1024 * 1024)];
    };
    const bomb = await writePart(storage, NAME, zeros(), null);
    let rows = 0;
    const whole = { get: async () => from(storage.files.get(NAME) ?? new Uint8Array()) };
    const read = async (): Promise<void> => {
      const part = { ...bomb, plainBytes: 2 * 1024 * 1024 };
      for await (const lines of readPart(whole, part, null)) rows += lines.length;
    };
    await expect(read()).rejects.toThrow("no es lo que dice su manifiesto");
    expect(rows).toBeLessThanOrEqual(2);
  });

  it("rejects another valid file in place of the part", async () => {
    const storage = memoryShelf();
    const part = await writePart(storage, NAME, batches(["1", "2"]), null);
    await writePart(storage, NAME, batches(["1", "3"]), null);
    const read = async (): Promise<void> => {
      for await (const _ of readPart(storage, part, null));
    };
    await expect(read()).rejects.toThrow("no es lo que dice su manifiesto");
  });
});

describe("readManifest", () => {
  const manifest: Manifest = {
    ...{ id: "20261125T020000000Z", createdAt: "2026-11-25T02:00:00.000Z", programVersion: "1" },
    schema: { migration: "0000", journalMs: 1 },
    cut: { at: "2026-11-25T02:00:00.000Z", lastId: "0" },
    ...{ keyId: null, tables: [], sequences: {}, flows: [], rows: 0, sizeBytes: 0 },
  };

  it("restores what writeManifest wrote", () => {
    expect(readManifest(writeManifest(manifest, null), null)).toMatchObject(manifest);
  });

  it("rejects an unencrypted manifest when a key is configured", () => {
    expect(() => readManifest(writeManifest(manifest, null), KEY)).toThrow("no está cifrada");
  });

  it.for<[fault: string, damage: (text: string) => string, message: string]>([
    ["is no JSON", (text) => text.slice(1), "no es JSON"],
    ["is cut short", (text) => text.slice(0, -5), "no es JSON"],
    ["has another number", (text) => text.replace('"filas":0', '"filas":1'), "su sello"],
    ["has a field more", (text) => text.replace("{", '{"otro":1,'), "no tiene la forma"],
    ["is of a newer format", (text) => text.replace('"formato":1', '"formato":2'), "formato 2"],
  ])("rejects a manifest that %s", ([, damage, message]) => {
    expect(() => readManifest(damage(writeManifest(manifest, null)), null)).toThrow(message);
  });
});
