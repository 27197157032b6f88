import { z } from "zod";
import { ChatId } from "../lib/chat-id.ts";
import { DAY_SECONDS } from "../lib/durations.ts";
import { parseEndInstant } from "../lib/local-days.ts";
import { storableText } from "../text/clean.ts";
import { CLIENT_NAME } from "./api-key.ts";
import type { KeyInfo, KeySettings } from "./key-record.ts";
import { SCOPES, type KeyLimits } from "./principal.ts";

const MAX_CHATS = 1_000;
const MAX_GRACE_SECONDS = 7 * DAY_SECONDS;
const DEFAULT_GRACE_SECONDS = DAY_SECONDS;
const DEFAULT_TOKEN_SECONDS = 15 * 60;
const MAX_TOKEN_SECONDS = 60 * 60;

const WHEN = "debe ser un instante como 2027-01-31T09:00:00Z, o un día como 2027-01-31";

const name = storableText()
  .transform((given) => given.trim())
  .pipe(z.string().min(1, "está vacío").max(100, "debe tener como mucho 100 caracteres"))
  .meta({ type: "string", description: "Para quién o para qué es.", example: "n8n de la oficina" });

const ScopeList = z
  .array(z.enum(SCOPES, `debe ser ${SCOPES.join(", ")}`), "debe ser una lista de permisos")
  .min(1, "debe tener al menos un permiso")
  .max(20, "tiene demasiados permisos")
  .transform((scopes) => [...new Set(scopes)]);

const ChatList = z
  .array(ChatId, "debe ser una lista de chats, o nulo para todos")
  .min(1, "debe tener al menos un chat, o ser nulo para todos")
  .max(MAX_CHATS, `debe tener como mucho ${MAX_CHATS} chats`)
  .transform((chats) => [...new Set(chats)])
  .nullable();

const scopes = ScopeList.describe(
  "Qué se puede hacer con ella: `procesar` (tareas, modos y caché), `historial`, `informes`, `metricas`, `flujos` (enviar los de n8n a las copias), `admin` (claves, trabajos y copias; no incluye lo demás).",
);
const chats = ChatList.describe(
  "Los únicos chats a los que llega; los grupos, en negativo. Nulo: todos los de su cliente.",
);

const limit = (most: number) =>
  z
    .int("debe ser un número entero")
    .min(1, "debe ser como mínimo 1")
    .max(most, `debe ser como mucho ${most}`)
    .nullable()
    .default(null);

const limits = z
  .strictObject({ por_minuto: limit(1_000_000), por_dia: limit(1_000_000_000) })
  .describe("Peticiones por minuto y por día (de UTC). Nulo: sin límite.");

const expiry = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], WHEN)
  .refine((given) => given >= "1970" && given < "3000", "debe ser de 1970 a 2999")
  .nullable()
  .meta({
    type: ["string", "null"],
    description:
      "Un instante, o un día entero en la zona horaria del servicio. Nulo: no caduca nunca.",
    example: "2099-12-31",
  });

export const CrearClaveBody = z
  .strictObject({
    nombre: name,
    cliente: z
      .string("debe ser un texto")
      .regex(CLIENT_NAME, "debe tener de 1 a 32 letras minúsculas, cifras o guiones")
      .optional()
      .describe(
        "El cliente cuyos chats, historial y caché comparte. Sin él, la clave es un cliente aparte; `principal` es el de `API_KEY`.",
      ),
    permisos: scopes,
    chats: chats.default(null),
    limites: limits.default({ por_minuto: null, por_dia: null }),
    caduca: expiry.default(null),
  })
  .meta({
    example: {
      nombre: "n8n de la oficina",
      permisos: ["procesar", "historial"],
      chats: [12345, -1001234567890],
      limites: { por_minuto: 60, por_dia: 5000 },
      caduca: "2099-12-31",
    },
  });

