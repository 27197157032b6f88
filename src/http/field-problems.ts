import { z } from "zod";
import { es } from "zod/locales";
import type { FieldProblem } from "../errors.ts";
import { formatCount } from "../lib/format-count.ts";

// The default messages of zod, for rules without a message of their own. They continue a sentence that starts with the
// name of the field ("El campo texto no vale: falta"); for issues that we do not word, zod's own Spanish is used.
const zodSpanishMessage = es().localeError;
z.config({ localeError: (issue) => describeIssue(issue) ?? zodSpanishMessage(issue) });

/** A body may have thousands of wrong fields; the response lists this many. */
const MAX_PROBLEMS = 20;
const MAX_NAME_CHARS = 64;

/**
 * Converts zod's issues to the problems of a response: one entry per message of a field, and one per unknown field.
 * `parentPath` is put in front of each path. Returns at most 20 problems.
 */
export function toFieldProblems(
  issues: readonly z.core.$ZodIssue[],
  parentPath: readonly string[] = [],
): FieldProblem[] {
  const problems = issues.flatMap((issue) => {
    const path = [...parentPath, ...issue.path.map(String)];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        campo: fieldName([...path, key]),
        mensaje: "no se conoce este campo",
      }));
    }
    return [{ campo: fieldName(path), mensaje: issue.message }];
  });
  // Two rules of one field may have the same message.
  return [
    ...new Map(
      problems.map((problem) => [`${problem.campo} ${problem.mensaje}`, problem]),
    ).values(),
  ].slice(0, MAX_PROBLEMS);
}

/** Describes the problems in one Spanish sentence for a person. */
export function describeFieldProblems([first, ...rest]: readonly FieldProblem[]): string {
  if (!first) return "La solicitud no es válida.";
  const others = rest.length > 0 ? ` (y ${rest.length} más)` : "";
  return `El campo ${first.campo} no vale: ${first.mensaje}${others}.`;
}

const TYPE_NAMES: Partial<Record<string, string>> = {
  string: "un texto",
  number: "un número",
  int: "un número entero",
  boolean: "true o false",
  array: "una lista",
  object: "un objeto",
  record: "un objeto",
};

function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") {
    const typeName = TYPE_NAMES[issue.expected];
    return typeName && (issue.input === undefined ? "falta" : `debe ser ${typeName}`);
  }
  if (issue.code === "too_small") {
    return describeLimit(issue.origin, "como mínimo", issue.minimum, issue.inclusive);
  }
  if (issue.code === "too_big") {
    return describeLimit(issue.origin, "como mucho", issue.maximum, issue.inclusive);
  }
  return undefined;
}

function describeLimit(
  origin: string,
  limit: string,
  value: number | bigint,
  inclusive = true,
): string | undefined {
  if (!inclusive) return undefined;
  switch (origin) {
    case "number":
    case "int":
      return `debe ser ${limit} ${value}`;
    case "string":
      return `debe tener ${limit} ${formatCount(value, "carácter", "caracteres")}`;
    case "array":
      return `debe tener ${limit} ${formatCount(value, "elemento", "elementos")}`;
    default:
      return undefined;
  }
}

/** Returns a field name from the client without control characters and at most 64 characters long, safe to repeat. */
export function shortName(name: string): string {
  const clean = name.replaceAll(/\p{C}/gu, "");
  return clean.length <= MAX_NAME_CHARS ? clean : `${clean.slice(0, MAX_NAME_CHARS)}…`;
}

function fieldName(path: string[]): string {
  return path.length === 0 ? "(cuerpo)" : path.map(shortName).join(".");
}
