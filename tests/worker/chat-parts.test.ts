import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { NO_PURGES } from "../../src/cache/purge-epochs.ts";
import { ChatDisk } from "../../src/chats/chat-disk.ts";
import { ChatEraser, type ChatEraserServices } from "../../src/chats/chat-eraser.ts";
import type { DeleteChatRows } from "../../src/chats/erase-chat-store.ts";
import { IdempotentAnswers } from "../../src/chats/idempotent-answers.ts";
import { PaidWork, type PaidWorkServices } from "../../src/chats/paid-work.ts";
import { RecordOutbox, type RecordOutboxServices } from "../../src/chats/record-outbox.ts";
import { parseConfig } from "../../src/config.ts";
import { AppError } from "../../src/errors.ts";
import { DAY_MS, MINUTE_MS } from "../../src/lib/durations.ts";
import { createIdSource } from "../../src/lib/request-id.ts";
import type { HistoryRecord } from "../../src/tasks/history-record.ts";
import type { TaskAnswer } from "../../src/tasks/task-answer.ts";
import type { ChatCommand, TaskCommand } from "../../src/tasks/task-command.ts";
import { prepareWork } from "../../src/tasks/work.ts";
import type { WorkResult } from "../../src/tasks/work-result.ts";
import { newChatId, newToken } from "../support/client.ts";
import { pastRecord } from "../support/past-record.ts";
import { scriptedLlm, type ScriptedAnswer } from "../support/scripted-llm.ts";

const config = parseConfig({ OPENAI_API_KEY: "sk-de-pega" });
const CLIENT = "principal";
const CHAT_ID = 7;
const NOW_MS = Date.UTC(2026, 4, 14, 12);

const RESULT: WorkResult = {
  text: "Un resumen.",
  data: null,
  language: "es",
  engine: "openai",
  model: "m",
  warnings: [],
  truncated: false,
};

/** Runs the test on the real storage of a Durable Object that nothing else uses. */
function onStorage(test: (storage: DurableObjectStorage) => Promise<void> | void): Promise<void> {
  const chat = env.CHATS.getByName(`partes/${newChatId()}`);
  return runInDurableObject(chat, (_, { storage }) => test(storage));
}

const onDisk = (test: (disk: ChatDisk) => Promise<void> | void): Promise<void> =>
  onStorage((storage) => test(new ChatDisk(storage)));

const newRecord = (changes: Partial<HistoryRecord> = {}): HistoryRecord =>
  pastRecord(config, CHAT_ID, NOW_MS, changes);

describe("ChatModes", () => {
  it("lets a mode serve one task, with the options kept for it", () =>
    onDisk(({ modes }) => {
      modes.choose({ mode: "resumir", fixed: false, options: '{"longitud":3}' });
      expect(modes.requireTask()).toEqual({ type: "resumir", options: { longitud: 3 } });
      expect(modes.take()).toMatchObject({ mode: "resumir" });
      expect(modes.current()).toMatchObject({ mode: null, options: null });
    }));

  it("keeps a fixed mode", () =>
    onDisk(({ modes }) => {
      modes.choose({ mode: "resumir", fixed: true, options: null });
      expect(modes.take()).toBeNull();
      expect(modes.current()).toMatchObject({ mode: "resumir", fixed: true });
    }));

  it("gives back a taken mode, unless the client has chosen again since", () =>
    onDisk(({ modes }) => {
      modes.choose({ mode: "resumir", fixed: false, options: null });
      const taken = modes.take();
      if (!taken) throw new Error("The mode was not taken");
      modes.giveBack(taken);
      expect(modes.current()).toMatchObject({ mode: "resumir" });

      const again = modes.take();
      modes.choose({ mode: "traducir", fixed: false, options: null });
      if (again) modes.giveBack(again);
      expect(modes.current()).toMatchObject({ mode: "traducir" });
    }));

  it.for([null, "consultar"] as const)("refuses to name a task in the mode %s", (mode) =>
    onDisk(({ modes }) => {
      modes.choose({ mode, fixed: false, options: null });
      expect(() => modes.requireTask()).toThrow(
        expect.objectContaining({ codigo: "falta_tarea" }) as Error,
      );
    }),
  );
});

