import { AppError } from "../errors.ts";
import { withTimeout } from "../lib/with-timeout.ts";

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads the whole body of a request. Bounds its size even without `content-length`, and the time it may take: a body that
 * arrives slowly would hold the request and its memory.
 * @throws {AppError} cuerpo_demasiado_grande above 1 MiB, cuerpo_lento after `timeoutMs`, json_malformado when the
 *   client closed the connection before the end
 */
export async function readBytes(
  request: Request,
  { timeoutMs }: { timeoutMs: number },
): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  if (!request.body) return new Uint8Array();

  const reader = request.body.getReader();
  try {
    return await withTimeout(
      timeoutMs,
      () => readAll(reader),
      () => tooSlow(timeoutMs),
    );
  } catch (error) {
    // Best effort: the rest of the body is not needed.
    reader.cancel().catch(() => undefined);
    if (error instanceof AppError) throw error;
    throw new AppError("json_malformado", {
      detail: "El cuerpo llegó cortado.",
      fields: [{ campo: "(cuerpo)", mensaje: "llegó cortado" }],
      cause: error,
    });
  }
}

/** @throws {AppError} cuerpo_demasiado_grande */
async function readAll(reader: {
  read: () => Promise<{ done: boolean; value?: Uint8Array | undefined }>;
}): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    if (!value) continue;
    sizeBytes += value.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(value);
  }
  const bytes = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(): AppError {
  const limit = `${MAX_BODY_BYTES / 1024 / 1024} MiB`;
  return new AppError("cuerpo_demasiado_grande", {
    detail: `El cuerpo supera ${limit}. Divide el texto y envíalo por partes.`,
    fields: [{ campo: "(cuerpo)", mensaje: `supera ${limit}` }],
  });
}

function tooSlow(timeoutMs: number): AppError {
  return new AppError("cuerpo_lento", {
    detail: `El cuerpo no llegó entero en ${timeoutMs / 1_000} segundos.`,
    fields: [{ campo: "(cuerpo)", mensaje: "no llegó a tiempo" }],
  });
}
