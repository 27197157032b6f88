import { z } from "zod";
import { listItems, seconds } from "../lib/setting-types.ts";

const ORIGINS =
  "debe ser una lista de orígenes separados por comas, como https://panel.ejemplo.com, sin barra final";

/** True for an origin as a browser writes it in the `Origin` header. */
function isOrigin(given: string): boolean {
  return /^https?:[^*]+$/.test(given) && URL.parse(given)?.origin === given;
}

/** Requests: origins that CORS allows and the deadline of a body. */
export const HttpSettings = z.object({
  CORS_ORIGENES: z
    .string()
    .refine((list) => listItems(list).every(isOrigin), ORIGINS)
    .default("")
    .transform(listItems)
    .describe(
      "Orígenes de las páginas web que pueden usar la API desde el navegador, separados por comas. Vacío: ninguna.",
    ),
  CUERPO_TIMEOUT: seconds(600)
    .default(30)
    .describe("Segundos que puede tardar en llegar el cuerpo de una petición."),
});