describe("ChatDisk", () => {
  it("writes all of a change or none of it", () =>
    onDisk((disk) => {
      const change = (): void => {
        disk.records.add(newRecord());
        disk.modes.choose({ mode: "resumir", fixed: true, options: null });
        disk.answers.keep("k", "{}", NOW_MS + DAY_MS);
        throw new Error("cut");
      };
      expect(() => disk.atomically(change)).toThrow("cut");
      expect(disk.records.waitingCount()).toBe(0);
      expect(disk.modes.current().mode).toBeNull();
      expect(disk.answers.body("k", NOW_MS)).toBeUndefined();
    }));

  it("turns interrupted work into a record, and gives back the mode it took", () =>
    onDisk((disk) => {
      disk.modes.choose({ mode: "resumir", fixed: false, options: null });
      const takenMode = disk.modes.take();
      const record = newRecord({ state: "interrumpida" });
      disk.work.begin("0/a", { record, takenMode });
      disk.recordInterruptedWork();
      disk.recordInterruptedWork();
      expect(disk.records.nextBatch()).toEqual([record]);
      expect(disk.modes.current()).toMatchObject({ mode: "resumir" });
      expect(disk.work.takeUnfinished()).toEqual([]);
    }));

  it("erases the chat, and notes the cache entries of its records and of its work", () =>
    onDisk((disk) => {
      disk.modes.choose({ mode: "resumir", fixed: true, options: null });
      disk.answers.keep("k", "{}", NOW_MS + DAY_MS);
      disk.records.add(newRecord({ cacheKey: "a" }));
      disk.records.add(newRecord({ cacheKey: "b" }));
      disk.work.begin("17/c", { record: newRecord(), takenMode: null });
      expect(disk.erase({ client: CLIENT, chatId: CHAT_ID, untilMs: NOW_MS })).toBe(2);

      expect(disk.erasures.dueKeys(10, NOW_MS).toSorted()).toEqual(["a", "b", "c"]);
      expect(disk.erasures.pending()).toMatchObject({ chatId: CHAT_ID, untilMs: NOW_MS });
      expect(disk.records.hasWaiting()).toBe(false);
      expect(disk.work.takeUnfinished()).toEqual([]);
      expect(disk.answers.body("k", NOW_MS)).toBeUndefined();
      expect(disk.modes.current().mode).toBeNull();
    }));

  it("expires results and answers, and says when the next one expires", () =>
    onDisk((disk) => {
      expect(disk.nextExpiryMs()).toBe(Number.POSITIVE_INFINITY);
      disk.work.begin("0/a", { record: newRecord(), takenMode: null });
      disk.work.finish("0/a", RESULT, NOW_MS + 1);
      disk.answers.keep("k", "{}", NOW_MS + 2);
      expect(disk.nextExpiryMs()).toBe(NOW_MS + 1);
      expect(disk.work.finished("0/a", NOW_MS)).toEqual(RESULT);
      expect(disk.work.finished("0/a", NOW_MS + 1)).toBeUndefined();
      disk.deleteExpired(NOW_MS + 1);
      expect(disk.nextExpiryMs()).toBe(NOW_MS + 2);
    }));

  it("opens the disk that version 0.1.0 wrote", () =>
    onStorage((storage) => {
      const { sql, kv } = storage;
      const record = newRecord({ cacheKey: "a" });
      // The tables and rows as that version wrote them.
      sql.exec(`
        CREATE TABLE IF NOT EXISTS work (key TEXT PRIMARY KEY, intent TEXT, result TEXT, expires_ms INTEGER) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS outbox (request_id TEXT PRIMARY KEY, record TEXT NOT NULL, refused INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS answers (idempotency_key TEXT PRIMARY KEY, body TEXT NOT NULL, expires_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS keys_to_forget (key TEXT PRIMARY KEY, due_ms INTEGER NOT NULL DEFAULT 0, times_forgotten INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;`);
      const intent = { record: newRecord({ state: "interrumpida" }), takenMode: null };
      sql.exec("INSERT INTO work (key, intent) VALUES ('0/b', ?)", JSON.stringify(intent));
      sql.exec(
        "INSERT INTO work (key, result, expires_ms) VALUES ('0/a', ?, ?)",
        ...[JSON.stringify(RESULT), NOW_MS + 1],
      );
      sql.exec(
        "INSERT INTO outbox (request_id, record) VALUES (?, ?)",
        ...[record.requestId, JSON.stringify(record)],
      );
      sql.exec("INSERT INTO answers VALUES ('k', '{}', ?)", NOW_MS + 1);
      sql.exec("INSERT INTO keys_to_forget VALUES ('a', ?, 1)", NOW_MS);
      kv.put("mode", { mode: "resumir", fixed: true, options: null, turn: 3 });
      kv.put("name_on_clock_list", "principal/7");
      kv.put("erasure", { client: CLIENT, chatId: CHAT_ID, untilMs: 5 });
      kv.put("erased_until_ms", 5);

      const disk = new ChatDisk(storage);
      disk.recordInterruptedWork();
      expect(disk.work.finished("0/a", NOW_MS)).toEqual(RESULT);
      expect(disk.records.nextBatch()).toEqual([record, intent.record]);
      expect(disk.records.nameOnWaitingList()).toBe("principal/7");
      expect(disk.answers.body("k", NOW_MS)).toBe("{}");
      expect(disk.modes.current()).toEqual({
        ...{ mode: "resumir", fixed: true, options: null, turn: 3 },
      });
      expect(disk.erasures.pending()).toEqual({ client: CLIENT, chatId: CHAT_ID, untilMs: 5 });
      expect(disk.erasures.erasedUntilMs()).toBe(5);
      expect(disk.erasures.dueKeys(10, NOW_MS)).toEqual(["a"]);
    }));
});

