import { z } from "zod";
import { AppError } from "../errors.ts";
import type { HistoryOrder } from "./history-store.ts";

const Cursor = z.tuple([z.enum(["asc", "desc"]), z.uuid()]);

/** An opaque cursor: the next page begins after this record, in this order. */
export function toCursor(order: HistoryOrder, requestId: string): string {
  return btoa(JSON.stringify([order, requestId])).replaceAll("=", "");
}

/** @throws {AppError} entrada_invalida for an invalid cursor, or a cursor of the other order */
export function parseCursor(cursor: string, order: HistoryOrder): string {
  const [cursorOrder, requestId] = decode(cursor) ?? [];
  if (requestId !== undefined && cursorOrder === order) return requestId;
  throw new AppError("entrada_invalida", {
    detail: "El campo cursor no vale: debe ser el de una respuesta anterior con el mismo orden.",
    fields: [
      { campo: "cursor", mensaje: "debe ser el de una respuesta anterior, con el mismo orden" },
    ],
  });
}

function decode(cursor: string): z.output<typeof Cursor> | undefined {
  try {
    return Cursor.safeParse(JSON.parse(atob(cursor))).data;
  } catch {
    // Neither base64 nor JSON.
    return undefined;
  }
}
