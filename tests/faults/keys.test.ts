import {
  createExecutionContext,
  runDurableObjectAlarm,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { createApp } from "../../src/app.ts";
import { accessStub } from "../../src/access/access-stub.ts";
import { parseConfig } from "../../src/config.ts";
import { hyperdriveDatabase } from "../../src/db/hyperdrive.ts";
import { AppError } from "../../src/errors.ts";
import { call, newChatId, newToken } from "../support/client.ts";
import { callerWithToken, newKey } from "../support/keys.ts";
import { TEST_API_KEY } from "../support/secrets.ts";
import { setPostgres } from "../support/set-postgres.ts";

const config = parseConfig({ ...env });
const getAccessStub = () => accessStub(env, config);

const Rows = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });

/** Reads the copy of a key from PostgreSQL directly, not through the breakable proxy. */
async function readCopy(id: string): Promise<Record<string, unknown> | undefined> {
  const direct = hyperdriveDatabase({ connectionString: inject("postgresUrl") });
  const result = await direct.query(3_000, (db) =>
    db.execute(sql`SELECT * FROM claves WHERE id = ${id}`),
  );
  return Rows.parse(result).rows[0];
}

beforeEach(() => setPostgres("up"));

describe.for(["down", "silent"] as const)("while PostgreSQL is %s", (state) => {
  it("creates, accepts, changes and revokes keys, and copies them to PostgreSQL afterwards", async () => {
    await setPostgres(state);
    const key = await newKey({
      permisos: ["procesar"],
      chats: [newChatId(), -1001234567890],
      limites: { por_minuto: 50 },
    });
    const { json } = await key.call("/api/v1/auth/token", {});
    const token = callerWithToken(String(json["token"]));
    for (const caller of [key.call, token])
      expect((await caller("/api/v1/tareas")).status).toBe(200);
    expect(
      (await call(`/api/v1/claves/${key.id}`, { nombre: "otro" }, { method: "PATCH" })).status,
    ).toBe(200);
    const listed = await call("/api/v1/claves");
    expect(listed.text).toContain(key.id);
    expect(await readCopy(key.id)).toBeUndefined();

    await setPostgres("up");
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(getAccessStub());
      expect(await readCopy(key.id)).toMatchObject({
        cliente: key.client,
        nombre: "otro",
        permisos: ["procesar"],
        por_minuto: 50,
        por_dia: null,
        revocada: null,
      });
    }, 10_000);
    expect(String((await readCopy(key.id))?.["chats"])).toContain("-1001234567890");

    await call(`/api/v1/claves/${key.id}`, undefined, { method: "DELETE" });
    for (const caller of [key.call, token])
      expect((await caller("/api/v1/tareas")).status).toBe(401);
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(getAccessStub());
      expect((await readCopy(key.id))?.["revocada"]).not.toBeNull();
    }, 10_000);
  });
});

it("does not copy the secret of a key or its HMAC to PostgreSQL", async () => {
  const key = await newKey();
  await vi.waitFor(async () => {
    await runDurableObjectAlarm(getAccessStub());
    expect(await readCopy(key.id)).toBeDefined();
  }, 10_000);
  const copy = JSON.stringify(await readCopy(key.id));
  expect(copy).not.toContain(key.apiKey.split("_").at(-1));
  expect(copy).not.toMatch(/[0-9a-f]{64}/);
});

describe("while the access object is unreachable", () => {
  const app = createApp({
    keys: {
      find: async () => {
        throw new AppError("acceso_no_disponible", { retryAfterSeconds: 2 });
      },
      forget: () => undefined,
    },
    access: () => {
      throw new Error("The access object is unreachable");
    },
  });
  const send = async (key: string, path: string, body?: object) => {
    const context = createExecutionContext();
    const response = await app.fetch(
      new Request(`https://asistente.test${path}`, {
        headers: { "x-api-key": key, "content-type": "application/json" },
        ...(body && { method: "POST", body: JSON.stringify(body) }),
      }),
      env,
      context,
    );
    const json: Record<string, unknown> = await response.json();
    await waitOnExecutionContext(context);
    return { status: response.status, headers: response.headers, json };
  };
  const task = () => ({ chat_id: newChatId(), texto: newToken(), tipo_tarea: "resumir" });

  it("accepts API_KEY and returns 503 with Retry-After for other keys", async () => {
    const key = await newKey();
    expect((await send(TEST_API_KEY, "/api/v1/procesar", task())).status).toBe(200);
    const refused = await send(key.apiKey, "/api/v1/procesar", task());
    expect(refused.status).toBe(503);
    expect(refused.json["codigo"]).toBe("acceso_no_disponible");
    expect(refused.headers.get("retry-after")).toBe("2");
  });

  it("rejects a key with a wrong checksum without a lookup", async () => {
    const key = await newKey();
    expect((await send(`${key.apiKey.slice(0, -1)}x`, "/api/v1/tareas")).status).toBe(401);
  });
});
