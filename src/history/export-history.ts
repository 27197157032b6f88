import { describeError, log } from "../lib/log.ts";
import { FORMATS, type ExportFormat } from "./export-formats.ts";
import { toRecordReply } from "./history.schemas.ts";
import type { History, HistoryFilter } from "./history-store.ts";

/**
 * Streams the history as a file. Resolves after the first batch, so that an unavailable database still produces an
 * error response; a failure after that breaks the stream.
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
  const started = Promise.withResolvers<undefined>();

  const write = async (): Promise<void> => {
    let isFirst = true;
    await history.each(filter, async (rows) => {
      started.resolve(undefined);
      const text = rows.map((row) => record(toRecordReply(row), timeZone)).join("");
      await writer.write(encoder.encode(isFirst ? head + text : text));
      isFirst = false;
    });
    started.resolve(undefined);
    if (isFirst) await writer.write(encoder.encode(head));
    await writer.close();
  };
  write().catch((error: unknown) => {
    started.reject(error);
    log.warn("export_broken", describeError(error));
    // The reader may have disconnected.
    writer.abort(error).catch(() => undefined);
  });
  await started.promise;
  return readable;
}
