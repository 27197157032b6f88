import type { Hono, NotFoundHandler } from "hono";
import { TrieRouter } from "hono/router/trie-router";
import type { AppEnv } from "./context.ts";
import { AppError } from "../errors.ts";
import { renderProblem } from "./render-error.ts";

/** Answers requests that no route matches: 405 with `Allow` when the path exists under other methods, otherwise 404. */
export function notFoundOrNotAllowed(app: Hono<AppEnv>): NotFoundHandler<AppEnv> {
  let router: TrieRouter<string> | undefined;
  return (c) => {
    router ??= createMethodRouter(app);
    const [matches] = router.match("GET", c.req.path);
    const methods = [...new Set(matches.map(([method]) => method))];
    if (methods.length === 0) return renderProblem(c, new AppError("no_encontrado"));

    if (methods.includes("GET")) methods.push("HEAD");
    const allow = methods.toSorted().join(", ");
    const problem = new AppError("metodo_no_permitido", {
      detail: `${c.req.method} no vale en esta ruta; usa ${allow}.`,
    });
    c.header("allow", allow);
    return renderProblem(c, problem);
  };
}

function createMethodRouter(app: Hono<AppEnv>): TrieRouter<string> {
  const router = new TrieRouter<string>();
  // Hono registers middleware under the method ALL; it is not a route.
  for (const { method, path } of app.routes) if (method !== "ALL") router.add("ALL", path, method);
  return router;
}
