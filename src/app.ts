import { fromHono } from "chanfana";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";
import { version } from "../package.json";
import { EstadoEndpoint } from "./chats/estado.endpoint.ts";
import type { AppEnv } from "./context.ts";
import { createDeps, type Deps } from "./deps.ts";
import { DOCS_PATHS, serveDocs } from "./docs/docs.ts";
import { mountProblemPages } from "./docs/problem-page.ts";
import { AppError } from "./errors.ts";
import { HealthDetailedEndpoint, HealthEndpoint } from "./health/health.endpoint.ts";
import { ConsultarInteligenteEndpoint } from "./history/consultar-inteligente.endpoint.ts";
import { ConsultarEndpoint } from "./history/consultar.endpoint.ts";
import { requireKey } from "./http/authenticate.ts";
import { notFoundOrNotAllowed } from "./http/method-not-allowed.ts";
import { noStore } from "./http/no-store.ts";
import { renderError } from "./http/render-error.ts";
import { logRequest } from "./http/request-log.ts";
import { ProcesarEndpoint } from "./tasks/procesar.endpoint.ts";

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_REQUEST_ID_CHARS = 64;

/** The map of the service: middleware in the order they run, then every route. */
export function createApp(overrides: Partial<Deps> = {}): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.onError(renderError);
  app.notFound(notFoundOrNotAllowed(app));

  app.use(requestId({ limitLength: MAX_REQUEST_ID_CHARS }));
  app.use(logRequest());

  app.get("/health", (c) => c.json({ status: "ok" }));

  app.use(async (c, next) => {
    c.set("deps", { ...createDeps(c.env, c.executionCtx), ...overrides });
    await next();
  });
  return app;
}
