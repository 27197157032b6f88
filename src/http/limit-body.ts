import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { AppEnv } from "../context.ts";
import { AppError } from "../errors.ts";

const MAX_BODY_BYTES = 1024 * 1024;

export function limitBody(): MiddlewareHandler<AppEnv> {
  return bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new AppError("cuerpo_demasiado_grande", {
        detail: "El cuerpo supera 1 MiB. Divide el texto y envíalo por partes.",
        fields: [{ campo: "(cuerpo)", mensaje: "supera 1 MiB" }],
      });
    },
  });
}
