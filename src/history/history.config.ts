import { z } from "zod";
import { listItems, wholeNumber } from "../lib/setting-types.ts";

const MAX_RETENTION_DAYS = 36_500;

/** Parses "equipo=30, legal=0" into days per client; undefined when the list is malformed. */
function parseRetentions(list: string): Map<string, number> | undefined {
  const days = new Map<string, number>();
  for (const item of listItems(list)) {
    const [, client = "", count = ""] = /^([\w-]{1,64}) *= *(\d{1,5})$/.exec(item) ?? [];
    if (client === "" || days.has(client) || Number(count) > MAX_RETENTION_DAYS) return undefined;
    days.set(client, Number(count));
  }
  return days;
}

/** How long the history is kept. */
export const HistorySettings = z.object({
  RETENCION_DIAS: wholeNumber(0, MAX_RETENTION_DAYS)
    .default(0)
    .describe("Días que se guarda el historial; lo más antiguo se borra cada noche. 0: siempre."),
  RETENCION_POR_CLIENTE: z
    .string()
    .refine(
      (list) => parseRetentions(list) !== undefined,
      `debe ser una lista de cliente=días (0 a ${MAX_RETENTION_DAYS}), como equipo=30, legal=0`,
    )
    .default("")
    .transform((list) => parseRetentions(list) ?? new Map<string, number>())
    .describe("Los clientes que la tienen distinta de RETENCION_DIAS, como equipo=30, legal=0."),
});
