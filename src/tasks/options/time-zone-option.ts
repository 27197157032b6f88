import { z } from "zod";
import { isTimeZone } from "../../lib/time-zone.ts";

export function timeZoneOption(description: string) {
  return z
    .string("debe ser un texto")
    .refine(isTimeZone, "debe ser una zona horaria IANA, como Europe/Madrid")
    .optional()
    .meta({ description, example: "Europe/Madrid" });
}
