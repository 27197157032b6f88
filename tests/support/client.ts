import { exports } from "cloudflare:workers";
import { z } from "zod";
import { readDescribed, undescribed } from "./described.ts";
import { noteSecret, noteText, secretsIn } from "./no-secrets.ts";
import { TEST_API_KEY } from "./secrets.ts";

const ORIGIN = "https://asistente.test";

/** An answer as a client sees it. */
export type Answer = {
  status: number;
  headers: Headers;
  text: string;
  /** The body as an object; empty when it is none. */
  json: Record<string, unknown>;
};

type CallOptions = {
  method?: string;
  headers?: Record<string, string | null>;
  signal?: AbortSignal;
  /** Scheme and name of the address. */
  origin?: string;
};

/**
 * Sends a request through the whole Worker. A header set to null is left out. Whatever the test is about, the answer
 * must be one that the OpenAPI document tells of.
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
): Promise<Answer> {
  const sent = new Headers({ "x-api-key": TEST_API_KEY, "content-type": "application/json" });
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) sent.delete(name);
    else sent.set(name, value);
  }
  const response = await exports.default.fetch(
    new Request(`${origin}${path}`, {
      method,
      headers: sent,
      redirect: "manual",
      ...(body !== undefined && { body: rawBody(body) }),
      ...(signal && { signal }),
    }),
  );
  const text = await response.text();
  const answer = { status: response.status, headers: response.headers, text, json: parse(text) };
  // What is told to who came to another address is no route's answer.
  const untold =
    origin === ORIGIN && undescribed(await describedRoutes(), { method, path }, answer);
  forgetNoSecret(path, answer);
  if (untold) throw new Error(`The OpenAPI document does not tell of ${method} ${path}: ${untold}`);
  return answer;
}

/** A key or a token is shown in the one answer that makes it. No other answer holds a secret. */
function forgetNoSecret(path: string, { text, headers, json }: Answer): void {
  const made = /\/(?:claves|rotar|token)$/.test(path) ? [json["clave"], json["token"]] : [];
  const shown = made.filter((secret) => typeof secret === "string");
  const leaks = secretsIn(shown.reduce((rest, secret) => rest.replace(secret, ""), text));
  const inHeaders = secretsIn(JSON.stringify([...headers]));
  if (leaks.length + inHeaders.length > 0) {
    throw new Error(`The answer of ${path} holds secrets: ${[...leaks, ...inHeaders].join(", ")}…`);
  }
  for (const secret of shown) noteSecret(secret);
}

let described: ReturnType<typeof readDescribed> | undefined;

async function describedRoutes(): Promise<ReturnType<typeof readDescribed>> {
  if (described) return described;
  const response = await exports.default.fetch("https://asistente.test/openapi.json");
  described = readDescribed(await response.json());
  return described;
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

/** The records of a chat, newest first. */
export async function recordsOf(chatId: number): Promise<Record<string, unknown>[]> {
  const { json } = await consultar({ chat_id: chatId, limit: 100 });
  return Records.parse(json["consultas"]);
}

/** A chat of this test's own. */
export function newChatId(): number {
  return Math.floor(Math.random() * 2 ** 50);
}

/** A word that occurs in no other test, to tell this test's texts and model calls apart. Of letters: figures may pass for data. */
export function newToken(): string {
  const letters = crypto.randomUUID().replace(/[-\d]/g, (sign) => "ghijklmnop"[Number(sign)] ?? "");
  const token = `marca${letters}`;
  noteText(token);
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
