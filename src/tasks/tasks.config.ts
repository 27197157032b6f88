import { z } from "zod";

/** Settings of all tasks. The settings of a single task are in LlmSettings and CacheSettings. */
export const TaskSettings = z.object({
  PROTEGER_DATOS: z
    .stringbool("debe ser true o false")
    .default(false)
    .describe(
      "true: los datos personales de todos los textos se ocultan antes de enviarlos al proveedor y se devuelven en la respuesta.",
    ),
});
