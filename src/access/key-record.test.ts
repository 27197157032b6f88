import { describe, expect, it } from "vitest";
import { requireWithinPermissions, type KeySettings } from "./key-record.ts";
import { OWNER_ONLY_SCOPES, OWNER_PRINCIPAL, type Permissions } from "./principal.ts";

describe("requireWithinPermissions", () => {
  const permissions: Permissions = {
    scopes: new Set(["procesar", "admin"]),
    chats: new Set([1, -2]),
    expiresAtMs: 5_000,
    limits: { perMinute: 10, perDay: null },
  };
  const settings: KeySettings = {
    name: "una",
    scopes: ["procesar"],
    chats: [-2],
    expiresMs: 5_000,
    limits: { perMinute: 10, perDay: 7 },
  };
  const problem = (change: Partial<KeySettings>): unknown => {
    try {
      return requireWithinPermissions(permissions, "otro", { ...settings, ...change });
    } catch (error) {
      return error;
    }
  };

  it("accepts settings that are as wide as the caller's permissions", () => {
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
  ] as [string, Partial<KeySettings>][])("rejects a wider %s: %j", ([campo, change]) => {
    expect(problem(change)).toMatchObject({ codigo: "permiso_insuficiente", fields: [{ campo }] });
  });

  it.for(OWNER_ONLY_SCOPES)("rejects %s for another client, even from the owner", (scope) => {
    expect(() =>
      requireWithinPermissions(OWNER_PRINCIPAL, "otro", { ...settings, scopes: [scope] }),
    ).toThrow("principal");
    requireWithinPermissions(OWNER_PRINCIPAL, "principal", { ...settings, scopes: [scope] });
  });
});
