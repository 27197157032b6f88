import { exports } from "cloudflare:workers";
import { z } from "zod";
import { findSecrets, registerClientText, registerSecret } from "./leak-detector.ts";
import { findUndocumented, readDocumentedRoutes } from "./openapi-check.ts";
import { TEST_API_KEY } from "./secrets.ts";

const ORIGIN = "https://asistente.test";

/** A response as a client sees it. */
export type ApiResponse = {
  status: number;
  headers: Headers;
  text: string;
  /** The body as an object; empty when the body is not a JSON object. */
  json: Record<string, unknown>;
};

type CallOptions = {
  method?: string;
  headers?: Record<string, string | null>;
  signal?: AbortSignal;
  /** Default: https://asistente.test. */
  origin?: string;
};

/**
 * Sends a request through the whole Worker, with API_KEY unless `headers` says otherwise. A header set to null is left out.
 * @throws {Error} when the OpenAPI document does not describe the response, or when the response leaks a secret
 */
export async function call(
  path: string,
  body?: unknown,
  {
    method = body === undefined ? "GET" : "POST",
    headers = {},
    signal,
    origin = ORIGIN,
  }: CallOptions = {},
): Promise<ApiResponse> {
  const requestHeaders = new Headers({
    "x-api-key": TEST_API_KEY,
    "content-type": "application/json",
  });
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) requestHeaders.delete(name);
    else requestHeaders.set(name, value);
  }
  const response = await exports.default.fetch(
    new Request(`${origin}${path}`, {
      method,
      headers: requestHeaders,
      redirect: "manual",
      ...(body !== undefined && { body: rawBody(body) }),
      ...(signal && { signal }),
    }),
  );
  const text = await response.text();
  const answer = { status: response.status, headers: response.headers, text, json: parse(text) };
  // Requests to another origin are answered by middleware, before any documented route.
  const undocumented =
    origin === ORIGIN && findUndocumented(await documentedRoutes(), { method, path }, answer);
  checkForSecrets(path, answer);
  if (undocumented) {
    throw new Error(`The OpenAPI document does not describe ${method} ${path}: ${undocumented}`);
  }
  return answer;
}

/**
 * Checks that the response holds no secret, except a key or token in the response that creates it. From then on the new
 * secret is forbidden everywhere.
 */
function checkForSecrets(path: string, { text, headers, json }: ApiResponse): void {
  const created = /\/(?:claves|rotar|token)$/.test(path) ? [json["clave"], json["token"]] : [];
  const newSecrets = created.filter((secret) => typeof secret === "string");
  const leaks = findSecrets(newSecrets.reduce((rest, secret) => rest.replace(secret, ""), text));
  const inHeaders = findSecrets(JSON.stringify([...headers]));
  if (leaks.length + inHeaders.length > 0) {
    throw new Error(
      `The response of ${path} holds secrets: ${[...leaks, ...inHeaders].join(", ")}…`,
    );
  }
  for (const secret of newSecrets) registerSecret(secret);
}

let cachedRoutes: ReturnType<typeof readDocumentedRoutes> | undefined;

async function documentedRoutes(): Promise<ReturnType<typeof readDocumentedRoutes>> {
  if (cachedRoutes) return cachedRoutes;
  const response = await exports.default.fetch("https://asistente.test/openapi.json");
  cachedRoutes = readDocumentedRoutes(await response.json());
  return cachedRoutes;
}

export const procesar = (
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
) => call("/api/v1/procesar", body, { headers, ...(signal && { signal }) });
export const estado = (body: Record<string, unknown>) => call("/api/v1/estado", body);
export const consultar = (body: Record<string, unknown>) => call("/api/v1/consultar", body);
export const preguntar = (body: Record<string, unknown>) =>
  call("/api/v1/consultar-inteligente", body);

const Records = z.array(z.record(z.string(), z.unknown()));

/** Returns the records of a chat, newest first. */
export async function recordsOf(chatId: number): Promise<Record<string, unknown>[]> {
  const { json } = await consultar({ chat_id: chatId, limit: 100 });
  return Records.parse(json["consultas"]);
}

/** Returns a random chat id, so that no other test uses the chat. */
export function newChatId(): number {
  return Math.floor(Math.random() * 2 ** 50);
}

/**
 * Returns a word that no other test uses, to find this test's texts and model calls. Letters only: the checks of the
 * answer treat digits as data. The word may not appear in the log.
 */
export function newToken(): string {
  const letters = crypto.randomUUID().replace(/[-\d]/g, (sign) => "ghijklmnop"[Number(sign)] ?? "");
  const token = `marca${letters}`;
  registerClientText(token);
  return token;
}

function rawBody(body: unknown): BodyInit {
  if (typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream)
    return body;
  return JSON.stringify(body);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
