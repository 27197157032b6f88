import { call, type Answer } from "./client.ts";

export type TestKey = {
  id: string;
  client: string;
  clave: string;
  /** Sends a request with this key. */
  call: (path: string, body?: unknown, method?: string) => Promise<Answer>;
};

/** A key made by the owner, of a client of its own unless `cliente` says otherwise. */
export async function newKey(wanted: Record<string, unknown> = {}): Promise<TestKey> {
  const { status, text, json } = await call("/api/v1/claves", {
    nombre: "de una prueba",
    permisos: ["procesar", "historial"],
    ...wanted,
  });
  if (status !== 200) throw new Error(text);
  const clave = String(json["clave"]);
  return {
    id: String(json["id"]),
    client: String(json["cliente"]),
    clave,
    call: callerWith(clave),
  };
}

export const callerWith =
  (clave: string): TestKey["call"] =>
  (path, body, method) =>
    call(path, body, { headers: { "x-api-key": clave }, ...(method !== undefined && { method }) });

/** The same with a token. */
export const callerWithToken =
  (token: string): TestKey["call"] =>
  (path, body, method) =>
    call(path, body, {
      headers: { "x-api-key": null, authorization: `Bearer ${token}` },
      ...(method !== undefined && { method }),
    });
