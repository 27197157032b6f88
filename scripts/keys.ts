import { parseArgs } from "node:util";
import { z } from "zod";
import { SCOPES } from "../src/access/principal.ts";
import { readRawSettings } from "./lib/settings.ts";
import { UserError } from "./lib/user-error.ts";
import { currentRun } from "./lib/state.ts";

const LIMIT_MS = 30_000;

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

type Given = { values: Partial<Record<keyof typeof OPTIONS, string>>; id: string };
type Ask = (method: string, path: string, body?: object) => Promise<unknown>;

const COMMANDS: Record<string, (ask: Ask, given: Given) => Promise<void>> = {
  async crear(ask, { values }) {
    const made = New.parse(
      await ask("POST", "/api/v1/claves", {
        nombre: required(values.nombre, "--nombre"),
        permisos: listOf(required(values.permisos, "--permisos")),
        ...(values.cliente !== undefined && { cliente: values.cliente }),
        ...(values.chats !== undefined && { chats: listOf(values.chats) }),
        limites: {
          por_minuto: numberOf(values["por-minuto"], "--por-minuto"),
          por_dia: numberOf(values["por-dia"], "--por-dia"),
        },
        ...(values.caduca !== undefined && { caduca: values.caduca }),
      }),
    );
    showNew(made);
  },
  async listar(ask, { values }) {
    const query =
      values.cliente === undefined ? "" : `?cliente=${encodeURIComponent(values.cliente)}`;
    const { claves } = Keys.parse(await ask("GET", `/api/v1/claves${query}`));
    if (claves.length === 0) console.log("No hay ninguna clave, aparte de API_KEY.");
    for (const key of claves) console.log(inWords(key));
  },
  async rotar(ask, { values, id }) {
    const grace = numberOf(values.gracia, "--gracia");
    showNew(
      New.parse(
        await ask("POST", pathOf(id, "/rotar"), grace === null ? {} : { gracia_segundos: grace }),
      ),
    );
  },
  async revocar(ask, { id }) {
    const { nombre } = Key.parse(await ask("DELETE", pathOf(id)));
    console.log(`✓ Revocada: «${nombre}». Deja de valer en menos de un segundo, con sus tokens.`);
  },
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
const Keys = z.object({ claves: z.array(Key) });
const New = Key.extend({ clave: z.string() });
const Problem = z.object({
  mensaje: z.string(),
  errores: z.array(z.object({ campo: z.string(), mensaje: z.string() })).optional(),
});

function showNew({ clave, ...key }: z.output<typeof New>): void {
  console.log(`${inWords(key)}\n\n  ${clave}\n\nGuárdala ahora: no se vuelve a enseñar.`);
}

function inWords(key: z.output<typeof Key>): string {
  const chats = key.chats === null ? "todos los chats" : `chats ${key.chats.join(", ")}`;
  const end = key.caduca === null ? "" : `, caduca ${key.caduca.slice(0, 10)}`;
  const use = key.ultimo_uso === null ? "sin usar" : `usada ${key.ultimo_uso.slice(0, 16)}Z`;
  return `${key.id}  ${key.estado}  «${key.nombre}»  cliente ${key.cliente}  ${key.permisos.join(",")}  ${chats}${end}, ${use}`;
}

/** @throws {UserError} with what the service says */
function askWith(address: string, apiKey: string): Ask {
  return async (method, path, body) => {
    const response = await answerOf(new URL(path, address), {
      method,
      headers: { "x-api-key": apiKey, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(LIMIT_MS),
      // The key goes to the address that was named, and to no other.
      redirect: "manual",
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as unknown;
    throw new UserError(problemIn(text) ?? `${address} ha respondido ${response.status}.`);
  };
}

async function answerOf(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (cause) {
    throw new UserError(`No se llega a ${url.origin}. ¿Está en marcha el servicio?`, { cause });
  }
}

function problemIn(text: string): string | undefined {
  try {
    const { mensaje, errores = [] } = Problem.parse(JSON.parse(text));
    return [mensaje, ...errores.map((one) => `  ${one.campo}: ${one.mensaje}`)].join("\n");
  } catch {
    // Somebody else's answer.
    return undefined;
  }
}

function pathOf(id: string, rest = ""): string {
  return `/api/v1/claves/${encodeURIComponent(required(id, "el id de la clave"))}${rest}`;
}

function required(value: string | undefined, what: string): string {
  if (value) return value;
  throw new UserError(`Falta ${what}.\n\n${USAGE}`);
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function numberOf(text: string | undefined, name: string): number | null {
  if (text === undefined) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UserError(`${name} debe ser un número entero.`);
}

/** `npm run keys`: the access keys of the service that runs here, or of one by its address. */
async function keys(argv: string[]): Promise<void> {
  const { values, positionals } = readArguments(argv);
  const [name = "", id = ""] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UserError(USAGE);
  const address = values.url ?? currentRun()?.address;
  if (address === undefined) {
    throw new UserError(
      "No hay ningún servicio en marcha aquí: npm start. Para uno desplegado, --url https://…",
    );
  }
  if (!URL.canParse(address)) throw new UserError(`--url debe ser una dirección, como https://…`);
  const apiKey = readRawSettings(process.env)["API_KEY"];
  await command(askWith(address, required(apiKey, "API_KEY, en el entorno o en .dev.vars")), {
    values,
    id,
  });
}

function readArguments(argv: string[]) {
  try {
    return parseArgs({ args: withNegatives(argv), options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${reason}\n\n${USAGE}`, { cause });
  }
}

/** A list of chats may begin with a group's negative number, which would be read as an option. */
function withNegatives(argv: string[]): string[] {
  return argv.reduce<string[]>((read, argument) => {
    const before = read.at(-1);
    return before === "--chats" && /^-\d/.test(argument)
      ? [...read.slice(0, -1), `--chats=${argument}`]
      : [...read, argument];
  }, []);
}

try {
  await keys(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`✗ ${error.message}`);
  process.exitCode = 1;
}
