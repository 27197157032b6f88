import { fromHono, type OpenAPIRoute } from "chanfana";
import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { CambiarClaveEndpoint } from "./access/cambiar-clave.endpoint.ts";
import { CrearClaveEndpoint } from "./access/crear-clave.endpoint.ts";
import { ListarClavesEndpoint } from "./access/listar-claves.endpoint.ts";
import { RevocarClaveEndpoint } from "./access/revocar-clave.endpoint.ts";
import { RotarClaveEndpoint } from "./access/rotar-clave.endpoint.ts";
import { TokenEndpoint } from "./access/token.endpoint.ts";
import { VerClaveEndpoint } from "./access/ver-clave.endpoint.ts";
import { authenticate, requireScope } from "./access/guard.ts";
import type { Scope } from "./access/principal.ts";
import { BorradosRespaldosEndpoint } from "./backups/borrados-respaldos.endpoint.ts";
import { FlujosRespaldosEndpoint } from "./backups/flujos-respaldos.endpoint.ts";
import { ParteRespaldoEndpoint } from "./backups/parte-respaldo.endpoint.ts";
import { RespaldoEndpoint } from "./backups/respaldo.endpoint.ts";
import { RespaldosEndpoint } from "./backups/respaldos.endpoint.ts";
import { PurgarCacheEndpoint } from "./tasks/purgar-cache.endpoint.ts";
import { BorrarEndpoint } from "./chats/borrar.endpoint.ts";
import { EstadoEndpoint } from "./chats/estado.endpoint.ts";
import type { AppContext, AppEnv } from "./http/context.ts";
import { createDeps, type Deps } from "./deps.ts";
import { DOCS_PATHS, serveDocs } from "./api-docs/docs.ts";
import { mountProblemPages } from "./api-docs/problem-page.ts";
import {
  ApiHealthEndpoint,
  HealthDetailedEndpoint,
  HealthEndpoint,
} from "./health/health.endpoint.ts";
import { ConsultarInteligenteEndpoint } from "./questions/consultar-inteligente.endpoint.ts";
import { ConsultarEndpoint } from "./history/consultar.endpoint.ts";
import { ExportarEndpoint } from "./history/exportar.endpoint.ts";
import { EjecutarTrabajoEndpoint } from "./jobs/registry/ejecutar-trabajo.endpoint.ts";
import { TrabajosProgramadosEndpoint } from "./jobs/registry/trabajos-programados.endpoint.ts";
import { API_KEY_SCHEME, BEARER_SCHEME, OPENAPI_INFO } from "./api-docs/openapi.ts";
import { allowOrigins } from "./http/allow-origins.ts";
import { limitRefusedKeys } from "./http/limit-refused-keys.ts";
import { notFoundOrNotAllowed } from "./http/method-not-allowed.ts";
import { noStore } from "./http/no-store.ts";
import { renderError } from "./http/render-error.ts";
import { logRequest } from "./http/request-log.ts";
import { requireHttps } from "./http/require-https.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { ReportesEndpoint } from "./reports/reportes.endpoint.ts";
import { LeerSuscripcionEndpoint, SuscribirEndpoint } from "./reports/suscripcion.endpoint.ts";
import { ProcesarEndpoint } from "./tasks/procesar.endpoint.ts";
import { TareasEndpoint } from "./tasks/tareas.endpoint.ts";

const MAX_REQUEST_ID_CHARS = 64;

/** The whole service: all middleware in the order it runs, then every route. */
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
  api.registry.registerComponent("securitySchemes", "portador", BEARER_SCHEME);

  // Without a credential.
  api.get("/health", HealthEndpoint);
  api.get("/health/detailed", HealthDetailedEndpoint);
  api.get("/api/v1/health", ApiHealthEndpoint);
  for (const path of DOCS_PATHS) app.get(path, serveDocs);
  mountProblemPages(app);

  // With a credential that holds the scope of the route. `procesar` reads the cache while the credential is verified.
  const route = (
    method: string,
    path: string,
    scope: Scope | null,
    endpoint: typeof OpenAPIRoute<[AppContext]>,
  ) => {
    app.on(method, path, requireScope(scope));
    api.on(method, path, endpoint);
  };
  app.use("/api/v1/*", limitRefusedKeys(), authenticate({ verifyInParallel: "/api/v1/procesar" }));
  route("POST", "/api/v1/estado", "procesar", EstadoEndpoint);
  route("POST", "/api/v1/procesar", "procesar", ProcesarEndpoint);
  route("GET", "/api/v1/tareas", "procesar", TareasEndpoint);
  route("DELETE", "/api/v1/cache", "procesar", PurgarCacheEndpoint);
  route("POST", "/api/v1/consultar", "historial", ConsultarEndpoint);
  route("POST", "/api/v1/consultar-inteligente", "historial", ConsultarInteligenteEndpoint);
  route("GET", "/api/v1/historial/exportar", "historial", ExportarEndpoint);
  route("DELETE", "/api/v1/historial/:chat_id", "historial", BorrarEndpoint);
  route("POST", "/api/v1/auth/token", null, TokenEndpoint);
  route("POST", "/api/v1/claves", "admin", CrearClaveEndpoint);
  route("GET", "/api/v1/claves", "admin", ListarClavesEndpoint);
  route("GET", "/api/v1/claves/:id", "admin", VerClaveEndpoint);
  route("PATCH", "/api/v1/claves/:id", "admin", CambiarClaveEndpoint);
  route("POST", "/api/v1/claves/:id/rotar", "admin", RotarClaveEndpoint);
  route("DELETE", "/api/v1/claves/:id", "admin", RevocarClaveEndpoint);
  route("GET", "/api/v1/trabajos-programados", "admin", TrabajosProgramadosEndpoint);
  route("POST", "/api/v1/trabajos-programados/:nombre", "admin", EjecutarTrabajoEndpoint);
  route("GET", "/api/v1/reportes", "informes", ReportesEndpoint);
  route("GET", "/api/v1/reportes/suscripcion", "informes", LeerSuscripcionEndpoint);
  route("POST", "/api/v1/reportes/suscripcion", "informes", SuscribirEndpoint);
  route("GET", "/api/v1/respaldos", "admin", RespaldosEndpoint);
  route("GET", "/api/v1/respaldos/borrados", "admin", BorradosRespaldosEndpoint);
  route("POST", "/api/v1/respaldos/flujos", "flujos", FlujosRespaldosEndpoint);
  route("GET", "/api/v1/respaldos/:id", "admin", RespaldoEndpoint);
  route("GET", "/api/v1/respaldos/:id/:parte", "admin", ParteRespaldoEndpoint);

  return app;
}
