import { describe, expect, it } from "vitest";
import { matchingSecret, type KeyProof, type KeyState } from "./key-state.ts";
import { NO_LIMITS } from "./principal.ts";

const NOW = 1_000;

describe("matchingSecret", () => {
  const newest: KeyProof = { kind: "secret", client: "c", digest: "new" };
  const previous: KeyProof = { kind: "secret", client: "c", digest: "old" };
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
    isRevoked: false,
  };
  const isMatch = (state: KeyState | null, proof: KeyProof, nowMs = NOW): boolean =>
    matchingSecret(state, proof, nowMs) !== undefined;

  it("accepts the newest secret, and the previous one during its grace period", () => {
    expect(isMatch(key, newest)).toBe(true);
    expect(isMatch(key, previous)).toBe(true);
    expect(isMatch(key, previous, NOW + 1)).toBe(false);
    expect(isMatch(key, newest, NOW + 1)).toBe(true);
  });

  it("accepts a token that was issued for one of the two secrets", () => {
    const token = (generation: number): KeyProof => ({ kind: "token", client: "c", generation });
    expect([0, 1, 2, 3].map((generation) => isMatch(key, token(generation)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isMatch(key, token(1), NOW + 1)).toBe(false);
  });

  it("rejects another client, another secret, a missing key, and a revoked or expired key", () => {
    expect(isMatch(key, { ...newest, client: "otro" })).toBe(false);
    expect(isMatch(key, { kind: "secret", client: "c", digest: "otra" })).toBe(false);
    expect(isMatch(null, newest)).toBe(false);
    expect(isMatch(null, { kind: "token", client: "c", generation: 0 })).toBe(false);
    expect(isMatch({ ...key, secrets: [] }, { kind: "token", client: "c", generation: 0 })).toBe(
      false,
    );
    expect(isMatch({ ...key, isRevoked: true }, newest)).toBe(false);
    expect(isMatch({ ...key, expiresMs: NOW }, newest)).toBe(false);
    expect(isMatch({ ...key, expiresMs: NOW + 1 }, newest)).toBe(true);
  });
});
