import { createExecutionContext, reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { createApp } from "../../src/app.ts";
import { backupJob } from "../../src/backups/backup.job.ts";
import { putPieces, type Bucket } from "../../src/backups/bucket.ts";
import { toBackupId, partsOf, readManifest, type Manifest } from "../../src/backups/manifest.ts";
import { BorradosReply, RespaldosReply } from "../../src/backups/respaldos.schemas.ts";
import { readPart } from "../../src/backups/part.ts";
import { chunksOf } from "../../src/backups/streams.ts";
import { verifyJob } from "../../src/backups/verify.job.ts";
import { parseConfig, type Config } from "../../src/config.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { neonDatabase } from "../../src/db/neon.ts";
import { coordinatorStub } from "../../src/coordinator/coordinator-stub.ts";
import { createServices, type Services } from "../../src/services.ts";
import { call, newChatId } from "../support/client.ts";
import { makeDatabase, type OwnDatabase } from "../support/test-database.ts";
import { TEST_API_KEY } from "../support/secrets.ts";
import { runSlices } from "../support/run-job.ts";
import { DAY_MS } from "../../src/lib/durations.ts";

const KEY = btoa(String.fromCharCode(...Array.from({ length: 32 }, (_, index) => index)));
const r2 = env.BACKUPS ?? expect.unreachable("There is no bucket");

let database: OwnDatabase;
let nowMs: number;
beforeEach(async () => {
  await reset();
  nowMs = Date.UTC(2026, 10, 25, 2);
  database = await makeDatabase(inject("postgresUrl"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await database.remove();
});

/** Services on this test's own database and clock. */
function services(settings: Partial<Config> = {}): Services & { backups: Bucket } {
  const config = { ...parseConfig({ ...env }), ...settings };
  const built = createServices(env, {
    config,
    database:
      config.DATABASE_DRIVER === "neon"
        ? neonDatabase(database.url, config.NEON_PROXY)
        : hyperdriveDatabase({ connectionString: database.url }),
    now: () => nowMs,
  });
  return { ...built, backups: built.backups ?? expect.unreachable("There is no bucket") };
}

/** Inserts rows of a chat, one per day, the last on `lastDay`. */
async function fill(rows: number, lastDay: string, chatId = 1): Promise<void> {
  await database.query(
    `INSERT INTO consultas_ia (cliente, chat_id, solicitud_id, tipo_tarea, texto_original, resultado, opciones, estado, cache,
       clave_cache, motor, prompt_version, intentos, fecha)
     SELECT 'principal', ${chatId}, gen_random_uuid(), 'resumir', 'Texto ' || n, 'Resultado', '{}', 'completada', 'miss', 'k', 'local', 1, 1,
       timestamptz '${lastDay} 12:00:00Z' - (n - 1) * interval '1 day'
     FROM generate_series(1, ${rows}) AS n`,
  );
}

async function backUp(settings: Partial<Config> = {}): Promise<Manifest> {
  await runSlices(backupJob, services(settings));
  const manifest = await services(settings).backups.manifest(toBackupId(nowMs));
  return manifest ?? expect.unreachable("There is no backup");
}

async function linesOf(manifest: Manifest, settings: Partial<Config> = {}): Promise<string[]> {
  const lines: string[] = [];
  for (const part of partsOf(manifest)) {
    for await (const read of readPart(
      services(settings).backups,
      part,
      settings.BACKUP_KEY ?? null,
    )) {
      lines.push(...read);
    }
  }
  return lines;
}

/** Returns the text of a column. */
function valueIn(line: string, column: number): string {
  return z.array(z.string().nullable()).parse(JSON.parse(line))[column] ?? "";
}

const keys = async (): Promise<string[]> =>
  (await r2.list()).objects.map(({ key }) => key).toSorted();

const historyOf = (manifest: Manifest) =>
  manifest.tables.find(({ name }) => name === "consultas_ia") ?? expect.unreachable();

describe("nightly backup", () => {
  it("contains every row once, in monthly ranges, and the small tables", async () => {
    await fill(40, "2026-11-20");
    await fill(2, "1990-01-01", 2);
    await database.query("INSERT INTO borrados VALUES ('otro', 7, now())");
    const manifest = await backUp();
    expect(manifest).toMatchObject({
      rows: 43,
      keyId: null,
      cut: { lastId: "42" },
      sequences: { consultas_ia_id_seq: "42" },
    });
    expect(historyOf(manifest).ranges.map(({ from, rows }) => [from?.slice(0, 7), rows])).toEqual([
      [undefined, 2],
      ["2026-10", 20],
      ["2026-11", 20],
    ]);
    const ids = (await linesOf(manifest)).map((line) => valueIn(line, 0));
    expect(
      ids
        .filter((id) => id !== "otro")
        .map(Number)
        .toSorted((a, b) => a - b),
    ).toEqual(Array.from({ length: 42 }, (_, index) => index + 1));
  });

  it("excludes rows after its cut and includes them in the next backup", async () => {
    await fill(3, "2026-11-20");
    const all = services();
    const run = { id: "x", startedAtMs: nowMs };
    let slice = await backupJob.runSlice(all, null, run);
    await fill(2, "2026-11-21");
    while (!slice.done) slice = await backupJob.runSlice(all, slice.state, run);
    expect((await all.backups.manifest(toBackupId(nowMs)))?.rows).toBe(3);
    nowMs += DAY_MS;
    expect((await backUp()).rows).toBe(5);
  });

  it("copies only changed months and deletes no part that another backup needs", async () => {
    await fill(60, "2026-11-20");
    const first = await backUp({ BACKUP_RETENTION_DAYS: 1 });
    nowMs += 3 * DAY_MS;
    await fill(1, "2026-10-15");
    const second = await backUp({ BACKUP_RETENTION_DAYS: 1 });
    const [before, after] = [historyOf(first), historyOf(second)];
    expect(after.ranges.map(({ rows }) => rows)).toEqual(
      [10, 32, 20].map((n, i) => (i === 0 ? 9 : n)),
    );
    expect(after.ranges[0]).toEqual(before.ranges[0]);
    expect(after.ranges[2]).toEqual(before.ranges[2]);
    expect(after.ranges[1]?.parts[0]?.name).toMatch(new RegExp(`^${second.id}`));
    // The first backup is deleted, except for the parts that the second needs.
    expect(await services().backups.manifest(first.id)).toBeNull();
    expect((await linesOf(second)).length).toBe(61);
    expect((await keys()).filter((key) => key.startsWith("partes/"))).toEqual(
      partsOf(second)
        .map(({ name }) => `partes/${name}`)
        .toSorted(),
    );
  });

  it("does not contain records erased after their month was copied", async () => {
    await fill(5, "2026-11-20", 1);
    await fill(5, "2026-11-20", 2);
    await backUp();
    await database.query("DELETE FROM consultas_ia WHERE chat_id = 1");
    nowMs += DAY_MS;
    const second = await backUp();
    expect((await linesOf(second)).map((line) => Number(valueIn(line, 2)))).toEqual([
      2, 2, 2, 2, 2,
    ]);
  });

  it("resumes from every state without copying a row twice", async () => {
    await fill(60, "2026-11-20");
    const all = services();
    const run = { id: "x", startedAtMs: nowMs };
    let slice = await backupJob.runSlice(all, null, run);
    while (!slice.done) {
      // Each slice runs twice, as after a crash before its state was saved; one of them fails while it writes.
      const state = structuredClone(slice.state);
      const put = vi.spyOn(all.backups, "put").mockImplementationOnce(async (_name, chunks) => {
        for await (const _ of chunks) throw new Error("the machine died");
      });
      await backupJob.runSlice(all, state, run).catch((error: unknown) => error);
      put.mockRestore();
      await backupJob.runSlice(all, structuredClone(state), run);
      slice = await backupJob.runSlice(all, state, run);
    }
    const manifest = (await all.backups.manifest(toBackupId(nowMs))) ?? expect.unreachable();
    expect(await linesOf(manifest)).toHaveLength(60);
    expect((await keys()).filter((key) => key.startsWith("partes/"))).toHaveLength(
      partsOf(manifest).length,
    );
  });

  it("does not count as a backup before its manifest is written", async () => {
    await fill(5, "2026-11-20");
    const all = services();
    let slice = await backupJob.runSlice(all, null, {
      id: "x",
      startedAtMs: nowMs,
    });
    if (!slice.done) {
      slice = await backupJob.runSlice(all, slice.state, {
        id: "x",
        startedAtMs: nowMs,
      });
    }
    expect(await keys()).not.toEqual([]);
    expect(await all.backups.backups()).toEqual([]);
    expect(await all.backups.newestGoodAtMs()).toBeNull();
    // The next backup deletes the parts that the interrupted run left.
    nowMs += DAY_MS;
    const manifest = await backUp();
    expect((await keys()).filter((key) => key.startsWith("partes/"))).toHaveLength(
      partsOf(manifest).length,
    );
  });

  it("is unreadable without its key and does not reuse parts of a backup with another key", async () => {
    await fill(5, "2026-11-20");
    const plain = await backUp();
    nowMs += DAY_MS;
    const sealed = await backUp({ BACKUP_KEY: KEY });
    expect(sealed.keyId).toMatch(/^[0-9a-f]{16}$/);
    expect(await linesOf(sealed, { BACKUP_KEY: KEY })).toEqual(await linesOf(plain));
    for (const { name } of partsOf(sealed)) {
      expect(name.startsWith(sealed.id)).toBe(true);
      const bytes = new Uint8Array((await (await r2.get(`partes/${name}`))?.arrayBuffer()) ?? []);
      expect([...bytes.slice(0, 2)]).not.toEqual([0x1f, 0x8b]);
    }
    await expect(services().backups.manifest(sealed.id)).rejects.toThrow("Pon en BACKUP_KEY");
    const other = { BACKUP_KEY: btoa("x".repeat(32)) };
    await expect(services(other).backups.manifest(sealed.id)).rejects.toThrow(
      "BACKUP_KEY no es la clave de esta copia",
    );
    // The needed parts are known even without the key.
    nowMs += DAY_MS;
    await backUp(other);
    expect((await linesOf(sealed, { BACKUP_KEY: KEY })).length).toBe(5);
  });

  it("completes with the count omitida when there is no bucket", async () => {
    expect(await runSlices(backupJob, { ...services(), backups: null })).toEqual({ omitida: 1 });
  });
});

describe("backup retention", () => {
  it("keeps the configured days and the newest backups of the configured weeks and months", async () => {
    const settings = { BACKUP_RETENTION_DAYS: 3, BACKUP_KEEP_WEEKLY: 3, BACKUP_KEEP_MONTHLY: 2 };
    for (let day = 0; day < 40; day += 1) {
      await backUp(settings);
      nowMs += DAY_MS;
    }
    const kept = (await services().backups.backups()).map(({ id }) => id.slice(0, 8));
    // The last backup was made on Sunday, 3 January 2027.
    expect(kept).toEqual(["20270103", "20270102", "20270101", "20261231", "20261227", "20261220"]);
  }, 60_000);

  it("handles any number of backups in bounded slices", async () => {
    await fill(2, "2026-11-20");
    const settings = { BACKUP_RETENTION_DAYS: 22 };
    for (let day = 0; day < 24; day += 1) {
      await fill(1, "2026-11-21");
      await backUp(settings);
      nowMs += DAY_MS;
    }
    expect(await services().backups.backups()).toHaveLength(22);
    expect((await keys()).filter((key) => key.startsWith("partes/"))).toHaveLength(22);
  });

  it("never deletes the newest good backup or the parts it needs, regardless of its age", async () => {
    await fill(5, "2026-11-20");
    const good = await backUp();
    nowMs += 100 * DAY_MS;
    await fill(1, "2026-12-20");
    // Nights on which the copy fails before it completes.
    for (let night = 0; night < 2; night += 1) {
      nowMs += DAY_MS;
      const run = { id: "x", startedAtMs: nowMs };
      const firstSlice = await backupJob.runSlice(services(), null, run);
      if (!firstSlice.done) await backupJob.runSlice(services(), firstSlice.state, run);
    }
    expect(await services().backups.newestGoodAtMs()).toBe(Date.UTC(2026, 10, 25, 2));
    expect(await linesOf(good)).toHaveLength(5);
  });
});

describe("weekly verification", () => {
  it("records a successful verification", async () => {
    await fill(5, "2026-11-20");
    await backUp();
    expect(await runSlices(verifyJob, services())).toEqual({ copias: 1, partes: 1, filas: 5 });
    expect(await services().backups.backups()).toMatchObject([
      { isGood: true, verification: { atMs: nowMs, isGood: true } },
    ]);
  });

  it.for<[fault: string, damage: (name: string) => Promise<unknown>]>([
    ["was deleted", (key) => r2.delete(key)],
    ["is truncated", async (key) => r2.put(key, (await bytesOf(key)).slice(0, -9))],
    [
      "has a changed byte",
      async (key) =>
        r2.put(
          key,
          (await bytesOf(key)).map((byte, index) => (index === 40 ? byte ^ 1 : byte)),
        ),
    ],
    [
      "has extra bytes at its end",
      async (key) => r2.put(key, new Uint8Array([...(await bytesOf(key)), 0])),
    ],
  ])("detects a part that %s, and the next backup copies it again", async ([, damage]) => {
    vi.spyOn(console, "error").mockReturnValue();
    await fill(60, "2026-11-20");
    const first = await backUp();
    nowMs += DAY_MS;
    const second = await backUp();
    const [part] = partsOf(second);
    await damage(`partes/${part?.name}`);
    await expect(runSlices(verifyJob, services())).rejects.toMatchObject({
      message: expect.stringContaining("está dañada (1 de sus partes)") as string,
      retry: false,
    });
    // Both backups need that part.
    expect(await services().backups.backups()).toMatchObject([
      { id: second.id, isGood: false },
      { id: first.id, isGood: false },
    ]);
    nowMs += DAY_MS;
    const third = await backUp();
    expect(await linesOf(third)).toHaveLength(60);
    expect(await runSlices(verifyJob, services())).toEqual({ copias: 1, partes: 3, filas: 60 });
    expect(await services().backups.newestGoodAtMs()).toBe(nowMs);
  });

  it("detects a changed manifest", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await fill(5, "2026-11-20");
    const manifest = await backUp();
    const file = await services().backups.manifestFile(manifest.id);
    const text = (await file?.text())?.replace('"filas":5', '"filas":4') ?? "";
    await services().backups.putManifest(manifest, text);
    await expect(runSlices(verifyJob, services())).rejects.toThrow("está dañada (su manifiesto)");
    expect(await services().backups.newestGoodAtMs()).toBeNull();
  });

  it("detects an older manifest in place of the newest", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await fill(5, "2026-11-20");
    const older = await backUp();
    const text = await (await services().backups.manifestFile(older.id))?.text();
    nowMs += DAY_MS;
    await services().backups.putManifest(await backUp(), text ?? "");
    await expect(runSlices(verifyJob, services())).rejects.toThrow("está dañada (su manifiesto)");
    expect(await services().backups.newestGoodAtMs()).toBe(nowMs - DAY_MS);
  });

  it("does not mark a backup with another key, or without a key, as damaged", async () => {
    await fill(5, "2026-11-20");
    for (const [made, now] of [
      [{ BACKUP_KEY: KEY }, { BACKUP_KEY: btoa("x".repeat(32)) }],
      [{}, { BACKUP_KEY: KEY }],
    ]) {
      await backUp(made);
      await expect(runSlices(verifyJob, services(now))).rejects.toMatchObject({
        message: expect.stringContaining("no se puede comprobar") as string,
        retry: false,
      });
      expect(await services().backups.newestGoodAtMs()).toBe(nowMs);
      nowMs += DAY_MS;
    }
  });

  it("completes with zero backups when there is none", async () => {
    expect(await runSlices(verifyJob, services())).toEqual({ copias: 0 });
  });
});

describe("putPieces", () => {
  it("holds one piece in memory regardless of the file size", async () => {
    const CHUNK = 256 * 1024;
    const CHUNKS = 200;
    let made = 0;
    let sent = 0;
    let peak = 0;
    const bucket = {
      put: r2.put.bind(r2),
      createMultipartUpload: async (key: string) => {
        const upload = await r2.createMultipartUpload(key);
        return {
          uploadPart: async (number: number, piece: Uint8Array) => {
            peak = Math.max(peak, made - sent);
            const part = await upload.uploadPart(number, piece);
            sent += piece.byteLength;
            return part;
          },
          complete: upload.complete.bind(upload),
          abort: upload.abort.bind(upload),
        };
      },
    } as unknown as R2Bucket;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < CHUNKS; index += 1) {
        made += CHUNK;
        yield new Uint8Array(CHUNK).fill(index);
      }
    };
    await putPieces(bucket, "partes/grande", source());
    expect((await r2.head("partes/grande"))?.size).toBe(CHUNK * CHUNKS);
    expect(peak).toBeLessThanOrEqual(5 * 1024 * 1024 + CHUNK);
    const object = await r2.get("partes/grande");
    let at = 0;
    for await (const chunk of object ? chunksOf(object.body) : []) {
      if (chunk[0] !== Math.floor(at / CHUNK)) throw new Error(`Another byte at ${at}`);
      at += chunk.byteLength;
    }
  });
});

