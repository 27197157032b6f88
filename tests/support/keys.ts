import { call, type ApiResponse } from "./client.ts";

export type TestKey = {
  id: string;
  client: string;
  apiKey: string;
  /** Sends a request with this key. */
  call: (path: string, body?: unknown, method?: string) => Promise<ApiResponse>;
};

/** Creates a key as the owner. The key gets its own client unless `cliente` names one. */
export async function newKey(fields: Record<string, unknown> = {}): Promise<TestKey> {
  const { status, text, json } = await call("/api/v1/claves", {
    nombre: "de una prueba",
    permisos: ["procesar", "historial"],
    ...fields,
  });
  if (status !== 200) throw new Error(text);
  const apiKey = String(json["clave"]);
  return {
    id: String(json["id"]),
    client: String(json["cliente"]),
    apiKey,
    call: callerWith(apiKey),
  };
}

/** Returns a function that sends requests with the key in `x-api-key`. */
export const callerWith =
  (apiKey: string): TestKey["call"] =>
  (path, body, method) =>
    call(path, body, { headers: { "x-api-key": apiKey }, ...(method !== undefined && { method }) });

/** Returns a function that sends requests with the token in `Authorization: Bearer`. */
export const callerWithToken =
  (token: string): TestKey["call"] =>
  (path, body, method) =>
    call(path, body, {
      headers: { "x-api-key": null, authorization: `Bearer ${token}` },
      ...(method !== undefined && { method }),
    });
