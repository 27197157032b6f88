import { z } from "zod";
import { fold } from "../../text/fold.ts";

/** One of a closed list, however its capitals and accents are written: people write them, programs often do not. */
export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  error: string,
) {
  return z
    .preprocess(
      (given) =>
        typeof given === "string"
          ? (values.find((value) => plain(value) === plain(given)) ?? given)
          : given,
      z.enum(values, error),
    )
    .meta({ type: "string", enum: [...values] });
}

function plain(text: string): string {
  return fold(text).trim();
}
