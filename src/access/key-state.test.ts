import { describe, expect, it } from "vitest";
import { makeApiKey, newKeyId, readApiKey } from "./api-key.ts";
import { openedBy, type KeyState, type Proof } from "./key-state.ts";
import { requireWithin, type KeySettings } from "./key-record.ts";
import { NO_LIMITS, OWNER_PRINCIPAL, OWNERS_SCOPES, type Powers } from "./principal.ts";
import { allowanceOf, withUses } from "./usage.ts";

const PEPPER = "p".repeat(32);
const NOW = 1_000;

describe("a key's text", () => {
  const id = newKeyId();
  const { text, digest } = makeApiKey(PEPPER, "equipo-1", id);

  it("says what it is, and is different each time", () => {
    expect(readApiKey(PEPPER, text)).toEqual({ client: "equipo-1", id, digest });
    expect(makeApiKey(PEPPER, "equipo-1", id).text).not.toBe(text);
  });

  it("is nothing with one character changed, wherever it is, nor with another pepper", () => {
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === "a" ? "b" : "a";
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      const read = readApiKey(PEPPER, changed);
      expect(read).toBeUndefined();
    }
    expect(readApiKey("q".repeat(32), text)).toBeUndefined();
    for (const other of ["", "aia_", `${text} `, `${text}0`, text.slice(1), text.toUpperCase()])
      expect(readApiKey(PEPPER, other)).toBeUndefined();
  });
});

describe("what opens a key", () => {
  const secret: Proof = { kind: "secret", client: "c", digest: "new" };
  const old: Proof = { kind: "secret", client: "c", digest: "old" };
  const key: KeyState = {
    id: "id",
    client: "c",
    scopes: [],
    chats: null,
    limits: NO_LIMITS,
    secrets: [
      { digest: "new", generation: 2, endsMs: null },
      { digest: "old", generation: 1, endsMs: NOW + 1 },
    ],
    expiresMs: null,
    revoked: false,
  };
  const opens = (state: KeyState | null, proof: Proof, nowMs = NOW): boolean =>
    openedBy(state, proof, nowMs) !== undefined;

  it("is its secret, and the one before while it has its grace", () => {
    expect(opens(key, secret)).toBe(true);
    expect(opens(key, old)).toBe(true);
    expect(opens(key, old, NOW + 1)).toBe(false);
    expect(opens(key, secret, NOW + 1)).toBe(true);
  });

  it("is a token that was given for one of them", () => {
    const token = (generation: number): Proof => ({ kind: "token", client: "c", generation });
    expect([0, 1, 2, 3].map((generation) => opens(key, token(generation)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(opens(key, token(1), NOW + 1)).toBe(false);
  });

  it("is nothing else: another client, another secret, no key, one that ended", () => {
    expect(opens(key, { ...secret, client: "otro" })).toBe(false);
    expect(opens(key, { kind: "secret", client: "c", digest: "otra" })).toBe(false);
    expect(opens(null, secret)).toBe(false);
    expect(opens(null, { kind: "token", client: "c", generation: 0 })).toBe(false);
    expect(opens({ ...key, secrets: [] }, { kind: "token", client: "c", generation: 0 })).toBe(
      false,
    );
    expect(opens({ ...key, revoked: true }, secret)).toBe(false);
    expect(opens({ ...key, expiresMs: NOW }, secret)).toBe(false);
    expect(opens({ ...key, expiresMs: NOW + 1 }, secret)).toBe(true);
  });
});

describe("nobody hands on", () => {
  const mine: Powers = {
    scopes: new Set(["procesar", "admin"]),
    chats: new Set([1, -2]),
    expiresAtMs: 5_000,
    limits: { perMinute: 10, perDay: null },
  };
  const wanted: KeySettings = {
    name: "una",
    scopes: ["procesar"],
    chats: [-2],
    expiresMs: 5_000,
    limits: { perMinute: 10, perDay: 7 },
  };
  const problem = (change: Partial<KeySettings>): unknown => {
    try {
      return requireWithin(mine, "otro", { ...wanted, ...change });
    } catch (error) {
      return error;
    }
  };

  it("more than they have; as much is fine", () => {
    expect(problem({})).toBeUndefined();
  });

  it.for([
    ["permisos", { scopes: ["procesar", "historial"] }],
    ["chats", { chats: [1, 2] }],
    ["chats", { chats: null }],
    ["caduca", { expiresMs: 5_001 }],
    ["caduca", { expiresMs: null }],
    ["limites", { limits: { perMinute: 11, perDay: null } }],
    ["limites", { limits: { perMinute: null, perDay: 1 } }],
  ] as [string, Partial<KeySettings>][])("wider %s", ([campo, change]) => {
    expect(problem(change)).toMatchObject({ codigo: "permiso_insuficiente", fields: [{ campo }] });
  });

  it.for(OWNERS_SCOPES)("%s to another client, not even the owner", (scope) => {
    expect(() => requireWithin(OWNER_PRINCIPAL, "otro", { ...wanted, scopes: [scope] })).toThrow(
      "principal",
    );
    requireWithin(OWNER_PRINCIPAL, "principal", { ...wanted, scopes: [scope] });
  });
});

describe("a key's limits", () => {
  const none = { minute: 0, minuteUses: 0, day: 0, dayUses: 0, usedMs: 0 };
  const MINUTE = 60_000;
  const DAY = 24 * 60 * MINUTE;

  it("count in windows of a minute and a day, and say when there is more", () => {
    const used = withUses(none, 3, 10 * MINUTE + 1);
    expect(allowanceOf({ perMinute: 5, perDay: null }, used)).toEqual({
      requests: 2,
      moreAtMs: 11 * MINUTE,
    });
    const later = withUses(used, 1, 11 * MINUTE);
    expect(allowanceOf({ perMinute: 5, perDay: 10 }, later)).toMatchObject({ requests: 4 });
    expect(allowanceOf({ perMinute: 100, perDay: 4 }, later)).toEqual({
      requests: 0,
      moreAtMs: DAY,
    });
    expect(allowanceOf({ perMinute: null, perDay: 4 }, withUses(later, 0, DAY))).toMatchObject({
      requests: 4,
    });
    expect(allowanceOf(NO_LIMITS, used)).toBeNull();
  });

  it("wait for the day where both are used up, and never owe", () => {
    const used = withUses(none, 50, MINUTE);
    expect(allowanceOf({ perMinute: 5, perDay: 5 }, used)).toEqual({ requests: 0, moreAtMs: DAY });
  });
});
