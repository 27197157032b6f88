import { expect, it } from "vitest";
import { isTimeZone } from "./time-zone.ts";

it.for(["Europe/Madrid", "America/Argentina/Buenos_Aires", "Etc/GMT+12", "UTC", "utc", "GMT"])(
  "accepts %s",
  (name) => expect(isTimeZone(name)).toBe(true),
);

it.for(["", "Madrid", "Europe/Nowhere", "Europe/Madrid; --", "CET", "EST", "+02:00", "-0330"])(
  "rejects «%s», which is unknown or means another time zone to PostgreSQL",
  (name) => expect(isTimeZone(name)).toBe(false),
);
