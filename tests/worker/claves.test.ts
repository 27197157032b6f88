import { describe, expect, it } from "vitest";
import { call, newChatId, newToken } from "../support/client.ts";
import { newKey } from "../support/keys.ts";

const CLAVES = "/api/v1/claves";

describe("a key that was made", () => {
  it("opens what its permissions name, and nothing else", async () => {
    const key = await newKey({ permisos: ["procesar"] });
    const chat_id = newChatId();
    const done = await key.call("/api/v1/procesar", {
      chat_id,
      texto: newToken(),
      tipo_tarea: "resumir",
    });
    expect(done.status).toBe(200);
    for (const [path, body] of [
      ["/api/v1/consultar", { chat_id }],
      [CLAVES, undefined],
    ] as const) {
      const refused = await key.call(path, body);
      expect(refused.status).toBe(403);
      expect(refused.json["codigo"]).toBe("permiso_insuficiente");
    }
  });

  it("is shown once, and told without its secret from then on", async () => {
    const key = await newKey();
    expect(key.clave).toMatch(/^aia_[a-z0-9-]+_[0-9a-f]{16}_[0-9a-f]{64}$/);
    const [, , , secret = ""] = key.clave.split("_");
    for (const path of [CLAVES, `${CLAVES}/${key.id}`]) {
      const { status, text } = await call(path);
      expect(status).toBe(200);
      expect(text).toContain(key.id);
      expect(text).not.toContain(secret);
    }
  });

  it("is refused once it was revoked", async () => {
    const key = await newKey();
    expect((await key.call("/api/v1/tareas")).status).toBe(200);
    expect((await call(`${CLAVES}/${key.id}`, undefined, { method: "DELETE" })).status).toBe(200);
    expect((await key.call("/api/v1/tareas")).status).toBe(401);
  });
});
