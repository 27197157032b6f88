import { describe, expect, it } from "vitest";
import { decrypt, encrypt } from "./encryption.ts";
import { readManifest, writeManifest, type Manifest } from "./manifest.ts";
import { readPart, writePart, type Shelf } from "./part.ts";
import { concat, piecesOf, type Bytes } from "./streams.ts";

const KEY = btoa("1".repeat(32));
const OTHER_KEY = btoa("2".repeat(32));
const CHUNK = 64 * 1024;
const HEAD = 21;
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

describe("encryption", () => {
  it.for([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])("gives %d bytes back", async (size) => {
    const plain = new Uint8Array(size).fill(5);
    expect(await opened(await sealed(plain))).toEqual(plain);
    // However the bytes come in.
    const bytes = await sealed(plain);
    const inPieces = collect(decrypt(piecesOf(from(bytes), 7_919), KEY, "a"));
    expect(await inPieces).toEqual(plain);
  });

  it("never seals the same the same way", async () => {
    const plain = new TextEncoder().encode("siempre igual");
    expect(await sealed(plain)).not.toEqual(await sealed(plain));
  });

  it.for<[what: string, spoil: (bytes: Uint8Array) => Uint8Array]>([
    ["a chunk is missing at the end", (bytes) => bytes.subarray(0, HEAD + 2 * FRAME)],
    ["the last chunk is cut", (bytes) => bytes.subarray(0, -1)],
    ["only the head is left", (bytes) => bytes.subarray(0, HEAD)],
    ["not even the head is left", (bytes) => bytes.subarray(0, 10)],
    ["nothing is left", () => new Uint8Array(0)],
    [
      "two chunks change places",
      (bytes) =>
        concat([
          bytes.subarray(0, HEAD),
          bytes.subarray(HEAD + FRAME, HEAD + 2 * FRAME),
          bytes.subarray(HEAD, HEAD + FRAME),
          bytes.subarray(HEAD + 2 * FRAME),
        ]),
    ],
    [
      "a chunk comes twice",
      (bytes) => concat([bytes.subarray(0, HEAD + FRAME), bytes.subarray(HEAD)]),
    ],
    ["a bit is another", (bytes) => bytes.map((byte, index) => (index === 999 ? byte ^ 1 : byte))],
    ["something follows", (bytes) => concat([bytes, new Uint8Array([0])])],
  ])("does not open when %s", async ([, spoil]) => {
    const bytes = await sealed(new Uint8Array(2 * CHUNK + 100).fill(5));
    await expect(opened(spoil(bytes))).rejects.toMatchObject({ name: "DecryptionError" });
  });

  it("does not open with another key, nor under another name", async () => {
    const bytes = await sealed(new TextEncoder().encode("secreto"));
    await expect(opened(bytes, OTHER_KEY)).rejects.toMatchObject({ name: "DecryptionError" });
    await expect(opened(bytes, KEY, "b")).rejects.toMatchObject({ name: "DecryptionError" });
  });
});

function memoryShelf(): Shelf & { files: Map<string, Uint8Array> } {
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

describe("a part", () => {
  it.for([null, KEY])("gives its lines back, and knows how many there are", async (key) => {
    const shelf = memoryShelf();
    const name = key ? `${NAME}.aes` : NAME;
    const part = await writePart(shelf, name, batches(['["1"]', '["ñ😀"]'], [], ['["3"]']), key);
    expect(part).toMatchObject({ nombre: name, filas: 3, bytes: shelf.files.get(name)?.length });
    const lines: string[] = [];
    for await (const read of readPart(shelf, part, key)) lines.push(...read);
    expect(lines).toEqual(['["1"]', '["ñ😀"]', '["3"]']);
  });

  it("leaves nothing where its source fails", async () => {
    const shelf = memoryShelf();
    const failing = async function* (): AsyncGenerator<string[]> {
      yield ["1"];
      throw new Error("lost the database");
    };
    await expect(writePart(shelf, NAME, failing(), null)).rejects.toThrow("lost the database");
    expect(shelf.files.size).toBe(0);
  });

  it("is not read further than it should go: a few bytes may unfold to any number", async () => {
    const shelf = memoryShelf();
    const zeros = async function* (): AsyncGenerator<string[]> {
      for (let n = 0; n < 64; n += 1) yield ["0".repeat(1024 * 1024)];
    };
    const bomb = await writePart(shelf, NAME, zeros(), null);
    let rows = 0;
    const whole = { get: async () => from(shelf.files.get(NAME) ?? new Uint8Array()) };
    const read = async (): Promise<void> => {
      const part = { ...bomb, bytes_claros: 2 * 1024 * 1024 };
      for await (const lines of readPart(whole, part, null)) rows += lines.length;
    };
    await expect(read()).rejects.toThrow("no es lo que dice su manifiesto");
    expect(rows).toBeLessThanOrEqual(2);
  });

  it("is refused when it is another file of the same form", async () => {
    const shelf = memoryShelf();
    const part = await writePart(shelf, NAME, batches(["1", "2"]), null);
    await writePart(shelf, NAME, batches(["1", "3"]), null);
    const read = async (): Promise<void> => {
      for await (const _ of readPart(shelf, part, null));
    };
    await expect(read()).rejects.toThrow("no es lo que dice su manifiesto");
  });
});

describe("a manifest", () => {
  const manifest: Omit<Manifest, "sello"> = {
    ...{ formato: 1, id: "20261125T020000000Z", creada: "2026-11-25T02:00:00.000Z", version: "1" },
    esquema: { migracion: "0000", cuando: 1 },
    corte: { instante: "2026-11-25T02:00:00.000Z", ultimo_id: "0" },
    ...{ clave: null, tablas: [], secuencias: {}, flujos: [], filas: 0, bytes: 0 },
  };

  it("reads back as it was written", () => {
    expect(readManifest(writeManifest(manifest, null), null)).toMatchObject(manifest);
  });

  it("without a key is refused by whoever has one: anybody can seal that", () => {
    expect(() => readManifest(writeManifest(manifest, null), KEY)).toThrow("no está cifrada");
  });

  it.for<[what: string, spoil: (text: string) => string, says: string]>([
    ["is no JSON", (text) => text.slice(1), "no es JSON"],
    ["is cut short", (text) => text.slice(0, -5), "no es JSON"],
    ["has another number", (text) => text.replace('"filas":0', '"filas":1'), "su sello"],
    ["has a field more", (text) => text.replace("{", '{"otro":1,'), "no tiene la forma"],
    ["is of a newer format", (text) => text.replace('"formato":1', '"formato":2'), "formato 2"],
  ])("that %s is refused", ([, spoil, says]) => {
    expect(() => readManifest(spoil(writeManifest(manifest, null)), null)).toThrow(says);
  });
});
