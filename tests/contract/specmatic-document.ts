type Schema = {
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  parameters?: { name: string }[];
  [key: string]: unknown;
};
export type Document = {
  paths: Record<string, Record<string, Operation>>;
  security?: Record<string, unknown>[];
};
export type Operation = Schema & {
  requestBody?: { content: Record<string, { schema: Schema }> };
  security?: unknown[];
};

/** Routes that specmatic cannot test, with the reason. client.ts and the worker suites test them. */
const EXCLUDED: Record<string, string> = {
  "/api/v1/historial/exportar":
    "One path with three content types: specmatic expects each of them for every `formato`.",
  "/api/v1/trabajos-programados/{nombre}":
    "202 when the job starts, 200 when it is running: the request cannot choose.",
  "/api/v1/claves/{id}": "The id must be that of an existing key, which specmatic cannot know.",
  "/api/v1/claves/{id}/rotar": "As above.",
  "/api/v1/respaldos/{id}": "The id must be that of an existing backup.",
  "/api/v1/respaldos/{id}/{parte}": "The part must be a file of an existing backup.",
  "/api/v1/tareas":
    "The response contains JSON Schemas, which specmatic reads as schemas of the response.",
};

/**
 * Returns the document without the excluded routes and without the fields whose valid values depend on other values,
 * because specmatic generates each value by itself. client.ts and the worker suites test the rest.
 */
export function toSpecmaticDocument(document: Document): Document {
  const copy = structuredClone(document);
  for (const path of Object.keys(EXCLUDED)) delete copy.paths[path];
  // Specmatic would choose the security scheme for which it has no token.
  copy.security = copy.security?.filter((scheme) => "clave" in scheme) ?? [];
  replacePatternsByExamples(copy);
  const bodyOf = (path: string): Schema =>
    copy.paths[path]?.["post"]?.requestBody?.content["application/json"]?.schema ?? {};

  // A cursor must come from an earlier response with the same order.
  drop(bodyOf("/api/v1/consultar"), "cursor");
  // Only the client `principal` may have keys with the scope `admin`.
  const key = bodyOf("/api/v1/claves");
  if (key.properties?.["cliente"]) key.properties["cliente"]["enum"] = ["principal"];
  key.required = [...(key.required ?? []), "cliente"];
  // The settings decide the available channels and targets.
  drop(bodyOf("/api/v1/reportes/suscripcion"), "entrega");
  // The same key with another body is 422, and specmatic reuses short keys.
  const procesar = copy.paths["/api/v1/procesar"]?.["post"];
  if (procesar?.parameters) {
    procesar.parameters = procesar.parameters.filter(({ name }) => name !== "idempotency-key");
  }
  const body = bodyOf("/api/v1/procesar");
  // Specmatic mixes the branches of anyOf. The `datos` of a report contain lists of different types, of which it uses
  // only the first.
  body.oneOf = body.anyOf?.filter(({ title }) => title !== "Con la tarea reporte") ?? [];
  delete body.anyOf;
  for (const { properties } of body.oneOf) {
    const options = properties?.["opciones"] ?? {};
    // A variant must belong to the target language; labels must be unique.
    drop(options, "variante");
    drop(options, "etiquetas");
    // Requires `etiquetas`.
    drop(options, "multiple");
    // Excludes `esquema`.
    drop(options, "tipos");
  }
  return copy;
}

/**
 * Replaces every pattern by its example: most values that match a pattern are invalid, for example as a language.
 * Specmatic also stops without an error when it has to generate an invalid value for a pattern.
 */
function replacePatternsByExamples(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const schema = value as Schema;
  if (typeof schema["pattern"] === "string" && typeof schema["example"] === "string") {
    schema["enum"] = [schema["example"]];
    delete schema["pattern"];
    delete schema["example"];
  }
  for (const part of Object.values(schema)) replacePatternsByExamples(part);
}

/** Counts the allowed and forbidden requests that specmatic sent per operation: "POST /api/v1/estado" → [21, 40]. */
export function countSpecmaticTests(
  output: string,
): Map<string, [allowed: number, forbidden: number]> {
  const counts = new Map<string, [number, number]>();
  for (const [, sign, method, path = ""] of output.matchAll(
    /^([+-])ve +Scenario: ([A-Z]+) (\S+) -> /gm,
  )) {
    const name = `${method} ${path.replaceAll(/\((\w+):\w+\)/g, "{$1}")}`;
    const [allowed, forbidden] = counts.get(name) ?? [0, 0];
    counts.set(name, sign === "+" ? [allowed + 1, forbidden] : [allowed, forbidden + 1]);
  }
  return counts;
}

function drop({ properties }: Schema, name: string): void {
  if (properties) delete properties[name];
}
