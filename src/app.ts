import { fromHono } from "chanfana";
import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { PurgarCacheEndpoint } from "./cache/purgar-cache.endpoint.ts";
import { BorrarEndpoint } from "./chats/borrar.endpoint.ts";
import { EstadoEndpoint } from "./chats/estado.endpoint.ts";
import type { AppEnv } from "./context.ts";
import { createDeps, type Deps } from "./deps.ts";
import { DOCS_PATHS, serveDocs } from "./docs/docs.ts";
import { mountProblemPages } from "./docs/problem-page.ts";
import {
  ApiHealthEndpoint,
  HealthDetailedEndpoint,
  HealthEndpoint,
} from "./health/health.endpoint.ts";
import { ConsultarInteligenteEndpoint } from "./history/consultar-inteligente.endpoint.ts";
import { ConsultarEndpoint } from "./history/consultar.endpoint.ts";
import { ExportarEndpoint } from "./history/exportar.endpoint.ts";
import { EjecutarTrabajoEndpoint } from "./jobs/ejecutar-trabajo.endpoint.ts";
import { TrabajosProgramadosEndpoint } from "./jobs/trabajos-programados.endpoint.ts";
import { API_KEY_SCHEME, OPENAPI_INFO } from "./docs/openapi.ts";
import { allowOrigins } from "./http/allow-origins.ts";
import { requireKey } from "./http/authenticate.ts";
import { notFoundOrNotAllowed } from "./http/method-not-allowed.ts";
import { noStore } from "./http/no-store.ts";
import { renderError } from "./http/render-error.ts";
import { logRequest } from "./http/request-log.ts";
import { requireHttps } from "./http/require-https.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { slowGuessing } from "./http/slow-guessing.ts";
import { ProcesarEndpoint } from "./tasks/procesar.endpoint.ts";
import { TareasEndpoint } from "./tasks/tareas.endpoint.ts";

const MAX_REQUEST_ID_CHARS = 64;

/** The map of the service: middleware in the order they run, then every route. */
export function createApp(overrides: Partial<Deps> = {}): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError(renderError);
  app.notFound(notFoundOrNotAllowed(app));
  app.use(requestId({ limitLength: MAX_REQUEST_ID_CHARS }), logRequest(), noStore());
  app.use(securityHeaders(), requireHttps());
  app.use(async (c, next) => {
    c.set("deps", { ...createDeps(c.env, c.executionCtx), ...overrides });
    await next();
  });
  app.use(allowOrigins());

  // Errors must reach renderError untouched, or chanfana answers with its own envelope.
  const api = fromHono(app, {
    passthroughErrors: true,
    docs_url: null,
    openapi_url: "/openapi.json",
    schema: OPENAPI_INFO,
  });
  api.registry.registerComponent("securitySchemes", "clave", API_KEY_SCHEME);

  // Without a key.
  api.get("/health", HealthEndpoint);
  api.get("/health/detailed", HealthDetailedEndpoint);
  api.get("/api/v1/health", ApiHealthEndpoint);
  for (const path of DOCS_PATHS) app.get(path, serveDocs);
  mountProblemPages(app);

  // With a key.
  app.use("/api/v1/*", slowGuessing(), requireKey());
  api.post("/api/v1/estado", EstadoEndpoint);
  api.post("/api/v1/procesar", ProcesarEndpoint);
  api.get("/api/v1/tareas", TareasEndpoint);
  api.delete("/api/v1/cache", PurgarCacheEndpoint);
  api.post("/api/v1/consultar", ConsultarEndpoint);
  api.post("/api/v1/consultar-inteligente", ConsultarInteligenteEndpoint);
  api.get("/api/v1/historial/exportar", ExportarEndpoint);
  api.delete("/api/v1/historial/:chat_id", BorrarEndpoint);
  api.get("/api/v1/trabajos-programados", TrabajosProgramadosEndpoint);
  api.post("/api/v1/trabajos-programados/:nombre", EjecutarTrabajoEndpoint);

  return app;
}
