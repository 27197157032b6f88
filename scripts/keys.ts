import { parseArgs } from "node:util";
import { z } from "zod";
import { SCOPES } from "../src/access/principal.ts";
import { runMain } from "./lib/run-main.ts";
import { callService, findServiceAddress, type Service } from "./lib/service.ts";
import { readRawSettings } from "./lib/settings.ts";
import { UserError } from "./lib/user-error.ts";

const KEYS_PATH = "/api/v1/claves";
const REQUEST_TIMEOUT_MS = 30_000;

const USAGE = `Uso: npm run keys -- <orden> [opciones]

  crear --nombre TEXTO --permisos ${SCOPES.join(",")}
        [--cliente NOMBRE] [--chats 1,-100…] [--por-minuto N] [--por-dia N] [--caduca AAAA-MM-DD]
  listar [--cliente NOMBRE]
  rotar ID [--gracia SEGUNDOS]
  revocar ID

Con el servicio en marcha aquí no hace falta más. Para uno desplegado: --url https://… y API_KEY en el entorno.`;

const OPTIONS = {
  url: { type: "string" },
  nombre: { type: "string" },
  cliente: { type: "string" },
  permisos: { type: "string" },
  chats: { type: "string" },
  "por-minuto": { type: "string" },
  "por-dia": { type: "string" },
  caduca: { type: "string" },
  gracia: { type: "string" },
} as const;

type Options = Partial<Record<keyof typeof OPTIONS, string>>;
/** Calls the service and returns its JSON reply. */
type KeysApi = (method: string, path: string, body?: object) => Promise<unknown>;
/** `id`: the second word of the command line, empty if there is none. */
type Command = (callApi: KeysApi, options: Options, id: string) => Promise<void>;

const COMMANDS: Record<string, Command> = {
  crear: createKey,
  listar: listKeys,
  rotar: rotateKey,
  revocar: revokeKey,
};

const Key = z.object({
  id: z.string(),
  cliente: z.string(),
  nombre: z.string(),
  permisos: z.array(z.string()),
  chats: z.array(z.number()).nullable(),
  estado: z.string(),
  caduca: z.string().nullable(),
  ultimo_uso: z.string().nullable(),
});
const ListReply = z.object({ claves: z.array(Key) });
const CreateReply = Key.extend({ clave: z.string() });
const ErrorReply = z.object({
  mensaje: z.string(),
  errores: z.array(z.object({ campo: z.string(), mensaje: z.string() })).optional(),
});

/** `npm run keys`: manages the access keys of the service that runs in this folder, or of the one at `--url`. */
async function main(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args);
  const [name = "", id = ""] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UserError(USAGE);
  const address = findServiceAddress(values.url);
  if (address === undefined) {
    throw new UserError(
      "No hay ningún servicio en marcha aquí: npm start. Para uno desplegado, --url https://…",
    );
  }
  const apiKey = required(
    readRawSettings(process.env)["API_KEY"],
    "API_KEY, en el entorno o en .dev.vars",
  );
  await command(createKeysApi({ address, apiKey }), values, id);
}

async function createKey(callApi: KeysApi, options: Options): Promise<void> {
  const reply = await callApi("POST", KEYS_PATH, {
    nombre: required(options.nombre, "--nombre"),
    permisos: splitList(required(options.permisos, "--permisos")),
    ...(options.cliente !== undefined && { cliente: options.cliente }),
    ...(options.chats !== undefined && { chats: splitList(options.chats) }),
    limites: {
      por_minuto: parseInteger(options["por-minuto"], "--por-minuto"),
      por_dia: parseInteger(options["por-dia"], "--por-dia"),
    },
    ...(options.caduca !== undefined && { caduca: options.caduca }),
  });
  printNewKey(CreateReply.parse(reply));
}

async function listKeys(callApi: KeysApi, { cliente }: Options): Promise<void> {
  const query = cliente === undefined ? "" : `?cliente=${encodeURIComponent(cliente)}`;
  const { claves } = ListReply.parse(await callApi("GET", `${KEYS_PATH}${query}`));
  if (claves.length === 0) console.log("No hay ninguna clave, aparte de API_KEY.");
  for (const key of claves) console.log(describeKey(key));
}

