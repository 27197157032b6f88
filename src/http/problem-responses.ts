import { z } from "zod";
import { PROBLEMS, type ProblemCode } from "../errors.ts";

const ANY_ROUTE = ["error_interno", "configuracion_invalida"] as const;

/** Problems that middleware may answer before the authentication. */
const BEFORE_AUTHENTICATION = ["conexion_insegura", "demasiados_intentos"] as const;
/** Problems of every authenticated route, besides `no_autenticado`. */
const AUTHENTICATED = [
  "permiso_insuficiente",
  "chat_no_permitido",
  "limite_de_clave",
  "acceso_no_disponible",
] as const satisfies readonly ProblemCode[];

/** Problems of every authenticated route that reads a body. */
export const BODY_PROBLEMS = [
  "entrada_invalida",
  "json_malformado",
  "no_autenticado",
  "cuerpo_lento",
  "cuerpo_demasiado_grande",
  "tipo_de_contenido_no_admitido",
] as const satisfies readonly ProblemCode[];

export const Problem = z.strictObject({
  type: z.string().describe("Página que explica el problema."),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe("Qué ocurrió y qué hacer."),
  code: z.string().regex(/^E\d{3}$/),
  codigo: z.string(),
  solicitud_id: z.string(),
  errores: z.array(z.strictObject({ campo: z.string(), mensaje: z.string() })).optional(),
  success: z.literal(false),
  mensaje: z.string().describe("Lo mismo que `detail`."),
  chat_id: z.int().optional().describe("El chat de la petición, si se pudo leer."),
});

/**
 * Returns the OpenAPI responses for the problems, one per status. `no_autenticado` stands for an authenticated route and
 * adds every problem that authentication may answer.
 */
export function problemResponses(codes: readonly ProblemCode[]) {
  const all = [
    ...codes,
    ...(codes.includes("no_autenticado") ? [...BEFORE_AUTHENTICATION, ...AUTHENTICATED] : []),
    ...ANY_ROUTE,
  ];
  const byStatus = Object.groupBy(all, (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codesOfStatus]) => [
      status,
      {
        description: codesOfStatus.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(" "),
        content: { "application/problem+json": { schema: Problem } },
      },
    ]),
  );
}
