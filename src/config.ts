import { z } from "zod";
import { AccessSettings } from "./access/access.config.ts";
import { AlertSettings } from "./alerts/alerts.config.ts";
import { BackupSettings } from "./backups/backups.config.ts";
import { CacheSettings } from "./cache/cache.config.ts";
import { DbSettings } from "./db/db.config.ts";
import { HistorySettings } from "./history/history.config.ts";
import { HttpSettings } from "./http/http.config.ts";
import { isTimeZone } from "./lib/time-zone.ts";
import { LlmSettings } from "./llm/llm.config.ts";
import { NotifySettings } from "./notify/notify.config.ts";
import { TaskSettings } from "./tasks/tasks.config.ts";
import { DAY_SECONDS } from "./lib/durations.ts";

/** Settings of the whole service. */
const ServiceSettings = z.object({
  GENERIC_TIMEZONE: z
    .string()
    .refine(isTimeZone, "debe ser una zona horaria IANA, como Europe/Madrid")
    .default("Europe/Madrid")
    .describe("Zona horaria en la que se entienden «hoy», «ayer»… en las preguntas."),
  JURISDICCION: z
    .enum(["eu"], { error: "debe ser eu o quedar sin poner" })
    .optional()
    .describe(
      "eu: los datos de los chats no salen de la Unión Europea. No se puede cambiar después.",
    ),
});

/**
 * Every setting of every room, with its unit, default and description in Spanish (shown by `.dev.vars.example` and the
 * guide). The names of the old backend are kept.
 */
export const Settings = z.object({
  ...AccessSettings.shape,
  ...HttpSettings.shape,
  ...LlmSettings.shape,
  ...DbSettings.shape,
  ...CacheSettings.shape,
  ...TaskSettings.shape,
  ...HistorySettings.shape,
  ...BackupSettings.shape,
  ...NotifySettings.shape,
  ...AlertSettings.shape,
  ...ServiceSettings.shape,
});

const DEFAULT_CACHE_TTL_SECONDS = DAY_SECONDS;

const Config = Settings.refine(
  ({ DATABASE_DRIVER, DATABASE_URL }) => DATABASE_DRIVER !== "neon" || DATABASE_URL !== undefined,
  { path: ["DATABASE_URL"], error: "debe estar puesta cuando DATABASE_DRIVER es neon" },
)
  .refine(
    ({ ACCESS_TEAM_DOMAIN, ACCESS_AUD }) =>
      ACCESS_TEAM_DOMAIN === undefined || ACCESS_AUD.length > 0,
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
  .transform(({ CACHE_TTL, REDIS_CACHE_TTL, ...settings }) => ({
    ...settings,
    CACHE_TTL: CACHE_TTL ?? REDIS_CACHE_TTL ?? DEFAULT_CACHE_TTL_SECONDS,
  }));
export type Config = z.output<typeof Config>;

/** Names of the settings that apply to one task. */
export type ModelSetting = Extract<keyof Config, `OPENAI_MODEL_${string}`>;
export type CacheTtlSetting = Extract<keyof Config, `${string}_CACHE_TTL`>;

/** One or more settings are invalid. The message names each setting and what it should be; it never shows a value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Parses the settings, once per `env` object. Bindings and unknown names are ignored; an empty value counts as unset.
 * Wrangler's `vars` may be numbers and booleans: they are parsed as their text.
 * @throws {ConfigError} naming every invalid setting
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

/** Settings of the old backend that this service does not read, with what replaces them. */
const RETIRED = [
  [/^POSTGRES_/, "la base de datos se indica con DATABASE_URL (en local) o con Hyperdrive"],
  [/^REDIS_(?!CACHE_TTL$)/, "la caché es Workers KV y no necesita ajustes de conexión"],
] as const;

/** Returns a Spanish sentence for each setting of the old backend that is present and ignored. */
export function retiredSettings(env: object): string[] {
  return Object.entries(env)
    .filter(([, value]) => value !== "")
    .flatMap(([name]) =>
      RETIRED.filter(([pattern]) => pattern.test(name)).map(
        ([, instead]) => `${name} ya no se usa: ${instead}.`,
      ),
    );
}