async function rotateKey(callApi: KeysApi, { gracia }: Options, id: string): Promise<void> {
  const graceSeconds = parseInteger(gracia, "--gracia");
  const body = graceSeconds === null ? {} : { gracia_segundos: graceSeconds };
  printNewKey(CreateReply.parse(await callApi("POST", `${keyPath(id)}/rotar`, body)));
}

async function revokeKey(callApi: KeysApi, _options: Options, id: string): Promise<void> {
  const { nombre } = Key.parse(await callApi("DELETE", keyPath(id)));
  console.log(`✓ Revocada: «${nombre}». Deja de valer en menos de un segundo, con sus tokens.`);
}

function printNewKey({ clave, ...key }: z.output<typeof CreateReply>): void {
  console.log(`${describeKey(key)}\n\n  ${clave}\n\nGuárdala ahora: no se vuelve a enseñar.`);
}

function describeKey(key: z.output<typeof Key>): string {
  const chats = key.chats === null ? "todos los chats" : `chats ${key.chats.join(", ")}`;
  const expiry = key.caduca === null ? "" : `, caduca ${key.caduca.slice(0, 10)}`;
  const lastUse = key.ultimo_uso === null ? "sin usar" : `usada ${key.ultimo_uso.slice(0, 16)}Z`;
  return `${key.id}  ${key.estado}  «${key.nombre}»  cliente ${key.cliente}  ${key.permisos.join(",")}  ${chats}${expiry}, ${lastUse}`;
}

/** The returned function throws a UserError with the message of the service, if the service rejects the request. */
function createKeysApi(service: Service): KeysApi {
  return async (method, path, body) => {
    const response = await fetchOrExplain(service, { method, path, body });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as unknown;
    throw new UserError(
      readErrorReply(text) ?? `${service.address} ha respondido ${response.status}.`,
    );
  };
}

async function fetchOrExplain(
  service: Service,
  { method, path, body }: { method: string; path: string; body: object | undefined },
): Promise<Response> {
  try {
    return await callService(service, path, {
      method,
      body,
      timeoutMs: REQUEST_TIMEOUT_MS,
      // A redirect must not carry the key to another address.
      redirect: "manual",
    });
  } catch (cause) {
    const { origin } = new URL(service.address);
    throw new UserError(`No se llega a ${origin}. ¿Está en marcha el servicio?`, { cause });
  }
}

/** Undefined if the text is not an error reply of this service, for example that of a proxy. */
function readErrorReply(text: string): string | undefined {
  try {
    const { mensaje, errores = [] } = ErrorReply.parse(JSON.parse(text));
    return [mensaje, ...errores.map((error) => `  ${error.campo}: ${error.mensaje}`)].join("\n");
  } catch {
    return undefined;
  }
}

function keyPath(id: string): string {
  return `${KEYS_PATH}/${encodeURIComponent(required(id, "el id de la clave"))}`;
}

function required(value: string | undefined, label: string): string {
  if (value) return value;
  throw new UserError(`Falta ${label}.\n\n${USAGE}`);
}

function splitList(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function parseInteger(text: string | undefined, option: string): number | null {
  if (text === undefined) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UserError(`${option} debe ser un número entero.`);
}

function readArguments(args: string[]) {
  try {
    return parseArgs({ args: joinNegativeChats(args), options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${reason}\n\n${USAGE}`, { cause });
  }
}

/** `--chats -100,1` becomes `--chats=-100,1`: parseArgs would take the negative number of a group for an option. */
function joinNegativeChats(args: string[]): string[] {
  return args.reduce<string[]>((joined, argument) => {
    return joined.at(-1) === "--chats" && /^-\d/.test(argument)
      ? [...joined.slice(0, -1), `--chats=${argument}`]
      : [...joined, argument];
  }, []);
}

await runMain(() => main(process.argv.slice(2)));
