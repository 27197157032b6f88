import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../lib/root.ts";
import { readSettings } from "../lib/settings.ts";
import { UserError } from "../lib/user-error.ts";
import { type Flow, flowFiles, readFlow, settingsOf } from "./flow.ts";
import { importFlows } from "./import-flows.ts";
import { type N8nApi, N8nError, n8nApi } from "./n8n-api.ts";

const HELP = `npm run flows:import -- [--publicar] [--ajuste nombre=valor]… [flujo.json]…

Mete los flujos de n8n-flows/ (o solo los que se nombran) en un n8n. Repetido, los pone al día y respeta sus Ajustes.

  N8N_URL             la dirección de n8n (por defecto http://127.0.0.1:5678)
  N8N_API_KEY         una clave de n8n: Settings → n8n API
  TELEGRAM_BOT_TOKEN  el token del bot, para crear su credencial si falta
  --publicar          los publica, si no les falta ninguna credencial
  --ajuste            pone un valor en el paso «Ajustes»: api_url=https://…, chats_permitidos=12345

Si no existen, la credencial «Asistente IA» se crea con la clave de .dev.vars (o API_KEY), y «API de n8n» con N8N_API_KEY.`;

/** `npm run flows:import`. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      publicar: { type: "boolean", default: false },
      ajuste: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  const key = process.env["N8N_API_KEY"];
  if (values.help || !key) {
    console.log(HELP);
    if (!values.help) console.error("\n✗ Falta N8N_API_KEY.");
    return values.help ? 0 : 1;
  }
  const flows = chooseFiles(positionals).map(readFlow);
  const settings = Object.fromEntries(values.ajuste.map(readSetting));
  const known = new Set(flows.flatMap(settingsOf).map(({ name }) => name));
  const unknown = Object.keys(settings).find((name) => !known.has(name));
  if (unknown) {
    throw new N8nError(`Ningún flujo tiene el ajuste «${unknown}». Hay: ${[...known].join(", ")}.`);
  }
  const n8n = { url: process.env["N8N_URL"] ?? "http://127.0.0.1:5678", key };
  const api = n8nApi(n8n.url, key);
  await createCredentials(api, flows, n8n);
  for (const { name, isNew, isPublished, missing } of await importFlows(api, flows, {
    settings,
    publish: values.publicar,
  })) {
    console.log(
      `✓ ${name}: ${isNew ? "nuevo" : "puesto al día"}${isPublished ? " y publicado" : ""}`,
    );
    for (const credential of missing)
      console.log(`  falta la credencial ${credential}: créala en n8n con ese nombre`);
  }
  return 0;
}

/** All of them, or those that are named. */
function chooseFiles(names: string[]): string[] {
  const files = flowFiles();
  const unknown = names.find((name) => !files.some((file) => basename(file) === basename(name)));
  if (unknown !== undefined) {
    const known = files.map((file) => basename(file)).join(", ");
    throw new N8nError(`No hay ningún flujo que se llame ${unknown}. Hay: ${known}.`);
  }
  return names.length === 0
    ? files
    : files.filter((file) => names.some((name) => basename(name) === basename(file)));
}

function readSetting(written: string): [string, string] {
  const at = written.indexOf("=");
  if (at < 1) throw new N8nError(`--ajuste se escribe nombre=valor, y esto no lo es: ${written}`);
  return [written.slice(0, at), written.slice(at + 1)];
}

function isExpected(error: unknown): error is Error {
  return (
    error instanceof N8nError ||
    error instanceof UserError ||
    // An option that there is not.
    (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_"))
  );
}

/** The assistant's key, where there is one already: a new one would open nothing. */
function ownKey(): string | undefined {
  const hasOne = process.env["API_KEY"] || existsSync(join(ROOT, ".dev.vars"));
  return hasOne ? readSettings(process.env).apiKey : undefined;
}

/** Those that we have the secrets of; the others are made in n8n, by hand. */
async function createCredentials(
  api: N8nApi,
  flows: Flow[],
  n8n: { url: string; key: string },
): Promise<void> {
  const known = await api.credentials();
  const has = (type: string, name: string): boolean =>
    known.some((one) => one.type === type && one.name === name);
  const apiKey = ownKey();
  if (apiKey !== undefined && !has("httpHeaderAuth", "Asistente IA")) {
    await api.createCredential("Asistente IA", "httpHeaderAuth", {
      name: "x-api-key",
      value: apiKey,
    });
    console.log("✓ Credencial «Asistente IA» creada con la clave de API_KEY o de .dev.vars");
  }
  const token = process.env["TELEGRAM_BOT_TOKEN"];
  if (token && !has("telegramApi", "Bot de Telegram")) {
    const baseUrl = process.env["TELEGRAM_API_URL"] ?? "https://api.telegram.org";
    await api.createCredential("Bot de Telegram", "telegramApi", { accessToken: token, baseUrl });
    console.log("✓ Credencial «Bot de Telegram» creada");
  }
  const isUsed = flows.some(({ nodes }) => nodes.some((node) => node.credentials?.["n8nApi"]));
  if (isUsed && !has("n8nApi", "API de n8n")) {
    const baseUrl = new URL("/api/v1", n8n.url).href;
    await api.createCredential("API de n8n", "n8nApi", { apiKey: n8n.key, baseUrl });
    console.log("✓ Credencial «API de n8n» creada con N8N_API_KEY");
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!isExpected(error)) throw error;
  console.error(`✗ ${error.message}`);
  process.exitCode = 1;
}