describe("backups and erased chats", () => {
  it("keep the erasure in the coordinator while a backup may hold the chat, and report until when", async () => {
    const chat_id = -newChatId();
    const beforeMs = Date.now();
    const erased = await call(`/api/v1/historial/${chat_id}`, undefined, { method: "DELETE" });
    const untilMs = Date.parse(String(erased.json["copias_hasta"]));
    expect(untilMs).toBeGreaterThanOrEqual(beforeMs + 8 * DAY_MS);
    expect(untilMs).toBeLessThanOrEqual(Date.now() + 8 * DAY_MS);

    const list = async () => {
      const { json } = await call("/api/v1/respaldos/borrados");
      return BorradosReply.parse(json).borrados;
    };
    const [noted] = await list();
    expect(noted).toMatchObject({ cliente: "principal", chat_id });
    expect(Date.parse(noted?.hasta ?? "")).toBeGreaterThanOrEqual(beforeMs);

    const coordinator = coordinatorStub(env, services().config);
    const erasedMs = Date.parse(noted?.hasta ?? "");
    await coordinator.forgetErasures(untilMs - 1_000, untilMs);
    expect(await list()).toHaveLength(1);
    await coordinator.forgetErasures(untilMs + 1_000, erasedMs - 1);
    expect(await list()).toHaveLength(1);
    await coordinator.forgetErasures(untilMs + 1_000, erasedMs + 1);
    expect(await list()).toEqual([]);
  });

  it("keep the later time of a chat that is erased twice", async () => {
    const coordinator = coordinatorStub(env, services().config);
    const chat = { client: "principal", chatId: -5 };
    await coordinator.recordErasure({ ...chat, untilMs: 1_000 }, nowMs + 10);
    await coordinator.recordErasure({ ...chat, untilMs: 900 }, nowMs);
    expect(await coordinator.listErasures()).toEqual([{ ...chat, untilMs: 1_000 }]);
  });

  it("delete an expired erasure unless an older backup that holds the chat is kept", async () => {
    const monthly = { BACKUP_KEEP_MONTHLY: 2 };
    await fill(5, "2026-11-20");
    await backUp(monthly);
    const erasure = { client: "principal", chatId: 1, untilMs: nowMs + 1 };
    await services().erasures.note(erasure);
    // No backup was made all winter: the one of November is still the newest of its month.
    nowMs += 120 * DAY_MS;
    await backUp(monthly);
    expect(await services().backups.backups()).toHaveLength(2);
    expect(await services().erasures.all()).toEqual([erasure]);
    nowMs += DAY_MS;
    await backUp();
    expect(await services().erasures.all()).toEqual([]);
  });
});