export const CambiarClaveBody = z
  .strictObject({
    nombre: name.optional(),
    permisos: scopes.optional(),
    chats: chats.optional(),
    limites: limits.optional(),
    caduca: expiry.optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, "no dice qué cambiar")
  .meta({ example: { nombre: "n8n de casa", permisos: ["procesar"], chats: null } });

export const RotarClaveBody = z
  .strictObject({
    gracia_segundos: z
      .int("debe ser un número entero de segundos")
      .min(0, "debe ser como mínimo 0")
      .max(MAX_GRACE_SECONDS, `debe ser como mucho ${MAX_GRACE_SECONDS} (una semana)`)
      .default(DEFAULT_GRACE_SECONDS)
      .describe("Cuánto sigue valiendo la clave de antes. 0 si se ha filtrado: deja de valer ya."),
  })
  .meta({ example: { gracia_segundos: 3600 } });

export const ClavesQuery = z.strictObject({
  cliente: z
    .string()
    .regex(CLIENT_NAME, "debe tener de 1 a 32 letras minúsculas, cifras o guiones")
    .optional()
    .describe("Solo las de este cliente."),
});

export const ClaveParams = z.strictObject({
  id: z.string().max(64).describe("El `id` de la clave: lo que va entre sus dos últimos «_»."),
});

const KEY_STATES = ["activa", "caducada", "revocada"] as const;

const ClaveReply = z.strictObject({
  id: z.string(),
  cliente: z.string(),
  nombre: z.string(),
  permisos: z.array(z.enum(SCOPES)),
  chats: z.array(z.int()).nullable(),
  limites: z.strictObject({
    por_minuto: z.int().nullable(),
    por_dia: z.int().nullable(),
  }),
  estado: z.enum(KEY_STATES),
  creada: z.iso.datetime(),
  caduca: z.iso.datetime().nullable(),
  revocada: z.iso.datetime().nullable(),
  ultimo_uso: z.iso.datetime().nullable(),
  anterior_vale_hasta: z.iso
    .datetime()
    .nullable()
    .describe("Hasta cuándo vale también la clave de antes de rotarla."),
});

const Success = { success: z.literal(true), mensaje: z.string() };

export const UnaClaveReply = z.strictObject({ ...Success, ...ClaveReply.shape });
export const ClavesReply = z.strictObject({ ...Success, claves: z.array(ClaveReply) });
export const ClaveNuevaReply = z.strictObject({
  ...Success,
  clave: z.string().describe("La clave. Solo se enseña aquí: el servicio no la guarda."),
  ...ClaveReply.shape,
});

export const TokenBody = z
  .strictObject({
    permisos: ScopeList.optional().describe("Una parte de los de la clave. Sin ellos, todos."),
    chats: ChatList.optional().describe("Una parte de los de la clave. Sin ellos, todos."),
    duracion_segundos: z
      .int("debe ser un número entero de segundos")
      .min(30, "debe ser como mínimo 30")
      .max(MAX_TOKEN_SECONDS, `debe ser como mucho ${MAX_TOKEN_SECONDS} (una hora)`)
      .default(DEFAULT_TOKEN_SECONDS)
      .describe("Cuánto vale. Nunca más que la clave."),
  })
  .meta({ example: { permisos: ["procesar"], chats: [12345], duracion_segundos: 900 } });

export const TokenReply = z.strictObject({
  ...Success,
  token: z.string().describe("Va en la cabecera `Authorization: Bearer …`."),
  tipo: z.literal("Bearer"),
  caduca: z.iso.datetime(),
  duracion_segundos: z.int(),
  permisos: z.array(z.enum(SCOPES)),
  chats: z.array(z.int()).nullable(),
});

/**
 * Converts the expiry to milliseconds since 1970; null: never. A date without a time expires at the end of that day in the
 * time zone.
 */
export function toExpiryMs(caduca: string | null, timeZone: string): number | null {
  return caduca === null ? null : parseEndInstant(caduca, timeZone).getTime();
}

export function toLimits({ por_minuto, por_dia }: z.output<typeof limits>): KeyLimits {
  return { perMinute: por_minuto, perDay: por_dia };
}

export function toSettings(
  changes: z.output<typeof CambiarClaveBody>,
  timeZone: string,
): Partial<KeySettings> {
  const { nombre, permisos, chats: allowed, limites, caduca } = changes;
  return {
    ...(nombre !== undefined && { name: nombre }),
    ...(permisos !== undefined && { scopes: permisos }),
    ...(allowed !== undefined && { chats: allowed }),
    ...(limites !== undefined && { limits: toLimits(limites) }),
    ...(caduca !== undefined && { expiresMs: toExpiryMs(caduca, timeZone) }),
  };
}

export function toClaveReply(key: KeyInfo, nowMs: number): z.input<typeof ClaveReply> {
  const toIso = (ms: number | null): string | null =>
    ms === null ? null : new Date(ms).toISOString();
  const isExpired = key.expiresMs !== null && key.expiresMs <= nowMs;
  const unrevokedState = isExpired ? "caducada" : "activa";
  return {
    id: key.id,
    cliente: key.client,
    nombre: key.name,
    permisos: key.scopes,
    chats: key.chats,
    limites: { por_minuto: key.limits.perMinute, por_dia: key.limits.perDay },
    estado: key.revokedMs === null ? unrevokedState : "revocada",
    creada: new Date(key.createdMs).toISOString(),
    caduca: toIso(key.expiresMs),
    revocada: toIso(key.revokedMs),
    ultimo_uso: toIso(key.usedMs),
    anterior_vale_hasta: toIso(key.graceEndsMs),
  };
}
