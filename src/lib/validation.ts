import { z } from "zod";
import { es } from "zod/locales";
import type { FieldProblem } from "../errors.ts";

// Messages for whatever a schema has no words of its own for.
z.config(es());

/** More problems than this help nobody, and a body may hold thousands. */
const MAX_PROBLEMS = 20;
const MAX_NAME_CHARS = 64;

/** What zod found, as the wire tells it: one entry a field, unknown fields by their own name. */
export function fieldProblems(
  issues: readonly z.core.$ZodIssue[],
  under: readonly string[] = [],
): FieldProblem[] {
  return issues
    .flatMap((issue) => {
      const path = [...under, ...issue.path.map(String)];
      if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => ({
          campo: fieldName([...path, key]),
          mensaje: "no se conoce este campo",
        }));
      }
      return [{ campo: fieldName(path), mensaje: issue.message }];
    })
    .slice(0, MAX_PROBLEMS);
}

/** A name that a client made up, cut to a length that is safe to repeat. */
export function shortName(name: string): string {
  const clean = name.replaceAll(/\p{C}/gu, "");
  return clean.length <= MAX_NAME_CHARS ? clean : `${clean.slice(0, MAX_NAME_CHARS)}…`;
}

function fieldName(path: string[]): string {
  return path.length === 0 ? "(cuerpo)" : path.map(shortName).join(".");
}
