import { DAY_SECONDS } from "../lib/durations.ts";

/** The outcome of a delivery. `reason` is Spanish, may be stored and shown to people, and holds no secret. */
export type Delivery =
  | { ok: true }
  | {
      ok: false;
      /** Whether a later retry may succeed. */
      retry: boolean;
      reason: string;
      /** How long the receiver asks to wait before the next attempt. */
      retryAfterSeconds?: number;
    };

type PostResponse = { status: number; text: string; retryAfterSeconds?: number };

const REQUEST_TIMEOUT_MS = 10_000;
/** Only the start of a response is read: nothing in it is needed but a short error description. */
const MAX_RESPONSE_BYTES = 16 * 1024;
/** The longest pause that a receiver can ask for. */
export const MAX_RETRY_AFTER_SECONDS = DAY_SECONDS;

/** Client errors that may pass: a wrong credential, a path that does not exist yet, a conflict, a rate limit. */
const RETRYABLE_STATUSES = new Set([401, 403, 404, 408, 409, 425, 429]);

/**
 * Posts JSON and reads the start of the response, all within one timeout. Redirects are not followed. Never throws: a
 * server that cannot be reached is a failed Delivery. The error of `fetch` is not included, because it may quote the URL.
 */
export async function postJson(
  url: string,
  {
    body,
    headers = {},
    timeoutMs = REQUEST_TIMEOUT_MS,
  }: { body: string; headers?: Record<string, string>; timeoutMs?: number },
): Promise<PostResponse | (Delivery & { ok: false })> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      redirect: "manual",
      signal,
    });
    const retryAfterSeconds = readRetryAfterSeconds(response.headers.get("retry-after"));
    return {
      status: response.status,
      text: await readStart(response),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    };
  } catch {
    const reason = signal.aborted ? `no respondió en ${timeoutMs / 1_000} s` : "no está accesible";
    return { ok: false, retry: true, reason };
  }
}

/** Maps a status code to the outcome of the delivery. */
export function toDelivery({ status, retryAfterSeconds }: Omit<PostResponse, "text">): Delivery {
  if (status >= 200 && status < 300) return { ok: true };
  const isRedirect = status >= 300 && status < 400;
  return {
    ok: false,
    retry: status >= 500 || RETRYABLE_STATUSES.has(status),
    reason: isRedirect
      ? `respondió ${status}: lleva a otra dirección, y no se sigue`
      : `respondió ${status}`,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

async function readStart(response: Response): Promise<string> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; bytes < MAX_RESPONSE_BYTES;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

/** Undefined for the form with a date, which is ignored. */
function readRetryAfterSeconds(header: string | null): number | undefined {
  if (header === null || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header), MAX_RETRY_AFTER_SECONDS);
}
