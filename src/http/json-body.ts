import type { AppContext } from "./context.ts";
import { AppError } from "../errors.ts";
import { readBytes } from "./request-body.ts";

/** Deeper than any real request, and shallow enough for every recursive function that processes the body. */
const MAX_DEPTH = 32;

const JSON_TYPE = /^application\/([\w.+-]+\+)?json$/i;

/**
 * Reads the body as a JSON object. A body without Content-Type is read as JSON too.
 * @throws {AppError} tipo_de_contenido_no_admitido, json_malformado, entrada_invalida, cuerpo_demasiado_grande,
 *   cuerpo_lento
 */
export async function readJsonObject(c: AppContext): Promise<Record<string, unknown>> {
  requireJsonType(c.req.header("content-type"));
  requireUncompressed(c.req.header("content-encoding"));
  const timeoutMs = c.get("deps").config.CUERPO_TIMEOUT * 1_000;
  const value = parseJson(await readBytes(c.req.raw, { timeoutMs }));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AppError("entrada_invalida", {
      detail: "El cuerpo debe ser un objeto JSON, con llaves.",
      fields: [{ campo: "(cuerpo)", mensaje: "debe ser un objeto JSON" }],
    });
  }
  const object: Record<string, unknown> = { ...value };
  for (const [name, inner] of Object.entries(object)) requireShallow(name, inner);
  return object;
}

function requireJsonType(contentType: string | undefined): void {
  const [type = ""] = (contentType ?? "").split(";");
  if (type.trim() === "" || JSON_TYPE.test(type.trim())) return;
  throw new AppError("tipo_de_contenido_no_admitido", {
    fields: [{ campo: "content-type", mensaje: "debe ser application/json" }],
  });
}

/** Rejects compressed bodies: a few bytes may decompress to gigabytes, and no client needs them. */
function requireUncompressed(encoding: string | undefined): void {
  if (encoding === undefined || /^(?:identity)?$/i.test(encoding.trim())) return;
  throw new AppError("tipo_de_contenido_no_admitido", {
    detail: "El cuerpo debe llegar sin comprimir.",
    fields: [{ campo: "content-encoding", mensaje: "el cuerpo debe llegar sin comprimir" }],
  });
}

function parseJson(bytes: Uint8Array): unknown {
  const fields = [{ campo: "(cuerpo)", mensaje: "no es JSON válido" }];
  if (bytes.byteLength === 0) {
    throw new AppError("json_malformado", { detail: "El cuerpo está vacío.", fields });
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch (cause) {
    throw new AppError("json_malformado", {
      detail: "El cuerpo no es JSON válido en UTF-8.",
      fields,
      cause,
    });
  }
}

/** Checks level by level, without recursion. @throws {AppError} entrada_invalida */
function requireShallow(field: string, value: unknown): void {
  let level = [value];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) {
      throw new AppError("entrada_invalida", {
        detail: `El campo ${field.slice(0, 64)} está anidado más de ${MAX_DEPTH} niveles.`,
        fields: [{ campo: field.slice(0, 64), mensaje: "está demasiado anidado" }],
      });
    }
    level = level.flatMap(childrenOf);
  }
}

function childrenOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values({ ...value }) : [];
}