describe("/api/v1/respaldos", () => {
  it("lists the backups and returns manifests and parts as stored", async () => {
    await fill(5, "2026-11-20");
    const first = await backUp();
    nowMs += DAY_MS;
    const second = await backUp();
    const { json } = await call("/api/v1/respaldos");
    expect(RespaldosReply.parse(json).respaldos).toMatchObject([
      { id: second.id, filas: 5, cifrada: false, buena: true, verificada: null },
      { id: first.id, creada: "2026-11-25T02:00:00.000Z" },
    ]);
    const { text } = await call(`/api/v1/respaldos/${second.id}`);
    expect(readManifest(text, null)).toEqual(second);

    // A shared part is available through both backups.
    const [part] = partsOf(second);
    const kept = await bytesOf(`partes/${part?.name}`);
    for (const { id } of [first, second]) {
      const response = await exports.default.fetch(
        new Request(`https://asistente.test/api/v1/respaldos/${id}/${part?.name}`, {
          headers: { "x-api-key": TEST_API_KEY },
        }),
      );
      expect(response.headers.get("content-length")).toBe(String(part?.sizeBytes));
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(kept);
    }
  });

  it("responds 404 for a file that is not a part of the backup", async () => {
    await fill(5, "2026-11-20");
    const first = await backUp();
    nowMs += DAY_MS;
    await fill(1, "2026-11-21");
    const second = await backUp();
    const [part] = partsOf(first);
    for (const path of [
      "20200101T000000000Z",
      "otra",
      "..%2Fmanifiestos",
      `${second.id}/${part?.name}`,
      `${first.id}/${part?.name}x`,
      `${first.id}/..%2F..%2Fmanifiestos%2F${first.id}.json`,
    ]) {
      const { status, json } = await call(`/api/v1/respaldos/${path}`);
      expect({ path, status, codigo: json["codigo"] }).toEqual({
        ...{ path, status: 404, codigo: "no_encontrado" },
      });
    }
  });

  it("responds that backups are not configured without a bucket", async () => {
    const app = createApp({ backups: null });
    for (const path of ["", "/20200101T000000000Z"]) {
      const response = await app.fetch(
        new Request(`https://asistente.test/api/v1/respaldos${path}`, {
          headers: { "x-api-key": TEST_API_KEY },
        }),
        env,
        createExecutionContext(),
      );
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ codigo: "copias_no_configuradas" });
    }
  });
});

