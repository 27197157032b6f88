import { z } from "zod";

const Operation = z.object({
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

type DocumentedRoute = {
  method: string;
  pattern: RegExp;
  responses: z.output<typeof Operation>["responses"];
};

/**
 * Reads the routes of an OpenAPI document. Routes without parameters come first, because the router prefers them too.
 */
export function readDocumentedRoutes(document: unknown): DocumentedRoute[] {
  const { paths } = Document.parse(document);
  return Object.entries(paths)
    .toSorted(([a], [b]) => Number(a.includes("{")) - Number(b.includes("{")))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { responses }]) => ({
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
        responses,
      })),
    );
}

type ObservedResponse = { status: number; headers: Headers; text: string };

/**
 * Returns what a response has that its route does not document: its status, its content type, or the code of a problem.
 * Undefined when everything is documented, and for paths that are not in the document.
 */
export function findUndocumented(
  routes: DocumentedRoute[],
  { method, path }: { method: string; path: string },
  { status, headers, text }: ObservedResponse,
): string | undefined {
  const { pathname } = new URL(path, "https://asistente.test");
  const route = routes.find(
    (candidate) => candidate.method === method && candidate.pattern.test(pathname),
  );
  if (!route) return undefined;
  const response = route.responses[String(status)];
  if (!response) return `${status}`;
  const contentType = headers.get("content-type")?.split(";")[0] ?? "";
  if (contentType !== "" && !Object.hasOwn(response.content ?? {}, contentType)) {
    return `${status} as ${contentType}`;
  }
  if (contentType !== "application/problem+json") return undefined;
  const { codigo } = z.object({ codigo: z.string() }).parse(JSON.parse(text));
  return response.description.includes(`\`${codigo}\``) ? undefined : `${status} ${codigo}`;
}