describe("IdempotentAnswers", () => {
  const answer: TaskAnswer = { body: '{"n":1}', cache: "miss", toCache: null };
  const replay = { body: '{"n":1}', cache: null, toCache: null };

  it("replays the stored answer without running the request", () =>
    onDisk(async ({ answers }) => {
      answers.keep("k", answer.body, NOW_MS + 1);
      const run = vi.fn<() => Promise<TaskAnswer>>();
      const idempotent = new IdempotentAnswers(answers, () => NOW_MS);
      expect(await idempotent.answerOnce("k", run)).toEqual(replay);
      expect(run).not.toHaveBeenCalled();
    }));

  it("joins the request that is running with the same key, and no other", () =>
    onDisk(async ({ answers }) => {
      const running = Promise.withResolvers<TaskAnswer>();
      const run = vi.fn<() => Promise<TaskAnswer>>(() => running.promise);
      const idempotent = new IdempotentAnswers(answers, () => NOW_MS);
      const both = [idempotent.answerOnce("k", run), idempotent.answerOnce("k", run)];
      const other = idempotent.answerOnce("otra", run);
      const none = idempotent.answerOnce(null, run);
      expect(run).toHaveBeenCalledTimes(3);
      running.resolve(answer);
      expect(await Promise.all([...both, other, none])).toEqual([answer, replay, answer, answer]);
    }));

  it("runs the request again after a failure", () =>
    onDisk(async ({ answers }) => {
      const run = vi.fn<() => Promise<TaskAnswer>>().mockRejectedValueOnce(new Error("no"));
      run.mockResolvedValueOnce(answer);
      const idempotent = new IdempotentAnswers(answers, () => NOW_MS);
      await expect(idempotent.answerOnce("k", run)).rejects.toThrow("no");
      expect(await idempotent.answerOnce("k", run)).toEqual(answer);
    }));
});

/** Paid work over a real disk, with a model that gives these answers. */
function newPaidWork(
  disk: ChatDisk,
  answers: ScriptedAnswer[],
  beforeCall = (): void => undefined,
) {
  const { llm, prompts } = scriptedLlm(...answers);
  const records = { scheduleDelivery: vi.fn<() => void>(), deliverNow: async () => 0 };
  const read = vi.fn<PaidWorkServices["cache"]["read"]>(async () => undefined);
  const arm = vi.fn<() => void>();
  const services: PaidWorkServices = {
    config,
    cache: { read },
    history: {
      figures: async () => {
        throw new Error("No figures here");
      },
    },
    llm: {
      call: (model) => {
        beforeCall();
        return llm.call(model);
      },
    },
    now: () => NOW_MS,
  };
  const waitUntil = (): void => undefined;
  const paidWork = new PaidWork({ disk, records, services, arm, waitUntil });
  return { paidWork, prompts, records, read, arm };
}

