import { z } from "zod";
import { isTimeZone } from "./lib/time-zone.ts";

const seconds = (max: number) =>
  z.coerce
    .number("debe ser un número de segundos")
    .positive("debe ser mayor que 0")
    .max(max, `debe ser como mucho ${max}`);

export const MAX_CACHE_TTL_SECONDS = 365 * 86_400;

/** 0 switches the cache off; Workers KV keeps nothing for less than 60 s. */
const cacheTtl = z.coerce
  .number("debe ser un número de segundos")
  .int("debe ser un número entero de segundos")
  .max(MAX_CACHE_TTL_SECONDS, `debe ser como mucho ${MAX_CACHE_TTL_SECONDS} (un año)`)
  .refine((value) => value === 0 || value >= 60, "debe ser 0 (sin caché) o al menos 60");

const wholeNumber = (min: number, max: number) =>
  z.coerce
    .number("debe ser un número entero")
    .int("debe ser un número entero")
    .min(min, `debe ser como mínimo ${min}`)
    .max(max, `debe ser como mucho ${max}`);

const MAX_RETENTION_DAYS = 36_500;

/** "equipo=30, legal=0": days by client. Undefined when it is anything else. */
function readRetentions(list: string): Map<string, number> | undefined {
  const days = new Map<string, number>();
  for (const item of itemsOf(list)) {
    const [, client = "", count = ""] = /^([\w-]{1,64}) *= *(\d{1,5})$/.exec(item) ?? [];
    if (client === "" || days.has(client) || Number(count) > MAX_RETENTION_DAYS) return undefined;
    days.set(client, Number(count));
  }
  return days;
}

const POSTGRES_ADDRESS = "debe ser una dirección como postgres://usuario:clave@servidor:5432/base";

const timeZone = z
  .string()
  .refine(isTimeZone, "debe ser una zona horaria IANA, como Europe/Madrid");

const HTTP_ADDRESS = "debe ser una dirección http(s)";
const httpAddress = z
  .url({ protocol: /^https?$/, error: HTTP_ADDRESS })
  .transform((url) => url.replace(/\/+$/, ""));

const WEBHOOKS =
  "debe ser una lista de direcciones https separadas por comas, como https://n8n.ejemplo.com/webhook/";
function isKey256(given: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(given);
}

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Plain http is for this machine only. */
function isWebhookPrefix(given: string): boolean {
  const url = URL.parse(given);
  if (!url || url.username || url.password || url.search || url.hash) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname));
}

const ORIGINS =
  "debe ser una lista de orígenes separados por comas, como https://panel.ejemplo.com, sin barra final";

/** As a browser writes it in `Origin`. */
function isOrigin(given: string): boolean {
  return /^https?:[^*]+$/.test(given) && URL.parse(given)?.origin === given;
}

