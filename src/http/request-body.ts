import { AppError } from "../errors.ts";
import { withTimeout } from "../lib/with-timeout.ts";

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * A request's body, whole. Its size is bounded also where the client does not tell it, and so is the time that it may
 * take: one that trickles would hold a request, and its memory, for as long as it likes.
 * @throws {AppError} cuerpo_demasiado_grande, cuerpo_lento, json_malformado when the client cut it off
 */
export async function readBytes(
  request: Request,
  { deadlineMs, maxBytes = MAX_BODY_BYTES }: { deadlineMs: number; maxBytes?: number },
): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (!request.body) return new Uint8Array();

  const reader = request.body.getReader();
  try {
    return await withTimeout(
      deadlineMs,
      () => readAll(reader, maxBytes),
      () => tooSlow(deadlineMs),
    );
  } catch (error) {
    // What is left of it interests nobody, nor whether it could be told so.
    reader.cancel().catch(() => undefined);
    if (error instanceof AppError) throw error;
    throw new AppError("json_malformado", {
      detail: "El cuerpo llegó cortado.",
      fields: [{ campo: "(cuerpo)", mensaje: "llegó cortado" }],
      cause: error,
    });
  }
}

async function readAll(
  reader: { read: () => Promise<{ done: boolean; value?: Uint8Array | undefined }> },
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    if (!value) continue;
    size += value.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(maxBytes: number): AppError {
  const limit = `${maxBytes / 1024 / 1024} MiB`;
  return new AppError("cuerpo_demasiado_grande", {
    detail: `El cuerpo supera ${limit}. Divide el texto y envíalo por partes.`,
    fields: [{ campo: "(cuerpo)", mensaje: `supera ${limit}` }],
  });
}

function tooSlow(deadlineMs: number): AppError {
  return new AppError("cuerpo_lento", {
    detail: `El cuerpo no llegó entero en ${deadlineMs / 1_000} segundos.`,
    fields: [{ campo: "(cuerpo)", mensaje: "no llegó a tiempo" }],
  });
}