/** A named task, as the Worker prepares it. */
function newCommand(changes: Partial<ChatCommand> = {}): ChatCommand {
  const command: TaskCommand = {
    client: CLIENT,
    chatId: CHAT_ID,
    type: "resumir",
    text: `Un texto. ${newToken()}`,
    options: undefined,
    protect: false,
    keepText: true,
    warnings: [],
    idempotencyKey: null,
    caching: { read: true, write: true },
    ...changes,
  };
  const { type } = command;
  const plan = type && prepareWork(config, { ...command, type }, NOW_MS);
  return { ...command, epochs: NO_PURGES, plan, ...changes };
}

describe("PaidWork", () => {
  it("has its intent on disk, and the alarm armed, before it calls the model", () =>
    onStorage(async (storage) => {
      const seen: unknown[] = [];
      const { paidWork, arm } = newPaidWork(new ChatDisk(storage), ["Un resumen."], () => {
        const intents = storage.sql.exec("SELECT key FROM work WHERE intent IS NOT NULL").toArray();
        seen.push({ intents: intents.length, armed: arm.mock.calls.length });
      });
      await paidWork.run(newCommand());
      expect(seen).toEqual([{ intents: 1, armed: 1 }]);
    }));

  it("keeps result, answer and record in one transaction, and schedules the delivery", () =>
    onDisk(async (disk) => {
      const { paidWork, records, prompts } = newPaidWork(disk, ["Un resumen."]);
      const command = newCommand({ idempotencyKey: "k" });
      const atomically = vi.spyOn(disk, "atomically");
      const { body, cache, toCache } = await paidWork.run(command);
      expect({ cache, calls: prompts.length }).toEqual({ cache: "miss", calls: 1 });
      expect(atomically).toHaveBeenCalledTimes(1);
      expect(disk.work.finished(`0/${command.plan?.key}`, NOW_MS)).toMatchObject({
        text: "Un resumen.",
      });
      expect(disk.answers.body("k", NOW_MS)).toBe(body);
      expect(disk.records.nextBatch()).toMatchObject([
        { text: command.text, output: "Un resumen.", state: "completada" },
      ]);
      expect(records.scheduleDelivery).toHaveBeenCalledTimes(1);
      expect(toCache).toMatchObject({ key: command.plan?.key, isRepeated: false });
    }));

  it("uses the Worker's plan of a named task unchanged", () =>
    onDisk(async (disk) => {
      const { paidWork, read } = newPaidWork(disk, ["Un resumen."]);
      const command = newCommand();
      const plan = command.plan && { ...command.plan, key: "del-worker", model: "otro" };
      const { body } = await paidWork.run({ ...command, plan });
      expect(JSON.parse(body)).toMatchObject({ modelo: "otro" });
      expect(disk.work.finished("0/del-worker", NOW_MS)).toBeDefined();
      // The Worker has read the cache for this key.
      expect(read).not.toHaveBeenCalled();
    }));

  it("prepares the task of the mode itself, and reads the cache for it", () =>
    onDisk(async (disk) => {
      const { paidWork, read } = newPaidWork(disk, ["Un resumen."]);
      disk.modes.choose({ mode: "resumir", fixed: false, options: '{"longitud":1}' });
      const { body } = await paidWork.run(newCommand({ type: null }));
      expect(JSON.parse(body)).toMatchObject({ tipo_tarea: "resumir" });
      expect(read).toHaveBeenCalledTimes(1);
      expect(disk.modes.current().mode).toBeNull();
      expect(disk.records.nextBatch()[0]?.options).toMatchObject({ longitud: 1 });
    }));

  it("shares running work, and then its kept result, without another call", () =>
    onDisk(async (disk) => {
      const { paidWork, prompts } = newPaidWork(disk, ["Un resumen."]);
      const command = newCommand();
      const answers = await Promise.all([paidWork.run(command), paidWork.run(command)]);
      answers.push(await paidWork.run(command));
      expect(answers.map(({ cache }) => cache)).toEqual(["miss", "chat", "chat"]);
      expect(prompts).toHaveLength(1);
      expect(disk.records.waitingCount()).toBe(3);
      expect(paidWork.hasRunning()).toBe(false);
    }));

  it("records a failure with its problem, keeps no result, and gives the mode back", () =>
    onDisk(async (disk) => {
      const { paidWork } = newPaidWork(disk, [new AppError("modelo_error")]);
      disk.modes.choose({ mode: "resumir", fixed: false, options: null });
      const failed = paidWork.run(newCommand({ type: null, idempotencyKey: "k" }));
      await expect(failed).rejects.toMatchObject({ codigo: "modelo_error" });
      expect(disk.records.nextBatch()).toMatchObject([
        { state: "fallida", problem: "modelo_error" },
      ]);
      expect(disk.answers.body("k", NOW_MS)).toBeUndefined();
      expect(disk.work.cacheKeys()).toEqual([]);
      expect(disk.modes.current()).toMatchObject({ mode: "resumir" });
    }));

  it("answers a request that was running during an erasure, and keeps nothing of it", () =>
    onDisk(async (disk) => {
      const { paidWork } = newPaidWork(disk, ["Un resumen."]);
      const running = paidWork.run(newCommand({ idempotencyKey: "k" }));
      paidWork.markRunningErased();
      disk.erase({ client: CLIENT, chatId: CHAT_ID, untilMs: NOW_MS });
      expect(await running).toMatchObject({ cache: "miss", toCache: null });
      expect(disk.records.waitingCount()).toBe(0);
      expect(disk.answers.body("k", NOW_MS)).toBeUndefined();
      expect(disk.work.cacheKeys()).toEqual([]);
    }));
});

