import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { AppEnv } from "../context.ts";
import { AppError } from "../errors.ts";

const MAX_BODY_BYTES = 1024 * 1024;

/** For routes that read a body: what comes along with a GET or a DELETE is read by nobody. */
export function limitBody(): MiddlewareHandler<AppEnv> {
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new AppError("cuerpo_demasiado_grande", {
        detail: "El cuerpo supera 1 MiB. Divide el texto y envíalo por partes.",
        fields: [{ campo: "(cuerpo)", mensaje: "supera 1 MiB" }],
      });
    },
  });
  return async (c, next) =>
    ["GET", "HEAD", "DELETE"].includes(c.req.method) ? await next() : await limit(c, next);
}
