import { waitOnExecutionContext, createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Client } from "pg";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { ChatObject } from "../../src/chats/chat.object.ts";
import { IdempotencyKeyObject } from "../../src/chats/idempotency-key.object.ts";
import { parseConfig } from "../../src/config.ts";
import worker from "../../src/index.ts";
import { CoordinatorObject } from "../../src/coordinator/coordinator.object.ts";
import { newChatId, newToken } from "../support/client.ts";
import { controlFakeOpenAi } from "../support/fake-openai-control.ts";
import { TEST_API_KEY } from "../support/secrets.ts";

/** The operations of one request that the free plan limits by day. */
type OperationCounts = {
  kvReads: number;
  kvWrites: number;
  objectCalls: number;
  queries: number;
  modelCalls: number;
};

const model = controlFakeOpenAi(inject("openaiUrl"));
const config = parseConfig({ ...env });

/**
 * Counts the platform operations of one request, in the Worker and in its Durable Objects, until the last one has
 * ended. `expectedQueries` run after the response.
 */
async function countOperations(
  body: { texto: string },
  expectedQueries: number,
  headers: Record<string, string> = {},
): Promise<OperationCounts> {
  const kv = Object.getPrototypeOf(env.CACHE) as KVNamespace;
  const reads = vi.spyOn(kv, "get");
  const writes = vi.spyOn(kv, "put");
  const objects = [
    vi.spyOn(ChatObject.prototype, "run"),
    vi.spyOn(ChatObject.prototype, "record"),
    vi.spyOn(IdempotencyKeyObject.prototype, "claim"),
    vi.spyOn(CoordinatorObject.prototype, "spendKvWrites"),
    vi.spyOn(CoordinatorObject.prototype, "readPurgeEpochs"),
    vi.spyOn(CoordinatorObject.prototype, "addWaitingChat"),
    vi.spyOn(CoordinatorObject.prototype, "removeWaitingChat"),
  ];
  const queries = vi.spyOn(Client.prototype, "query");
  const callsBefore = (await model.calls(body.texto)).calls;

  const ctx = createExecutionContext();
  const response = await worker.fetch(
    new Request("https://asistente.test/api/v1/procesar", {
      method: "POST",
      headers: { "x-api-key": TEST_API_KEY, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    }),
    env,
    ctx,
  );
  expect(response.status).toBe(200);
  await response.body?.cancel();
  await waitOnExecutionContext(ctx);
  await vi.waitFor(
    () => expect(queries.mock.calls.length).toBeGreaterThanOrEqual(expectedQueries),
    10_000,
  );
  await Promise.all(queries.mock.results.map(({ value }) => value as Promise<unknown>));

  const sum = (spies: { mock: { calls: unknown[] } }[]): number =>
    spies.reduce((total, { mock }) => total + mock.calls.length, 0);
  const counts = {
    kvReads: sum([reads]),
    kvWrites: sum([writes]),
    objectCalls: sum(objects),
    queries: sum([queries]),
    modelCalls: (await model.calls(body.texto)).calls - callsBefore,
  };
  vi.restoreAllMocks();
  return counts;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.runIf(config.DATABASE_DRIVER === "hyperdrive")("POST /api/v1/procesar", () => {
  const body = () => ({ chat_id: newChatId(), texto: newToken(), tipo_tarea: "resumir" });

  it("uses as many platform operations as docs/bench.md states for a miss, a hit and a replay", async () => {
    // Once a minute, an isolate also reads the purges and reports its KV writes.
    await countOperations(body(), 1);

    const request = body();
    const miss = await countOperations(request, 1);
    const hit = await countOperations(request, 1);
    const key = { "idempotency-key": newToken() };
    await countOperations(request, 1, key);
    const replay = await countOperations(request, 0, key);

    expect({ miss, hit, replay }).toEqual({
      miss: { kvReads: 1, kvWrites: 1, objectCalls: 1, queries: 1, modelCalls: 1 },
      hit: { kvReads: 1, kvWrites: 0, objectCalls: 1, queries: 1, modelCalls: 0 },
      replay: { kvReads: 0, kvWrites: 0, objectCalls: 2, queries: 0, modelCalls: 0 },
    });
    for (const [name, counts] of Object.entries({ miss, hit, replay })) {
      expect(inject("benchPage")).toMatch(
        new RegExp(`^\\| ${name} +\\| +${Object.values(counts).join(" +\\| +")} +\\|`, "m"),
      );
    }
  });
});