function itemsOf(list: string): string[] {
  return list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

const longSecret = z
  .string()
  .min(32, "debe tener al menos 32 caracteres: openssl rand -base64 33")
  .max(512, "debe tener como mucho 512 caracteres");

/**
 * Every setting with its unit, default and doc (`describe`, Spanish: it is what `.dev.vars.example` and the guide show).
 * Names that the old backend had are kept.
 */
export const Settings = z.object({
  API_KEY: z
    .string()
    .min(16, "debe tener al menos 16 caracteres")
    .max(512, "debe tener como mucho 512 caracteres")
    .optional()
    .describe("Clave que los clientes envían en x-api-key. Sin ella se rechaza toda petición."),

  KEYS_PEPPER: longSecret
    .optional()
    .describe(
      "Secreto con el que se hacen las demás claves. Si se cambia, dejan de valer todas. En local, «npm start» guarda uno en .data/.",
    ),
  JWT_SECRET: longSecret
    .optional()
    .describe(
      "Secreto con el que se firman los tokens. En local, «npm start» guarda uno en .data/.",
    ),
  JWT_SECRET_ANTERIOR: longSecret
    .optional()
    .describe("El JWT_SECRET de antes, mientras queden tokens firmados con él (una hora)."),
  ACCESS_TEAM_DOMAIN: z
    .string()
    .regex(/^(https:\/\/)?[a-z0-9-]+\.cloudflareaccess\.com\/?$/, {
      error: "debe ser como miequipo.cloudflareaccess.com",
    })
    .transform((given) => given.replace(/^https:\/\/|\/$/g, ""))
    .optional()
    .describe(
      "Dominio de tu equipo en Cloudflare Access (miequipo.cloudflareaccess.com): quien entra por él entra como propietario.",
    ),
  ACCESS_AUD: z
    .string()
    .optional()
    .describe("Etiqueta AUD de la aplicación de Cloudflare Access; varias, separadas por comas."),
  ACCESS_CORREOS: z
    .string()
    .refine((list) => itemsOf(list).every((item) => /^[^\s@]+@[^\s@]+$/.test(item)), {
      error: "debe ser una lista de correos separados por comas",
    })
    .default("")
    .describe(
      "Correos que entran por Cloudflare Access, separados por comas. Vacío: todos los que deje pasar su política.",
    ),
  CORS_ORIGENES: z
    .string()
    .refine((list) => itemsOf(list).every(isOrigin), ORIGINS)
    .default("")
    .describe(
      "Orígenes de las páginas web que pueden usar la API desde el navegador, separados por comas. Vacío: ninguna.",
    ),
  CUERPO_TIMEOUT: seconds(600)
    .default(30)
    .describe("Segundos que puede tardar en llegar el cuerpo de una petición."),

  OPENAI_API_KEY: z
    .string()
    .optional()
    .describe("Clave del proveedor del modelo. Sin ella responde el motor local."),
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/, error: "debe ser una dirección http(s)" })
    .default("https://api.openai.com/v1")
    .describe("Dirección de un proveedor compatible con OpenAI."),
  OPENAI_MODEL: z.string().min(1).default("gpt-4o-mini").describe("Modelo para todas las tareas."),
  OPENAI_MODEL_RESUMIR: z.string().min(1).optional().describe("Modelo solo para resumir."),
  OPENAI_MODEL_TRADUCIR: z.string().min(1).optional().describe("Modelo solo para traducir."),
  OPENAI_MODEL_CLASIFICAR: z.string().min(1).optional().describe("Modelo solo para clasificar."),
  OPENAI_MODEL_EXTRAER: z.string().min(1).optional().describe("Modelo solo para extraer."),
  OPENAI_MODEL_REPORTE: z
    .string()
    .min(1)
    .optional()
    .describe("Modelo solo para redactar reportes."),
  OPENAI_MODEL_GENERAR: z.string().min(1).optional().describe("Modelo solo para generar."),
  OPENAI_TIMEOUT: seconds(600)
    .default(30)
    .describe("Segundos que puede durar un intento. Uno agotado se repite como mucho una vez."),
  OPENAI_TOTAL_TIMEOUT: seconds(600)
    .default(90)
    .describe("Segundos que puede durar la llamada entera, con sus reintentos y esperas."),
  OPENAI_MAX_RETRIES: wholeNumber(0, 10)
    .default(3)
    .describe("Reintentos tras un fallo que puede pasarse solo."),
  OPENAI_RETRY_DELAY_BASE: seconds(60)
    .default(1)
    .describe("Segundos de la primera espera; cada espera dobla la anterior."),
  OPENAI_RETRY_DELAY_MAX: seconds(600).default(10).describe("Segundos de la espera más larga."),
  OPENAI_RETRY_JITTER: z.coerce
    .number("debe ser un número entre 0 y 1")
    .min(0, "debe ser un número entre 0 y 1")
    .max(1, "debe ser un número entre 0 y 1")
    .default(1)
    .describe("Parte al azar de cada espera: 1 es toda, 0.1 el 10 %."),
  OPENAI_CONTEXT_TOKENS: wholeNumber(1_000, 10_000_000)
    .default(128_000)
    .describe("Ventana del modelo, en tokens. Un texto que no cabe se rechaza sin llamarlo."),
  OPENAI_MAX_OUTPUT_TOKENS: wholeNumber(256, 1_000_000)
    .default(16_384)
    .describe("Respuesta más larga que da el modelo, en tokens."),

  DATABASE_DRIVER: z
    .enum(["hyperdrive", "neon"], { error: "debe ser hyperdrive o neon" })
    .default("hyperdrive")
    .describe("Cómo se llega a PostgreSQL: por Hyperdrive o por el controlador sin TCP de Neon."),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: POSTGRES_ADDRESS })
    // A slash in an unescaped password makes no URL, and what URL itself throws would show the password.
    .refine((url) => (URL.parse(url)?.pathname.length ?? 0) > 1, POSTGRES_ADDRESS)
    .optional()
    .describe(
      "Dirección de tu PostgreSQL. En local, sin ella «npm start» arranca uno y guarda sus datos en .data/. Desplegado, solo la lee el controlador de Neon.",
    ),
  NEON_PROXY: z
    .url({ protocol: /^https?$/, error: "debe ser una dirección http(s)" })
    .optional()
    .describe("Proxy propio que habla como Neon (/sql y /v1) delante de otro PostgreSQL."),

  CACHE_TTL: cacheTtl
    .optional()
    .describe(
      "Segundos que se guarda una respuesta, salvo que su tarea diga otra cosa (86400). 0 la apaga.",
    ),
  REDIS_CACHE_TTL: cacheTtl.optional().describe("El nombre antiguo de CACHE_TTL; también vale."),
  SUMMARY_CACHE_TTL: cacheTtl.optional().describe("Segundos de caché de resumir."),
  TRANSLATION_CACHE_TTL: cacheTtl.optional().describe("Segundos de caché de traducir."),
  CLASSIFICATION_CACHE_TTL: cacheTtl.optional().describe("Segundos de caché de clasificar."),
  EXTRACTION_CACHE_TTL: cacheTtl.optional().describe("Segundos de caché de extraer."),
  GENERATION_CACHE_TTL: cacheTtl.optional().describe("Segundos de caché de generar."),

  KV_WRITES_PER_DAY: wholeNumber(0, 1_000_000_000)
    .default(1_000)
    .describe(
      "Escrituras de Workers KV al día: las del plan gratuito. Cerca del tope solo se guarda lo que se pide por segunda vez. 0: sin tope.",
    ),

  PROTEGER_DATOS: z
    .stringbool("debe ser true o false")
    .default(false)
    .describe(
      "true: los datos personales de todos los textos se ocultan antes de enviarlos al proveedor y se devuelven en la respuesta.",
    ),

  RETENCION_DIAS: wholeNumber(0, MAX_RETENTION_DAYS)
    .default(0)
    .describe("Días que se guarda el historial; lo más antiguo se borra cada noche. 0: siempre."),
  RETENCION_POR_CLIENTE: z
    .string()
    .refine(
      (list) => readRetentions(list) !== undefined,
      `debe ser una lista de cliente=días (0 a ${MAX_RETENTION_DAYS}), como equipo=30, legal=0`,
    )
    .default("")
    .describe("Los clientes que la tienen distinta de RETENCION_DIAS, como equipo=30, legal=0."),

  BACKUP_RETENTION_DAYS: wholeNumber(1, 3_650)
    .default(7)
    .describe("Días que se guarda cada copia de seguridad. La última buena no se borra nunca."),
  BACKUP_KEEP_WEEKLY: wholeNumber(0, 520)
    .default(0)
    .describe("Semanas de las que se guarda además la última copia."),
  BACKUP_KEEP_MONTHLY: wholeNumber(0, 120)
    .default(0)
    .describe("Meses de los que se guarda además la última copia."),
  BACKUP_KEY: z
    .string()
    .refine(isKey256, "debe ser 32 bytes en base64, como los que da: openssl rand -base64 32")
    .optional()
    .describe(
      "Clave con la que se cifran las copias: 32 bytes en base64. Sin ella no se pueden leer: guárdala en otro sitio.",
    ),
  N8N_API_URL: httpAddress
    .optional()
    .describe("Dirección de tu n8n, para que las copias incluyan sus flujos."),
  N8N_API_KEY: z
    .string()
    .optional()
    .describe("Clave de su API, con permiso para listar y leer flujos."),

  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, "debe ser como 123456789:AA…, tal como lo da @BotFather")
    .optional()
    .describe("Token del bot que envía los informes y las alertas por Telegram."),
  TELEGRAM_API_URL: httpAddress
    .default("https://api.telegram.org")
    .describe("Dirección de la API de bots de Telegram."),
  WEBHOOK_SECRET: z
    .string()
    .min(16, "debe tener al menos 16 caracteres")
    .optional()
    .describe("Secreto con el que se firma lo que se envía a un webhook."),
  WEBHOOKS_PERMITIDOS: z
    .string()
    .refine((list) => itemsOf(list).every(isWebhookPrefix), WEBHOOKS)
    .default("")
    .describe(
      "Direcciones, o comienzos de dirección, a los que puede ir un informe, separados por comas. Vacío: a ninguna.",
    ),
  CORREO_API_URL: httpAddress
    .default("https://api.resend.com/emails")
    .describe("Dirección de la API del servicio de correo."),
  CORREO_API_KEY: z.string().optional().describe("Clave del servicio de correo."),
  CORREO_REMITENTE: z
    .string()
    .regex(/^[^<>\p{C}]*<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/u, {
      error: "debe ser una dirección, como informes@ejemplo.com o Asistente <informes@ejemplo.com>",
    })
    .optional()
    .describe("De quién son los correos: una dirección, o «Nombre <dirección>»."),

  ALERTAS_TELEGRAM_CHAT_ID: z.coerce
    .number("debe ser el identificador de un chat de Telegram")
    .int("debe ser el identificador de un chat de Telegram")
    .optional()
    .describe("Chat de Telegram al que se avisa de lo que va mal. Necesita TELEGRAM_BOT_TOKEN."),
  ALERTAS_WEBHOOK_URL: z
    .string()
    .refine(isWebhookPrefix, "debe ser una dirección https sin parámetros")
    .optional()
    .describe("Webhook al que se avisa de lo que va mal. Necesita WEBHOOK_SECRET."),
  ALERTAS_CAIDA_MINUTOS: wholeNumber(0, 1_440)
    .default(5)
    .describe("Minutos que la base de datos o KV pueden faltar antes de avisar."),
  ALERTAS_PENDIENTES_MINUTOS: wholeNumber(1, 10_080)
    .default(10)
    .describe("Minutos que un registro puede esperar a la base de datos antes de avisar."),
  ALERTAS_RETRASO_MINUTOS: wholeNumber(10, 10_080)
    .default(60)
    .describe("Minutos que un trabajo nocturno o semanal puede retrasarse antes de avisar."),
  ALERTAS_COPIA_HORAS: wholeNumber(25, 8_760)
    .default(36)
    .describe("Horas que puede tener la última copia de seguridad buena antes de avisar."),
  ALERTAS_FALLOS_MODELO: wholeNumber(1, 1_000)
    .default(3)
    .describe("Llamadas al modelo que pueden fallar seguidas antes de avisar."),

  GENERIC_TIMEZONE: timeZone
    .default("Europe/Madrid")
    .describe("Zona horaria en la que se entienden «hoy», «ayer»… en las preguntas."),
  JURISDICCION: z
    .enum(["eu"], { error: "debe ser eu o quedar sin poner" })
    .optional()
    .describe(
      "eu: los datos de los chats no salen de la Unión Europea. No se puede cambiar después.",
    ),
});

