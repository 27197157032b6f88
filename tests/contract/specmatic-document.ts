type Schema = {
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  oneOf?: Schema[];
  parameters?: { name: string }[];
  [key: string]: unknown;
};
export type Document = { paths: Record<string, Record<string, Operation>> };
type Operation = Schema & {
  requestBody?: { content: Record<string, { schema: Schema }> };
};

/**
 * The document for specmatic, without the few things whose values depend on other values, which it cannot make up:
 * what is left out is tried by the client beside it and by the suites.
 */
export function forSpecmatic(document: Document): Document {
  const copy = structuredClone(document);
  const bodyOf = (path: string): Schema =>
    copy.paths[path]?.["post"]?.requestBody?.content["application/json"]?.schema ?? {};

  // A cursor is good only as an answer gave it, with the same order.
  drop(bodyOf("/api/v1/consultar"), "cursor");
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
  // One path, three kinds of file: specmatic expects each of them whatever `formato` says.
  delete copy.paths["/api/v1/historial/exportar"];
  // JSON Schemas inside an answer, which it takes for schemas of the answer.
  delete copy.paths["/api/v1/tareas"];
  return copy;
}

function drop({ properties }: Schema, name: string): void {
  if (properties) delete properties[name];
}
