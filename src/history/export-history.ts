import { describeError, log } from "../lib/log.ts";
import { FORMATS, type ExportFormat } from "./export-formats.ts";
import { toRecordReply } from "./history.schemas.ts";
import type { History, HistoryFilter } from "./history.ts";

/**
 * The history as a file that is written while it is read. Resolves when the first records are there, so that a
 * history that cannot be reached is still an answer of its own; one that is lost on the way breaks the stream.
 * @throws {AppError} historial_no_disponible
 */
export async function exportHistory(
  history: Pick<History, "each">,
  filter: HistoryFilter,
  format: ExportFormat,
  timeZone: string,
): Promise<ReadableStream<Uint8Array>> {
  const { record } = FORMATS[format];
  const head = FORMATS[format].head(filter.chatId);
  const encoder = new TextEncoder();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const begun = Promise.withResolvers<undefined>();

  const write = async (): Promise<void> => {
    let isFirst = true;
    await history.each(filter, async (rows) => {
      begun.resolve(undefined);
      const text = rows.map((row) => record(toRecordReply(row), timeZone)).join("");
      await writer.write(encoder.encode(isFirst ? head + text : text));
      isFirst = false;
    });
    begun.resolve(undefined);
    if (isFirst) await writer.write(encoder.encode(head));
    await writer.close();
  };
  write().catch((error: unknown) => {
    begun.reject(error);
    log.warn("export_broken", describeError(error));
    // It may be the reader who has left.
    writer.abort(error).catch(() => undefined);
  });
  await begun.promise;
  return readable;
}