const DEFAULT_CACHE_TTL_SECONDS = 86_400;

const Config = Settings.refine(
  ({ DATABASE_DRIVER, DATABASE_URL }) => DATABASE_DRIVER !== "neon" || DATABASE_URL !== undefined,
  { path: ["DATABASE_URL"], error: "debe estar puesta cuando DATABASE_DRIVER es neon" },
)
  .refine(
    ({ ACCESS_TEAM_DOMAIN, ACCESS_AUD }) =>
      ACCESS_TEAM_DOMAIN === undefined || itemsOf(ACCESS_AUD ?? "").length > 0,
    { path: ["ACCESS_AUD"], error: "debe estar puesta cuando lo está ACCESS_TEAM_DOMAIN" },
  )
  .refine(
    ({ ALERTAS_TELEGRAM_CHAT_ID, TELEGRAM_BOT_TOKEN }) =>
      ALERTAS_TELEGRAM_CHAT_ID === undefined || TELEGRAM_BOT_TOKEN !== undefined,
    { path: ["TELEGRAM_BOT_TOKEN"], error: "debe estar puesta para avisar por Telegram" },
  )
  .refine(
    ({ ALERTAS_WEBHOOK_URL, WEBHOOK_SECRET }) =>
      ALERTAS_WEBHOOK_URL === undefined || WEBHOOK_SECRET !== undefined,
    { path: ["WEBHOOK_SECRET"], error: "debe estar puesta para avisar a un webhook" },
  )
  .transform(
    ({
      CACHE_TTL,
      REDIS_CACHE_TTL,
      WEBHOOKS_PERMITIDOS,
      RETENCION_POR_CLIENTE,
      CORS_ORIGENES,
      ACCESS_AUD,
      ACCESS_CORREOS,
      ...settings
    }) => ({
      ...settings,
      CORS_ORIGENES: itemsOf(CORS_ORIGENES),
      ACCESS_AUD: itemsOf(ACCESS_AUD ?? ""),
      ACCESS_CORREOS: itemsOf(ACCESS_CORREOS).map((email) => email.toLowerCase()),
      RETENCION_POR_CLIENTE: readRetentions(RETENCION_POR_CLIENTE) ?? new Map<string, number>(),
      WEBHOOKS_PERMITIDOS: itemsOf(WEBHOOKS_PERMITIDOS).map((prefix) => new URL(prefix)),
      CACHE_TTL: CACHE_TTL ?? REDIS_CACHE_TTL ?? DEFAULT_CACHE_TTL_SECONDS,
    }),
  );
