import { expect, it } from "vitest";
import { isTimeZone } from "./time-zone.ts";

it.for(["Europe/Madrid", "America/Argentina/Buenos_Aires", "Etc/GMT+12", "UTC", "utc", "GMT"])(
  "%s is a time zone",
  (name) => expect(isTimeZone(name)).toBe(true),
);

it.for(["", "Madrid", "Europe/Nowhere", "Europe/Madrid; --", "CET", "EST", "+02:00", "-0330"])(
  "«%s» is none, or not the same for Intl and for PostgreSQL",
  (name) => expect(isTimeZone(name)).toBe(false),
);