describe("n8n flows", () => {
  const flow = (id: string, name = id) => ({
    ...{ id, name, nodes: [{ name: "Inicio", parameters: { texto: "ñ" } }], connections: {} },
  });
  const send = (flujos: unknown, envio?: object) =>
    call("/api/v1/respaldos/flujos", { flujos, envio });
  const flowsIn = async (manifest: Manifest): Promise<unknown[]> =>
    (await linesOf({ ...manifest, tables: [] })).map((line) => JSON.parse(line) as unknown);

  it("are included in the next backup without execution data", async () => {
    const spare = { staticData: { token: "x" }, pinData: { Inicio: [1] }, shared: [{ user: "x" }] };
    expect((await send([{ ...flow("a"), ...spare }, flow("b")])).json).toMatchObject({
      success: true,
      flujos: 2,
    });
    nowMs = Date.now() + 1_000;
    const first = await backUp();
    expect(await flowsIn(first)).toEqual([flow("a"), flow("b")]);

    // Without a new sending the next backup keeps the flows of the previous one.
    nowMs += 10 * DAY_MS;
    const second = await backUp();
    expect(second.flows).toEqual(first.flows);
    expect(await flowsIn(second)).toHaveLength(2);
  });

  it("come from the last complete sending, in any number of requests", async () => {
    await send([flow("a"), flow("de ayer")]);
    const envio = (numero: number) => ({ id: "hoy", numero, quedan: 3 - numero });
    await send([flow("c")], envio(3));
    await send([flow("a")], envio(1));
    // A repeated request after a lost response.
    await send([flow("a")], envio(1));
    await send([flow("b")], envio(2));
    // Interrupted after the first of two requests.
    await send([flow("a")], { id: "cortado", numero: 1, quedan: 1 });
    nowMs = Date.now() + 1_000;
    expect(await flowsIn(await backUp())).toEqual([flow("a"), flow("b"), flow("c")]);
  });

  it("are stored as n8n sends them: with tags, without a description or settings", async () => {
    const bare = { ...flow("a"), description: null, settings: null };
    await send([{ ...bare, tags: [{ id: "t", name: "casa", createdAt: "x" }] }]);
    nowMs = Date.now() + 1_000;
    expect(await flowsIn(await backUp())).toEqual([{ ...bare, tags: [{ id: "t", name: "casa" }] }]);
  });

  it("are not reused when their part is damaged", async () => {
    await send([flow("a")]);
    nowMs = Date.now() + 1_000;
    const [part] = (await backUp()).flows;
    await r2.put(`partes/${part?.name}`, "x");
    nowMs += DAY_MS;
    expect((await backUp()).flows).toEqual([]);
  });

  it("are fetched from n8n when its API is configured", async () => {
    const pages: Record<string, unknown> = {
      "": { data: [flow("a"), { ...flow("b"), staticData: { token: "x" } }], nextCursor: "dos" },
      dos: { data: [flow("c")], nextCursor: null },
    };
    const presentedKeys: (string | null)[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const request = new Request(input, init);
      presentedKeys.push(request.headers.get("X-N8N-API-KEY"));
      const cursor = new URL(request.url).searchParams.get("cursor") ?? "";
      return Response.json(pages[cursor]);
    });
    const settings = { N8N_API_URL: "http://n8n.test", N8N_API_KEY: "clave-de-n8n" };
    const manifest = await backUp(settings);
    expect((await linesOf(manifest)).map((line) => JSON.parse(line) as unknown)).toEqual([
      flow("a"),
      flow("b"),
      flow("c"),
    ]);
    expect(presentedKeys).toEqual(["clave-de-n8n", "clave-de-n8n"]);
  });

  it.for<[fault: string, answer: () => Response | Promise<never>]>([
    ["rejects the key", () => new Response("clave-de-n8n no vale", { status: 401 })],
    ["cannot be reached", () => Promise.reject(new TypeError("connection refused"))],
    ["responds with HTML", () => new Response("<html>")],
    ["responds with unexpected JSON", () => Response.json({ data: [{ id: 1 }] })],
    ["redirects", () => Response.redirect("http://otro.test/")],
  ])(
    "are missing from the backup, which is otherwise complete, when n8n %s",
    async ([, answer]) => {
      const logged = vi.spyOn(console, "error").mockReturnValue();
      await send([flow("a")]);
      await fill(5, "2026-11-20");
      nowMs = Date.now() + 1_000;
      vi.spyOn(globalThis, "fetch").mockImplementation(async () => await answer());
      const settings = { N8N_API_URL: "http://n8n.test", N8N_API_KEY: "clave-de-n8n" };
      // The run fails, so the operator is alerted.
      await expect(runSlices(backupJob, services(settings))).rejects.toMatchObject({
        message: expect.stringContaining("La copia está hecha, pero sin los flujos") as string,
        retry: false,
      });
      vi.mocked(globalThis.fetch).mockRestore();
      const manifest = await services().backups.manifest(toBackupId(nowMs));
      expect(manifest).toMatchObject({ rows: 5, flows: [{ rows: 1 }] });
      expect(JSON.stringify(logged.mock.calls)).not.toContain("clave-de-n8n");
    },
  );

  it.for<[fault: string, flujos: unknown, envio?: object]>([
    ["none", []],
    ["too many", Array.from({ length: 101 }, (_, index) => flow(String(index)))],
    ["no flow", [{ id: "a" }]],
    ["no list", "a"],
    ["no first request", [flow("a")], { id: "x", numero: 0, quedan: 0 }],
    ["a sending of too many", [flow("a")], { id: "x", numero: 1, quedan: 201 }],
    ["a sending with no name", [flow("a")], { id: "", numero: 1, quedan: 0 }],
    ["a sending with more", [flow("a")], { id: "x", numero: 1, quedan: 0, mas: 1 }],
  ])("are rejected with 400 when there is %s", async ([, flujos, envio]) => {
    const { status, json } = await send(flujos, envio);
    expect({ status, codigo: json["codigo"] }).toEqual({ status: 400, codigo: "entrada_invalida" });
    expect((await keys()).filter((key) => key.includes("flujos"))).toEqual([]);
  });
});

async function bytesOf(key: string): Promise<Uint8Array> {
  return new Uint8Array((await (await r2.get(key))?.arrayBuffer()) ?? []);
}
