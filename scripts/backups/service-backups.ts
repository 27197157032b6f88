import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { partsOf, readManifestOf } from "../../src/backups/manifest.ts";
import { BorradosReply, RespaldosReply } from "../../src/backups/respaldos.schemas.ts";
import type { ChatErasure } from "../../src/history/chat-erasure.ts";
import { callService, findServiceAddress, type Service } from "../lib/service.ts";
import { readRawSettings } from "../lib/settings.ts";
import { UserError } from "../lib/user-error.ts";
import { writeManifestFile } from "./backup-folder.ts";

const REPLY_TIMEOUT_MS = 30_000;
const PART_TIMEOUT_MS = 10 * 60_000;

/**
 * The service at `url`, or the one that runs in this folder. Undefined if there is neither.
 * @throws {UserError} if `url` is not a URL or API_KEY is not set
 */
export function findService(url: string | undefined): Service | undefined {
  const address = findServiceAddress(url);
  if (address === undefined) return undefined;
  const apiKey = readRawSettings(process.env)["API_KEY"];
  if (!apiKey) throw new UserError("Falta la clave del servicio: ponla en API_KEY.");
  return { address, apiKey };
}

/** @throws {UserError} if the service has no good backup */
export async function findNewestBackupId(service: Service): Promise<string> {
  const { respaldos } = await readReply(service, "", RespaldosReply);
  const [newest, ...older] = respaldos.filter(({ buena }) => buena);
  if (newest) {
    warnIfMuchSmaller(newest, older);
    return newest.id;
  }
  throw new UserError(
    respaldos.length === 0
      ? "El servicio no tiene ninguna copia. La primera se hace con: npm run job -- copia-de-seguridad"
      : "Todas las copias del servicio están dañadas. Elige una con --from y su nombre, o una carpeta.",
  );
}

type ListedBackup = z.output<typeof RespaldosReply>["respaldos"][number];

/** Prints a warning if the newest backup may have been made after data loss: an older one has over twice its rows. */
function warnIfMuchSmaller(newest: ListedBackup, older: readonly ListedBackup[]): void {
  const fuller = older.find(({ filas }) => filas > 2 * newest.filas);
  if (!fuller) return;
  console.log(
    `· Atención: la última copia (${newest.id}) tiene ${newest.filas} filas, y la ${fuller.id} tiene ${fuller.filas}. Para restaurar esa: --from ${fuller.id}`,
  );
}

/** Downloads the files of a backup into a folder. Does not verify the parts. */
export async function downloadBackup(
  service: Service,
  id: string,
  folder: string,
  backupKey: string | null,
): Promise<void> {
  const manifestResponse = await requestBackups(service, `/${id}`, REPLY_TIMEOUT_MS);
  const manifestText = await manifestResponse.text();
  for (const { name } of partsOf(readManifestOf(id, manifestText, backupKey))) {
    const { body } = await requestBackups(service, `/${id}/${name}`, PART_TIMEOUT_MS);
    const file = createWriteStream(join(folder, name), { mode: 0o600 });
    if (body) await pipeline(Readable.from(readBody(body)), file);
    else await once(file.end(), "finish");
  }
  await writeManifestFile(folder, manifestText);
}

async function* readBody(body: NonNullable<Response["body"]>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new UserError("La descarga se ha cortado. Repite. No se ha cambiado nada.", { cause });
  }
}

/** The erased chats that the service remembers. Its record does not depend on the database. */
export async function fetchErasures(service: Service): Promise<ChatErasure[]> {
  const { borrados } = await readReply(service, "/borrados", BorradosReply);
  return borrados.map(({ cliente, chat_id, hasta }) => ({
    client: cliente,
    chatId: chat_id,
    untilMs: Date.parse(hasta),
  }));
}

async function readReply<Reply>(
  service: Service,
  path: string,
  schema: z.ZodType<Reply>,
): Promise<Reply> {
  const response = await requestBackups(service, path, REPLY_TIMEOUT_MS);
  const reply = schema.safeParse(await response.json().catch(() => undefined));
  if (reply.success) return reply.data;
  throw new UserError(
    `Lo que responde en ${service.address} no es este servicio, o es de otra versión.`,
  );
}

const ErrorReply = z.object({ mensaje: z.string() });

/** @throws {UserError} if the service cannot be reached or rejects the request */
async function requestBackups(
  service: Service,
  path: string,
  timeoutMs: number,
): Promise<Response> {
  const fullPath = `/api/v1/respaldos${path}`;
  let response: Response;
  try {
    response = await callService(service, fullPath, { timeoutMs });
  } catch (cause) {
    throw new UserError(`El servicio no responde en ${service.address}.`, { cause });
  }
  if (response.ok) return response;
  if (response.status === 401 || response.status === 403) {
    throw new UserError(
      `El servicio en ${service.address} no acepta la clave de API_KEY, o no tiene el permiso admin. Ponla en .dev.vars o delante de la orden: API_KEY=… npm run …`,
    );
  }
  const reply = ErrorReply.safeParse(await response.json().catch(() => undefined));
  throw new UserError(
    reply.success ? reply.data.mensaje : `El servicio respondió ${response.status} a ${fullPath}.`,
  );
}
