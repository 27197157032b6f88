import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { ConfigError, parseConfig, retiredSettings, Settings } from "../../src/config.ts";
import { ROOT } from "./run.ts";
import { makeStateFolder, STATE_FOLDER } from "./state.ts";
import { StartError } from "./start-error.ts";

const DEV_VARS = join(ROOT, ".dev.vars");
const OWN_SECRETS = join(STATE_FOLDER, "secretos.env");
const OWN_SECRET_NAMES = ["KEYS_PEPPER", "JWT_SECRET"] as const;

export type LocalSettings = {
  /** For the Worker: what .dev.vars says, and over it what the environment says. */
  worker: Record<string, string>;
  apiKey: string;
  port: number;
  /** Undefined: the embedded server. */
  databaseUrl: string | undefined;
  /** Spanish sentences. */
  warnings: string[];
};

const DEFAULT_PORT = 8787;

/**
 * Reads and checks the settings, after writing `.dev.vars` with a new key where there is no such file and no key.
 * @throws {StartError} naming the setting that is wrong
 */
export function readSettings(env: NodeJS.ProcessEnv): LocalSettings {
  const warnings: string[] = [];
  if (!existsSync(DEV_VARS) && !env["API_KEY"]) {
    writeFileSync(DEV_VARS, newDevVars(), { mode: 0o600, flag: "wx" });
    warnings.push("Se ha creado .dev.vars con una clave nueva.");
  }
  const given = givenSettings(env);
  const known = Object.keys(Settings.shape).filter((name) => given[name]?.trim());
  const worker = {
    ...ownSecrets(),
    ...Object.fromEntries(known.map((name) => [name, given[name] ?? ""])),
  };

  checkConfig(worker);
  const apiKey = worker["API_KEY"];
  if (!apiKey) {
    throw new StartError(
      `.dev.vars no tiene API_KEY y sin ella se rechaza toda petición. Añade esta línea y repite: API_KEY=${newKey()}`,
    );
  }
  return {
    worker,
    apiKey,
    port: readPort(given["PORT"]),
    databaseUrl: readDatabaseUrl(given["DATABASE_URL"]),
    warnings: [...warnings, ...retiredSettings(given)],
  };
}

/**
 * The person's own database, if the settings name one.
 * @throws {StartError} when it is no address of a PostgreSQL
 */
export function readDatabaseSetting(env: NodeJS.ProcessEnv): string | undefined {
  return readDatabaseUrl(givenSettings(env)["DATABASE_URL"]);
}

/** What .dev.vars says, and over it what the environment says. */
export function givenSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const file = existsSync(DEV_VARS) ? stringsOf(parseEnv(readFileSync(DEV_VARS, "utf8"))) : {};
  return { ...file, ...stringsOf(env) };
}

/** The settings as a file for wrangler, which hands nothing of the environment to the Worker by itself. */
export function toEnvFile(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${quote(name, value)}\n`)
    .join("");
}

function quote(name: string, value: string): string {
  const mark = ["'", "`", '"'].find((candidate) => !value.includes(candidate));
  if (mark && !value.includes("\n"))
    return `${mark}${value.replaceAll("$", String.raw`\$`)}${mark}`;
  throw new StartError(
    `${name} tiene comillas de todas las clases o un salto de línea, y no se puede pasar al servicio.`,
  );
}

function checkConfig(worker: Record<string, string>): void {
  try {
    parseConfig(worker);
  } catch (error) {
    if (error instanceof ConfigError) throw new StartError(error.message, { cause: error });
    throw error;
  }
}

function readPort(given: string | undefined): number {
  const port = Number(given || DEFAULT_PORT);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new StartError("PORT debe ser un número entero entre 1 y 65535.");
}

function readDatabaseUrl(given: string | undefined): string | undefined {
  if (!given?.trim()) return undefined;
  const parsed = Settings.shape.DATABASE_URL.safeParse(given);
  if (!parsed.success) throw new StartError(`DATABASE_URL ${parsed.error.issues[0]?.message}.`);
  const url = new URL(given);
  // wrangler refuses an address without a password, even where the server asks for none.
  if (!url.password) url.password = "sin-clave";
  return url.href;
}

/** The secrets that nobody needs to see: made once, and kept with the data that they protect. */
function ownSecrets(): Record<string, string> {
  if (!existsSync(OWN_SECRETS)) {
    makeStateFolder();
    const secrets = Object.fromEntries(OWN_SECRET_NAMES.map((name) => [name, newKey()]));
    writeFileSync(OWN_SECRETS, toEnvFile(secrets), { mode: 0o600, flag: "wx" });
  }
  return stringsOf(parseEnv(readFileSync(OWN_SECRETS, "utf8")));
}

function newDevVars(): string {
  return `# Ajustes de este equipo. Todos están explicados en .dev.vars.example.
API_KEY=${newKey()}
`;
}

function newKey(): string {
  return randomBytes(33).toString("base64url");
}

function stringsOf(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
