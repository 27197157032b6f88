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

/**
 * Routes that specmatic cannot judge, and why. Every other route of the document is tried by itself, a new one too;
 * these are tried by the client beside this, and by the suites.
 */
const LEFT_OUT: Record<string, string> = {
  "/api/v1/historial/exportar":
    "One path, three kinds of file: it expects each of them whatever `formato` says.",
  "/api/v1/trabajos-programados/{nombre}":
    "202 when it starts, 200 when it was under way: which one, nobody can ask for.",
  "/api/v1/claves/{id}": "A key's id is good only as an answer gave it, until the key is revoked.",
  "/api/v1/claves/{id}/rotar": "The same.",
  "/api/v1/respaldos/{id}": "Which backups there are, only their list tells.",
  "/api/v1/respaldos/{id}/{parte}": "A file of one of them.",
  "/api/v1/tareas": "JSON Schemas inside an answer, which it takes for schemas of the answer.",
};

/**
 * The document for specmatic, without the few things whose values depend on other values, which it cannot make up:
 * what is left out is tried by the client beside it and by the suites.
 */
export function forSpecmatic(document: Document): Document {
  const copy = structuredClone(document);
  for (const path of Object.keys(LEFT_OUT)) delete copy.paths[path];
  // Of the ways to show who one is, it would take the one that it has no token for.
  copy.security = copy.security?.filter((way) => "clave" in way) ?? [];
  chooseFromExamples(copy);
  const bodyOf = (path: string): Schema =>
    copy.paths[path]?.["post"]?.requestBody?.content["application/json"]?.schema ?? {};

  // A cursor is good only as an answer gave it, with the same order.
  drop(bodyOf("/api/v1/consultar"), "cursor");
  // Only the service's own client may have keys with `admin`.
  const key = bodyOf("/api/v1/claves");
  if (key.properties?.["cliente"]) key.properties["cliente"]["enum"] = ["principal"];
  key.required = [...(key.required ?? []), "cliente"];
  // Which ways there are, and to where, is a matter of settings.
  drop(bodyOf("/api/v1/reportes/suscripcion"), "entrega");
  // The same key with another body is 422, as described; specmatic makes short keys up, again and again.
  const procesar = copy.paths["/api/v1/procesar"]?.["post"];
  if (procesar?.parameters) {
    procesar.parameters = procesar.parameters.filter(({ name }) => name !== "idempotency-key");
  }
  const body = bodyOf("/api/v1/procesar");
  // It mixes the branches of anyOf. A report's `datos` hold lists of unlike things; it takes the first for all of them.
  body.oneOf = body.anyOf?.filter(({ title }) => title !== "Con la tarea reporte") ?? [];
  delete body.anyOf;
  for (const { properties } of body.oneOf) {
    const options = properties?.["opciones"] ?? {};
    // A variant must be one of the target language; labels must differ from each other.
    drop(options, "variante");
    drop(options, "etiquetas");
    // Only with `etiquetas`.
    drop(options, "multiple");
    // Not together with `esquema`.
    drop(options, "tipos");
  }
  return copy;
}

/**
 * A pattern says how a value looks, and few that look so are any: of languages, say. Its example stands for all of them.
 * Specmatic also breaks off without a word where it should spoil such a value.
 */
function chooseFromExamples(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const schema = value as Schema;
  if (typeof schema["pattern"] === "string" && typeof schema["example"] === "string") {
    schema["enum"] = [schema["example"]];
    delete schema["pattern"];
    delete schema["example"];
  }
  for (const part of Object.values(schema)) chooseFromExamples(part);
}

/** What was tried, by specmatic's own account: as allowed, as forbidden. "POST /api/v1/estado" → [21, 40]. */
export function triedBySpecmatic(
  output: string,
): Map<string, [allowed: number, forbidden: number]> {
  const tried = new Map<string, [number, number]>();
  for (const [, sign, method, path = ""] of output.matchAll(
    /^([+-])ve +Scenario: ([A-Z]+) (\S+) -> /gm,
  )) {
    const name = `${method} ${path.replaceAll(/\((\w+):\w+\)/g, "{$1}")}`;
    const [allowed, forbidden] = tried.get(name) ?? [0, 0];
    tried.set(name, sign === "+" ? [allowed + 1, forbidden] : [allowed, forbidden + 1]);
  }
  return tried;
}

function drop({ properties }: Schema, name: string): void {
  if (properties) delete properties[name];
}
