import { zValidator } from "@hono/zod-validator";
import type { Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import type { AppEnv } from "../http/context.ts";
import { AppError, isProblemCode, PROBLEMS, type ProblemCode } from "../errors.ts";

const PAGE_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const Params = z.object({ codigo: z.custom<ProblemCode>(isProblemCode) });

/** Mounts `GET /errores/{codigo}`, the page that the `type` of a problem points to. */
export function mountProblemPages(app: Hono<AppEnv>): void {
  app.get(
    "/errores/:codigo",
    zValidator("param", Params, (result) => {
      if (!result.success) throw new AppError("no_encontrado");
    }),
    (c) => {
      const { codigo } = c.req.valid("param");
      c.header("content-security-policy", PAGE_CSP);
      c.header("x-content-type-options", "nosniff");
      return c.html(renderPage(codigo));
    },
  );
}

/** Renders the parts between backticks as code. */
function renderCode(text: string) {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
}

function renderPage(codigo: ProblemCode) {
  const { title, status, code, help } = PROBLEMS[codigo];
  return html`<!doctype html>
    <html lang="es">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          body {
            font:
              1.1rem/1.6 system-ui,
              sans-serif;
            max-width: 40rem;
            margin: 12vh auto;
            padding: 0 1.5rem;
            color: #1c1c28;
            background: #fbfaf7;
          }
          h1 {
            font-size: 1.6rem;
            line-height: 1.25;
          }
          dl {
            display: grid;
            grid-template-columns: max-content 1fr;
            gap: 0.25rem 1.5rem;
            color: #5a5a6a;
          }
          dd {
            margin: 0;
          }
          @media (prefers-color-scheme: dark) {
            body {
              color: #ecebe6;
              background: #17171d;
            }
            dl {
              color: #a3a3b3;
            }
            a {
              color: #9db8ff;
            }
          }
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        <p>${renderCode(help)}</p>
        <dl>
          <dt>Código</dt>
          <dd><code>${codigo}</code> (${code})</dd>
          <dt>Estado HTTP</dt>
          <dd>${status}</dd>
        </dl>
        <p><a href="/docs">Todas las rutas</a></p>
      </body>
    </html>`;
}