type WaitingList = RecordOutboxServices["waitingChats"];

/** An outbox over a real disk, whose PostgreSQL can be down or refuse records. */
function newRecordOutbox(disk: ChatDisk) {
  const postgres = { error: undefined as Error | undefined, rows: [] as HistoryRecord[] };
  const waitingChats = {
    add: vi.fn<WaitingList["add"]>(async () => undefined),
    remove: vi.fn<WaitingList["remove"]>(async () => undefined),
  };
  const services: RecordOutboxServices = {
    history: {
      append: async (records) => {
        if (postgres.error) throw postgres.error;
        if (records.some(({ task, state }) => task === "generar" && state === "fallida")) {
          throw Object.assign(new Error("check"), { code: "23514" });
        }
        postgres.rows.push(...records);
      },
    },
    waitingChats,
    now: () => NOW_MS,
  };
  const arm = vi.fn<() => void>();
  const waitUntil = (): void => undefined;
  const outbox = new RecordOutbox({ store: disk.records, services, arm, waitUntil });
  return { outbox, postgres, waitingChats, arm };
}

describe("RecordOutbox", () => {
  it("joins the list of waiting chats once while it fails, and leaves it when the records arrive", () =>
    onDisk(async (disk) => {
      const { outbox, postgres, waitingChats, arm } = newRecordOutbox(disk);
      postgres.error = new Error("down");
      outbox.add(newRecord());
      expect(await outbox.deliverNow()).toBe(1);
      expect(await outbox.deliverNow()).toBe(1);
      expect(waitingChats.add.mock.calls).toEqual([["principal/7"]]);
      expect(outbox.retryAtMs).toBeGreaterThan(NOW_MS);
      expect(arm).toHaveBeenCalled();

      postgres.error = undefined;
      expect(await outbox.deliverNow()).toBe(0);
      expect(postgres.rows).toHaveLength(1);
      expect(waitingChats.remove.mock.calls).toEqual([["principal/7"]]);
      expect(disk.records.nameOnWaitingList()).toBeUndefined();
    }));

  it("tries again to join the list when the coordinator could not be reached", () =>
    onDisk(async (disk) => {
      const { outbox, postgres, waitingChats } = newRecordOutbox(disk);
      postgres.error = new Error("down");
      waitingChats.add.mockRejectedValueOnce(new Error("no coordinator"));
      outbox.add(newRecord());
      await outbox.deliverNow();
      expect(disk.records.nameOnWaitingList()).toBeUndefined();
      await outbox.deliverNow();
      expect(disk.records.nameOnWaitingList()).toBe("principal/7");
    }));

  it("sets aside a record that PostgreSQL refuses, and keeps it on disk", () =>
    onStorage(async (storage) => {
      const { outbox, postgres } = newRecordOutbox(new ChatDisk(storage));
      const bad = newRecord({ task: "generar", state: "fallida" });
      for (const record of [newRecord(), bad, newRecord()]) outbox.add(record);
      expect(await outbox.deliverNow()).toBe(0);
      expect(postgres.rows).toHaveLength(2);
      const kept = storage.sql.exec("SELECT request_id FROM outbox WHERE refused = 1").toArray();
      expect(kept).toEqual([{ request_id: bad.requestId }]);
    }));

  it("delivers records in batches of 500, and a long one alone", () =>
    onDisk(({ records }) => {
      const long = newRecord({ text: "x".repeat(5_000_000 / 4) });
      for (let count = 0; count < 600; count += 1) records.add(newRecord({ text: `${count}` }));
      expect(records.nextBatch()).toHaveLength(500);
      records.remove(records.nextBatch());
      for (let count = 0; count < 4; count += 1) {
        records.add({ ...long, requestId: createIdSource()(NOW_MS + MINUTE_MS + count) });
      }
      expect(records.nextBatch()).toHaveLength(103);
    }));
});

