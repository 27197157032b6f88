import { z } from "zod";
import { es } from "zod/locales";
import type { FieldProblem } from "../errors.ts";
import { counted } from "./counted.ts";

// For whatever a schema has no words of its own for. In the words of the rest: `campo`, and then what it should be.
const inSpanish = es().localeError;
z.config({ localeError: (issue) => expected(issue) ?? inSpanish(issue) });

/** More problems than this help nobody, and a body may hold thousands. */
const MAX_PROBLEMS = 20;
const MAX_NAME_CHARS = 64;

/** What zod found, as the wire tells it: one entry a field, unknown fields by their own name. */
export function fieldProblems(
  issues: readonly z.core.$ZodIssue[],
  under: readonly string[] = [],
): FieldProblem[] {
  const problems = issues.flatMap((issue) => {
    const path = [...under, ...issue.path.map(String)];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        campo: fieldName([...path, key]),
        mensaje: "no se conoce este campo",
      }));
    }
    return [{ campo: fieldName(path), mensaje: issue.message }];
  });
  // Two rules of a field may say the same of it.
  return [
    ...new Map(
      problems.map((problem) => [`${problem.campo} ${problem.mensaje}`, problem]),
    ).values(),
  ].slice(0, MAX_PROBLEMS);
}

/** The same in one sentence, fit to send to a person. */
export function problemsInWords([first, ...rest]: readonly FieldProblem[]): string {
  if (!first) return "La solicitud no es válida.";
  const others = rest.length > 0 ? ` (y ${rest.length} más)` : "";
  return `El campo ${first.campo} no vale: ${first.mensaje}${others}.`;
}

const KINDS: Partial<Record<string, string>> = {
  string: "un texto",
  number: "un número",
  int: "un número entero",
  boolean: "true o false",
  array: "una lista",
  object: "un objeto",
  record: "un objeto",
};

function expected(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") {
    const kind = KINDS[issue.expected];
    return kind && (issue.input === undefined ? "falta" : `debe ser ${kind}`);
  }
  if (issue.code === "too_small") {
    return limitInWords(issue.origin, "como mínimo", issue.minimum, issue.inclusive);
  }
  if (issue.code === "too_big") {
    return limitInWords(issue.origin, "como mucho", issue.maximum, issue.inclusive);
  }
  return undefined;
}

function limitInWords(
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
      return `debe tener ${limit} ${counted(value, "carácter", "caracteres")}`;
    case "array":
      return `debe tener ${limit} ${counted(value, "elemento", "elementos")}`;
    default:
      return undefined;
  }
}

/** A name that a client made up, cut to a length that is safe to repeat. */
export function shortName(name: string): string {
  const clean = name.replaceAll(/\p{C}/gu, "");
  return clean.length <= MAX_NAME_CHARS ? clean : `${clean.slice(0, MAX_NAME_CHARS)}…`;
}

function fieldName(path: string[]): string {
  return path.length === 0 ? "(cuerpo)" : path.map(shortName).join(".");
}
