import type { Context } from "hono";
import type { AppEnv } from "../http/context.ts";

/** Allows only the page's own files, plus the inline styles and the data: icons that Swagger UI needs. */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FILES: Record<string, string> = {
  "/docs": "/docs/docs.html",
  "/docs/docs.css": "/docs/docs.css",
  "/docs/docs.js": "/docs/docs.js",
  "/docs/swagger-ui.css": "/docs/swagger-ui.css",
  "/docs/swagger-ui-bundle.js": "/docs/swagger-ui-bundle.js",
};

export const DOCS_PATHS = Object.keys(FILES);

/** Serves the documentation page and its files from the ASSETS binding. */
export async function serveDocs(c: Context<AppEnv>): Promise<Response> {
  const file = FILES[c.req.path];
  if (file === undefined) return c.notFound();
  const response = await c.env.ASSETS.fetch(new URL(file, c.req.url));
  const served = new Response(response.body, response);
  served.headers.set("content-security-policy", DOCS_CSP);
  served.headers.set("x-content-type-options", "nosniff");
  return served;
}
