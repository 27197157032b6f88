import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ChatObject } from "../../src/chats/chat.object.ts";
import { chatStub } from "../../src/chats/chat-stub.ts";
import { parseConfig } from "../../src/config.ts";
import type { Database } from "../../src/db/database.ts";
import { chatName } from "../../src/lib/chat-name.ts";
import { createServices } from "../../src/services.ts";
import { newChatId } from "../support/client.ts";
import { pastRecord } from "../support/past-record.ts";

const config = parseConfig({ ...env });

/** A database that counts its calls and fails each of them. */
function unavailableDatabase(): Database & { calls: () => number } {
  let calls = 0;
  const fail = async (): Promise<never> => {
    calls += 1;
    throw new Error("The database is unavailable");
  };
  return { query: fail, snapshot: fail, calls: () => calls };
}

describe("createServices", () => {
  it("builds the services of an environment once", () => {
    expect(createServices(env)).toBe(createServices(env));
  });

  it("builds new services for overrides and keeps the shared ones unchanged", async () => {
    const now = () => 42;
    const services = createServices(env, { now });
    expect(services.now()).toBe(42);
    expect(createServices(env).now()).not.toBe(42);
  });

  it("builds history, reports, runs and key copies on a replaced database", async () => {
    const database = unavailableDatabase();
    const { history, reports, runs, keyCopies, deleteChatRows } = createServices(env, { database });
    const chat = { client: "principal", chatId: newChatId() };
    const attempts = [
      () => history.ping(),
      () => reports.page(chat, { limit: 1 }),
      () => runs.append([]),
      () => keyCopies.save([]),
      () => deleteChatRows(chat, new Date(0)),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toBeInstanceOf(Error);
    expect(database.calls()).toBe(attempts.length);
  });

  it("reaches a Durable Object with a replaced database: its records stay in the outbox", async () => {
    const database = unavailableDatabase();
    const chatId = newChatId();
    await runInDurableObject(
      chatStub(env, config, chatName("principal", chatId)),
      async (_, state) => {
        const chat = new ChatObject(state, env, createServices(env, { database }));
        chat.record(pastRecord(config, chatId, Date.now()));
        expect(await chat.deliverNow()).toBe(1);
      },
    );
    expect(database.calls()).toBeGreaterThan(0);
  });
});
