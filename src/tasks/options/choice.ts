import { z } from "zod";
import { fold } from "../../text/fold.ts";

/** An option with fixed values. Accepts them in any case and without accents, since programs often drop accents. */
export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  error: string,
) {
  return z
    .preprocess(
      (given) =>
        typeof given === "string"
          ? (values.find((value) => normalise(value) === normalise(given)) ?? given)
          : given,
      z.enum(values, error),
    )
    .meta({ type: "string", enum: [...values] });
}

function normalise(text: string): string {
  return fold(text).trim();
}
