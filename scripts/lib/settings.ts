import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { ConfigError, parseConfig, retiredSettings, Settings } from "../../src/config.ts";
import { ROOT } from "./root.ts";
import { makeStateFolder, STATE_FOLDER } from "./state.ts";
import { UserError } from "./user-error.ts";

const DEV_VARS_FILE = join(ROOT, ".dev.vars");
const GENERATED_SECRETS_FILE = join(STATE_FOLDER, "secretos.env");
const GENERATED_SECRET_NAMES = ["KEYS_PEPPER", "JWT_SECRET"] as const;

export type LocalSettings = {
  /** The settings that the Worker reads, by name. */
  worker: Record<string, string>;
  apiKey: string;
  port: number;
  /** Where the local service listens. */
  address: string;
  /** Undefined: use the embedded server. */
  databaseUrl: string | undefined;
  /** Spanish sentences to print. */
  warnings: string[];
};

const DEFAULT_PORT = 8787;

/**
 * Reads and validates the settings. If there is no `.dev.vars` and no API_KEY, first writes a `.dev.vars` with a new key.
 * @throws {UserError} that names the invalid setting
 */
export function readSettings(env: NodeJS.ProcessEnv): LocalSettings {
  const needsDevVars = !existsSync(DEV_VARS_FILE) && !env["API_KEY"];
  if (needsDevVars) writeFileSync(DEV_VARS_FILE, newDevVars(), { mode: 0o600, flag: "wx" });

  const raw = readRawSettings(env);
  const present = Object.keys(Settings.shape).filter((name) => raw[name]?.trim());
  const worker = {
    ...readGeneratedSecrets(),
    ...Object.fromEntries(present.map((name) => [name, raw[name] ?? ""])),
  };
  checkConfig(worker);
  const apiKey = worker["API_KEY"];
  if (!apiKey) {
    throw new UserError(
      `.dev.vars no tiene API_KEY y sin ella se rechaza toda petición. Añade esta línea y repite: API_KEY=${createKey()}`,
    );
  }
  const port = readPort(raw["PORT"]);
  return {
    worker,
    apiKey,
    port,
    address: `http://127.0.0.1:${port}`,
    databaseUrl: readDatabaseUrl(raw["DATABASE_URL"]),
    warnings: [
      ...(needsDevVars ? ["Se ha creado .dev.vars con una clave nueva."] : []),
      ...retiredSettings(raw),
    ],
  };
}

/**
 * DATABASE_URL, if it is set.
 * @throws {UserError} if it is not the URL of a PostgreSQL server
 */
export function readDatabaseSetting(env: NodeJS.ProcessEnv): string | undefined {
  return readDatabaseUrl(readRawSettings(env)["DATABASE_URL"]);
}

/** Settings without validation: those of .dev.vars, overridden by those of the environment. */
export function readRawSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const file = existsSync(DEV_VARS_FILE)
    ? definedValues(parseEnv(readFileSync(DEV_VARS_FILE, "utf8")))
    : {};
  return { ...file, ...definedValues(env) };
}

/** The settings as an env file. wrangler does not pass its own environment to the Worker; it passes this file. */
export function toEnvFile(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${quote(name, value)}\n`)
    .join("");
}

function quote(name: string, value: string): string {
  const quoteMark = ["'", "`", '"'].find((candidate) => !value.includes(candidate));
  if (quoteMark && !value.includes("\n")) {
    return `${quoteMark}${value.replaceAll("$", String.raw`\$`)}${quoteMark}`;
  }
  throw new UserError(
    `${name} tiene comillas de todas las clases o un salto de línea, y no se puede pasar al servicio.`,
  );
}

function checkConfig(worker: Record<string, string>): void {
  try {
    parseConfig(worker);
  } catch (error) {
    if (error instanceof ConfigError) throw new UserError(error.message, { cause: error });
    throw error;
  }
}

function readPort(text: string | undefined): number {
  const port = Number(text || DEFAULT_PORT);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new UserError("PORT debe ser un número entero entre 1 y 65535.");
}

function readDatabaseUrl(text: string | undefined): string | undefined {
  if (!text?.trim()) return undefined;
  const parsed = Settings.shape.DATABASE_URL.safeParse(text);
  if (!parsed.success) throw new UserError(`DATABASE_URL ${parsed.error.issues[0]?.message}.`);
  const url = new URL(text);
  // wrangler rejects a URL without a password, even if the server requires none.
  if (!url.password) url.password = "sin-clave";
  return url.href;
}

/** Secrets that the user never types. Created on first use and stored next to the data that they protect. */
function readGeneratedSecrets(): Record<string, string> {
  if (!existsSync(GENERATED_SECRETS_FILE)) {
    makeStateFolder();
    const secrets = Object.fromEntries(GENERATED_SECRET_NAMES.map((name) => [name, createKey()]));
    writeFileSync(GENERATED_SECRETS_FILE, toEnvFile(secrets), { mode: 0o600, flag: "wx" });
  }
  return definedValues(parseEnv(readFileSync(GENERATED_SECRETS_FILE, "utf8")));
}

function newDevVars(): string {
  return `# Ajustes de este equipo. Todos están explicados en .dev.vars.example.
API_KEY=${createKey()}
`;
}

function createKey(): string {
  return randomBytes(33).toString("base64url");
}

function definedValues(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
