import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { partsOf, readManifestOf } from "../../src/backups/manifest.ts";
import { BorradosReply, RespaldosReply } from "../../src/backups/respaldos.schemas.ts";
import type { Erasure } from "../../src/coordinator/coordinator.object.ts";
import { readRawSettings } from "../lib/settings.ts";
import { UserError } from "../lib/user-error.ts";
import { currentRun } from "../lib/state.ts";
import { writeManifestFile } from "./folder.ts";

const ANSWER_LIMIT_MS = 30_000;
const PART_LIMIT_MS = 10 * 60_000;

/** The service that keeps backups: its address, and a key that may manage it. */
export type Service = { address: string; key: string };

/**
 * The service at `url`, or the one that runs in this folder. The key is API_KEY, of the environment or of .dev.vars.
 */
export function findService(url: string | undefined): Service | undefined {
  const address = url ?? currentRun()?.address;
  if (address === undefined) return undefined;
  if (!URL.canParse(address)) throw new UserError("--url debe ser una dirección, como https://…");
  const key = readRawSettings(process.env)["API_KEY"];
  if (!key) throw new UserError("Falta la clave del servicio: ponla en API_KEY.");
  return { address, key };
}

/** @throws {UserError} when there is no good backup */
export async function newestBackup(service: Service): Promise<string> {
  const { respaldos } = await readReply(service, "", RespaldosReply);
  const [good, ...earlier] = respaldos.filter(({ buena }) => buena);
  if (good) {
    warnOfLoss(good, earlier);
    return good.id;
  }
  throw new UserError(
    respaldos.length === 0
      ? "El servicio no tiene ninguna copia. La primera se hace con: npm run job -- copia-de-seguridad"
      : "Todas las copias del servicio están dañadas. Elige una con --from y su nombre, o una carpeta.",
  );
}

type Listed = z.output<typeof RespaldosReply>["respaldos"][number];

/** A night may have passed between the loss of the database and its restoration: the newest backup then has nothing. */
function warnOfLoss(newest: Listed, earlier: readonly Listed[]): void {
  const fuller = earlier.find(({ filas }) => filas > 2 * newest.filas);
  if (!fuller) return;
  console.log(
    `· Atención: la última copia (${newest.id}) tiene ${newest.filas} filas, y la ${fuller.id} tiene ${fuller.filas}. Para restaurar esa: --from ${fuller.id}`,
  );
}

/** Downloads a backup into a folder, as it is kept. What it is worth is found out by reading it. */
export async function fetchBackup(
  service: Service,
  id: string,
  folder: string,
  backupKey: string | null,
): Promise<void> {
  const manifestFile = await ask(service, `/${id}`, ANSWER_LIMIT_MS);
  const text = await manifestFile.text();
  for (const { nombre } of partsOf(readManifestOf(id, text, backupKey))) {
    const { body } = await ask(service, `/${id}/${nombre}`, PART_LIMIT_MS);
    const file = createWriteStream(join(folder, nombre), { mode: 0o600 });
    if (body) await pipeline(Readable.from(arriving(body)), file);
    else await once(file.end(), "finish");
  }
  await writeManifestFile(folder, text);
}

async function* arriving(body: NonNullable<Response["body"]>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new UserError("La descarga se ha cortado. Repite. No se ha cambiado nada.", { cause });
  }
}

/** The chats that the service knows to be erased, whatever the database remembers. */
export async function fetchErasures(service: Service): Promise<Erasure[]> {
  const { borrados } = await readReply(service, "/borrados", BorradosReply);
  return borrados.map(({ cliente, chat_id, hasta }) => ({
    ...{ client: cliente, chatId: chat_id, untilMs: Date.parse(hasta) },
  }));
}

async function readReply<Reply>(
  service: Service,
  path: string,
  form: z.ZodType<Reply>,
): Promise<Reply> {
  const response = await ask(service, path, ANSWER_LIMIT_MS);
  const reply = form.safeParse(await response.json().catch(() => undefined));
  if (reply.success) return reply.data;
  throw new UserError(
    `Lo que responde en ${service.address} no es este servicio, o es de otra versión.`,
  );
}

const Told = z.object({ mensaje: z.string() });

async function ask({ address, key }: Service, path: string, limitMs: number): Promise<Response> {
  const url = new URL(`/api/v1/respaldos${path}`, address);
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { "x-api-key": key },
      signal: AbortSignal.timeout(limitMs),
    });
  } catch (cause) {
    throw new UserError(`El servicio no responde en ${address}.`, { cause });
  }
  if (response.ok) return response;
  if (response.status === 401 || response.status === 403) {
    throw new UserError(
      `El servicio en ${address} no acepta la clave de API_KEY, o no tiene el permiso admin. Ponla en .dev.vars o delante de la orden: API_KEY=… npm run …`,
    );
  }
  const told = Told.safeParse(await response.json().catch(() => undefined));
  throw new UserError(
    told.success
      ? told.data.mensaje
      : `El servicio respondió ${response.status} a ${url.pathname}.`,
  );
}
