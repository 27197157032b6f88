import { DAY_SECONDS } from "../lib/durations.ts";

/** What became of something sent out. `reason` is Spanish, fit to be stored and shown, and holds no secret. */
export type Delivery =
  | { ok: true }
  | {
      ok: false;
      /** Whether trying again later may help. */
      retry: boolean;
      reason: string;
      /** How long the other side asks to be left alone. */
      retryAfterSeconds?: number;
    };

type Reply = { status: number; text: string; retryAfterSeconds?: number };

export const DEADLINE_MS = 10_000;
/** Of an answer only this much is read: it is a receipt, whatever else the other side may send. */
const MAX_REPLY_BYTES = 16 * 1024;
/** Nobody is left alone for longer, whatever they ask for. */
export const MAX_RETRY_AFTER_SECONDS = DAY_SECONDS;

/** Refusals that somebody may put right: a credential, an address not yet there, a conflict, a pace. */
const PASSING = new Set([401, 403, 404, 408, 409, 425, 429]);

/**
 * Posts JSON and reads the answer, all within one deadline. Redirects are not followed. Never throws: a server that
 * cannot be reached is a Delivery that failed. What `fetch` threw is not passed on, since it may quote the address.
 */
export async function postJson(
  url: string,
  {
    body,
    headers = {},
    deadlineMs = DEADLINE_MS,
  }: { body: string; headers?: Record<string, string>; deadlineMs?: number },
): Promise<Reply | (Delivery & { ok: false })> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      redirect: "manual",
      signal,
    });
    const retryAfterSeconds = readRetryAfter(response.headers.get("retry-after"));
    return {
      status: response.status,
      text: await readStart(response),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    };
  } catch {
    const reason = signal.aborted ? `no respondió en ${deadlineMs / 1_000} s` : "no está accesible";
    return { ok: false, retry: true, reason };
  }
}

/** What a status says, where the answer says nothing better. */
export function toDelivery({ status, retryAfterSeconds }: Omit<Reply, "text">): Delivery {
  if (status >= 200 && status < 300) return { ok: true };
  const isRedirect = status >= 300 && status < 400;
  return {
    ok: false,
    retry: status >= 500 || PASSING.has(status),
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
  for (let bytes = 0; bytes < MAX_REPLY_BYTES;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

/** Seconds; the form with a date is left out of account. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header), MAX_RETRY_AFTER_SECONDS);
}
