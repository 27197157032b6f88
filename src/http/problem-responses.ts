import { z } from "zod";
import { PROBLEMS, type ProblemCode } from "../errors.ts";

const EVERYWHERE = ["error_interno", "configuracion_invalida"] as const;

/** What the door may answer in front of any route that says it may answer no_autenticado. */
const AT_THE_DOOR = ["conexion_insegura", "demasiados_intentos"] as const;
/** What every route behind the key may answer besides `no_autenticado`. */
const BEHIND_A_KEY = [
  "permiso_insuficiente",
  "chat_no_permitido",
  "limite_de_clave",
  "acceso_no_disponible",
] as const satisfies readonly ProblemCode[];

/** What every route behind the key that takes a body may answer. */
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

/** The OpenAPI responses of these problems, one a status. One that needs a key may refuse it in every way. */
export function problemResponses(codes: readonly ProblemCode[]) {
  const all = [
    ...codes,
    ...(codes.includes("no_autenticado") ? [...AT_THE_DOOR, ...BEHIND_A_KEY] : []),
    ...EVERYWHERE,
  ];
  const byStatus = Object.groupBy(all, (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, ofStatus]) => [
      status,
      {
        description: ofStatus.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(" "),
        content: { "application/problem+json": { schema: Problem } },
      },
    ]),
  );
}
