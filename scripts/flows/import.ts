import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { isParseArgsError } from "../lib/parse-args-error.ts";
import { ROOT } from "../lib/root.ts";
import { runMain } from "../lib/run-main.ts";
import { readSettings } from "../lib/settings.ts";
import { UserError } from "../lib/user-error.ts";
import { type Flow, flowFiles, readFlow, settingsOf } from "./flow.ts";
import { type ImportedFlow, importFlows } from "./import-flows.ts";
import { createN8nApi, type Credential, type N8nApi } from "./n8n-api.ts";

const HELP = `npm run flows:import -- [--publicar] [--ajuste nombre=valor]… [flujo.json]…

Mete los flujos de n8n-flows/ (o solo los que se nombran) en un n8n. Repetido, los pone al día y respeta sus Ajustes.

  N8N_URL             la dirección de n8n (por defecto http://127.0.0.1:5678)
  N8N_API_KEY         una clave de n8n: Settings → n8n API
  TELEGRAM_BOT_TOKEN  el token del bot, para crear su credencial si falta
  --publicar          los publica, si no les falta ninguna credencial
  --ajuste            pone un valor en el paso «Ajustes»: api_url=https://…, chats_permitidos=12345

Si no existen, la credencial «Asistente IA» se crea con la clave de .dev.vars (o API_KEY), y «API de n8n» con N8N_API_KEY.`;

/** `npm run flows:import`: creates or updates the flows of n8n-flows/ in an n8n. */
async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  const n8nKey = process.env["N8N_API_KEY"];
  if (values.help || !n8nKey) {
    console.log(HELP);
    if (!values.help) console.error("\n✗ Falta N8N_API_KEY.");
    return values.help ? 0 : 1;
  }
  const flows = selectFiles(positionals).map(readFlow);
  const settings = Object.fromEntries(values.ajuste.map(parseSetting));
  requireKnownSettings(settings, flows);

  const n8nUrl = process.env["N8N_URL"] ?? "http://127.0.0.1:5678";
  const api = createN8nApi(n8nUrl, n8nKey);
  const existing = await api.listCredentials();
  await createMissingCredentials(api, existing, [
    ...assistantCredential(),
    ...telegramCredential(),
    ...n8nCredential(flows, n8nUrl, n8nKey),
  ]);
  const imported = await importFlows(api, flows, { settings, publish: values.publicar });
  imported.forEach(printImported);
  return 0;
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        publicar: { type: "boolean", default: false },
        ajuste: { type: "string", multiple: true, default: [] },
        help: { type: "boolean", short: "h", default: false },
      },
      allowPositionals: true,
    });
  } catch (cause) {
    if (isParseArgsError(cause)) throw new UserError(cause.message, { cause });
    throw cause;
  }
}

/** The files of the named flows; of all flows if there are no names. */
function selectFiles(names: readonly string[]): string[] {
  const files = flowFiles();
  const unknown = names.find((name) => !files.some((file) => basename(file) === basename(name)));
  if (unknown !== undefined) {
    const known = files.map((file) => basename(file)).join(", ");
    throw new UserError(`No hay ningún flujo que se llame ${unknown}. Hay: ${known}.`);
  }
  return names.length === 0
    ? files
    : files.filter((file) => names.some((name) => basename(name) === basename(file)));
}

function parseSetting(text: string): [name: string, value: string] {
  const equals = text.indexOf("=");
  if (equals < 1) {
    throw new UserError(`--ajuste se escribe nombre=valor, y esto no lo es: ${text}`);
  }
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function requireKnownSettings(settings: Record<string, string>, flows: readonly Flow[]): void {
  const known = new Set(flows.flatMap(settingsOf).map(({ name }) => name));
  const unknown = Object.keys(settings).find((name) => !known.has(name));
  if (!unknown) return;
  throw new UserError(`Ningún flujo tiene el ajuste «${unknown}». Hay: ${[...known].join(", ")}.`);
}

type NewCredential = { name: string; type: string; data: object; message: string };

async function createMissingCredentials(
  api: Pick<N8nApi, "createCredential">,
  existing: readonly Credential[],
  credentials: readonly NewCredential[],
): Promise<void> {
  for (const { name, type, data, message } of credentials) {
    if (existing.some((one) => one.type === type && one.name === name)) continue;
    await api.createCredential(name, type, data);
    console.log(message);
  }
}

function assistantCredential(): NewCredential[] {
  // Without this condition, readSettings would write a .dev.vars with a new key, which no service accepts.
  const hasKey = process.env["API_KEY"] || existsSync(join(ROOT, ".dev.vars"));
  if (!hasKey) return [];
  return [
    {
      name: "Asistente IA",
      type: "httpHeaderAuth",
      data: { name: "x-api-key", value: readSettings(process.env).apiKey },
      message: "✓ Credencial «Asistente IA» creada con la clave de API_KEY o de .dev.vars",
    },
  ];
}

function telegramCredential(): NewCredential[] {
  const accessToken = process.env["TELEGRAM_BOT_TOKEN"];
  if (!accessToken) return [];
  const baseUrl = process.env["TELEGRAM_API_URL"] ?? "https://api.telegram.org";
  return [
    {
      name: "Bot de Telegram",
      type: "telegramApi",
      data: { accessToken, baseUrl },
      message: "✓ Credencial «Bot de Telegram» creada",
    },
  ];
}

function n8nCredential(flows: readonly Flow[], n8nUrl: string, apiKey: string): NewCredential[] {
  const isUsed = flows.some(({ nodes }) => nodes.some((node) => node.credentials?.["n8nApi"]));
  if (!isUsed) return [];
  return [
    {
      name: "API de n8n",
      type: "n8nApi",
      data: { apiKey, baseUrl: new URL("/api/v1", n8nUrl).href },
      message: "✓ Credencial «API de n8n» creada con N8N_API_KEY",
    },
  ];
}

function printImported({ name, isNew, isPublished, missingCredentials }: ImportedFlow): void {
  console.log(
    `✓ ${name}: ${isNew ? "nuevo" : "puesto al día"}${isPublished ? " y publicado" : ""}`,
  );
  for (const credential of missingCredentials) {
    console.log(`  falta la credencial ${credential}: créala en n8n con ese nombre`);
  }
}

await runMain(main);