export type Config = z.output<typeof Config>;

/** The settings that only one task has. */
export type ModelSetting = Extract<keyof Config, `OPENAI_MODEL_${string}`>;
export type CacheTtlSetting = Extract<keyof Config, `${string}_CACHE_TTL`>;

/** One or more settings are wrong. The message names each one and what it should be; it never shows a value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the settings once per `env` object; bindings and unknown names are left alone, an empty value counts as unset.
 * Wrangler's `vars` may be numbers and booleans: they are read as if they had been written in quotes.
 * @throws {ConfigError} naming every setting that is wrong
 */
export function parseConfig(env: object): Config {
  const known = parsed.get(env);
  if (known) return known;

  const given = Object.entries(env)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([name, value]) => [name, String(value)] as const)
    .filter(([, value]) => value.trim() !== "");
  const result = Config.safeParse(Object.fromEntries(given));
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    throw new ConfigError(`Ajustes que no valen: ${problems.join("; ")}.`);
  }
  parsed.set(env, result.data);
  return result.data;
}

const parsed = new WeakMap<object, Config>();

/** What took the place of the settings that the old backend needed and this one does not. */
const RETIRED = [
  [/^POSTGRES_/, "la base de datos se indica con DATABASE_URL (en local) o con Hyperdrive"],
  [/^REDIS_(?!CACHE_TTL$)/, "la caché es Workers KV y no necesita ajustes de conexión"],
] as const;

/** A Spanish sentence for each old setting that is present and means nothing here. */
export function retiredSettings(env: object): string[] {
  return Object.entries(env)
    .filter(([, value]) => value !== "")
    .flatMap(([name]) =>
      RETIRED.filter(([pattern]) => pattern.test(name)).map(
        ([, instead]) => `${name} ya no se usa: ${instead}.`,
      ),
    );
}