/** An eraser over a real disk, whose PostgreSQL can be down. */
function newEraser(disk: ChatDisk, cacheKeys: string[] = []) {
  const clock = { nowMs: NOW_MS };
  const services = {
    deleteChatRows: vi.fn<DeleteChatRows>(async () => ({ records: 3, cacheKeys })),
    erasures: { note: vi.fn<ChatEraserServices["erasures"]["note"]>(async () => undefined) },
    purges: { purge: vi.fn<ChatEraserServices["purges"]["purge"]>(async () => undefined) },
    cache: { forget: vi.fn<ChatEraserServices["cache"]["forget"]>(async () => undefined) },
    now: () => clock.nowMs,
  } satisfies ChatEraserServices;
  const eraser = new ChatEraser(disk, services, async () => undefined);
  return { eraser, services, clock };
}

describe("ChatEraser", () => {
  it("counts what it deleted, and deletes each cache entry twice, a minute apart", () =>
    onDisk(async (disk) => {
      const { eraser, services, clock } = newEraser(disk, ["a"]);
      disk.records.add(newRecord({ cacheKey: "b" }));
      const erased = await eraser.erase(CLIENT, CHAT_ID);
      expect(erased).toEqual({ records: 4, cacheKeys: 2, wholeCache: false });
      expect(services.cache.forget.mock.calls.flat().toSorted()).toEqual(["a", "b"]);
      expect(eraser.isDue()).toBe(false);

      clock.nowMs = eraser.nextCacheEntryMs();
      expect(clock.nowMs).toBe(NOW_MS + MINUTE_MS);
      expect(await eraser.resume()).toBeNull();
      expect(services.cache.forget).toHaveBeenCalledTimes(4);
      expect(services.deleteChatRows).toHaveBeenCalledTimes(1);
      expect(eraser.nextCacheEntryMs()).toBe(Number.POSITIVE_INFINITY);
    }));

  it("finishes later when PostgreSQL is down, up to the moment of the request", () =>
    onDisk(async (disk) => {
      const { eraser, services, clock } = newEraser(disk);
      services.deleteChatRows.mockRejectedValueOnce(new AppError("historial_no_disponible"));
      expect(await eraser.erase(CLIENT, CHAT_ID)).toBeNull();
      expect(eraser.isDue()).toBe(true);

      clock.nowMs += MINUTE_MS;
      expect(await eraser.resume()).toMatchObject({ records: 3 });
      const chat = { client: CLIENT, chatId: CHAT_ID, untilMs: NOW_MS };
      expect(services.deleteChatRows).toHaveBeenLastCalledWith(chat, new Date(NOW_MS));
      expect(services.erasures.note).toHaveBeenCalledTimes(2);
      expect(eraser.hasRowsLeft()).toBe(false);
    }));

  it("purges the client's whole cache when the chat has more than 500 cache entries", () =>
    onDisk(async (disk) => {
      const keys = Array.from({ length: 501 }, (_, index) => `k${index}`);
      const { eraser, services } = newEraser(disk, keys);
      expect(await eraser.erase(CLIENT, CHAT_ID)).toMatchObject({ wholeCache: true, cacheKeys: 0 });
      expect(services.purges.purge).toHaveBeenCalledWith(CLIENT, null);
      expect(services.cache.forget).not.toHaveBeenCalled();
    }));

  it("remembers after a restart which requests are erased", () =>
    onDisk(async (disk) => {
      await newEraser(disk).eraser.erase(CLIENT, CHAT_ID);
      const { eraser } = newEraser(disk);
      expect(eraser.isErased(new Date(NOW_MS))).toBe(true);
      expect(eraser.isErased(new Date(NOW_MS + 1))).toBe(false);
    }));
});
