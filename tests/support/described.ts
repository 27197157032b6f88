import { z } from "zod";

const Operation = z.object({
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

type Described = {
  method: string;
  pattern: RegExp;
  responses: z.output<typeof Operation>["responses"];
};

/** The routes of an OpenAPI document, those without parameters first, as a request finds them. */
export function readDescribed(document: unknown): Described[] {
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

type Answered = { status: number; headers: Headers; text: string };

/** What an answer has that its route's description does not tell: its status, its kind, a problem's word. */
export function undescribed(
  routes: Described[],
  { method, path }: { method: string; path: string },
  { status, headers, text }: Answered,
): string | undefined {
  const { pathname } = new URL(path, "https://asistente.test");
  const route = routes.find((one) => one.method === method && one.pattern.test(pathname));
  if (!route) return undefined;
  const response = route.responses[String(status)];
  if (!response) return `${status}`;
  const kind = headers.get("content-type")?.split(";")[0] ?? "";
  if (kind !== "" && !Object.hasOwn(response.content ?? {}, kind)) return `${status} as ${kind}`;
  if (kind !== "application/problem+json") return undefined;
  const { codigo } = z.object({ codigo: z.string() }).parse(JSON.parse(text));
  return response.description.includes(`\`${codigo}\``) ? undefined : `${status} ${codigo}`;
}
