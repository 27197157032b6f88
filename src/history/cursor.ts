import { z } from "zod";
import { AppError } from "../errors.ts";
import type { HistoryOrder } from "./history.ts";

const Cursor = z.tuple([z.enum(["asc", "desc"]), z.uuid()]);

/** Where the next page begins: after this record, in this order. Clients pass it back as it is. */
export function toCursor(order: HistoryOrder, requestId: string): string {
  return btoa(JSON.stringify([order, requestId])).replaceAll("=", "");
}

/** @throws {AppError} entrada_invalida for what was never a cursor, or one of the other order */
export function readCursor(cursor: string, order: HistoryOrder): string {
  const [ordered, requestId] = parse(cursor) ?? [];
  if (requestId !== undefined && ordered === order) return requestId;
  throw new AppError("entrada_invalida", {
    detail: "El campo cursor no vale: debe ser el de una respuesta anterior con el mismo orden.",
    fields: [
      { campo: "cursor", mensaje: "debe ser el de una respuesta anterior, con el mismo orden" },
    ],
  });
}

function parse(cursor: string): z.output<typeof Cursor> | undefined {
  try {
    return Cursor.safeParse(JSON.parse(atob(cursor))).data;
  } catch {
    // Neither base64 nor JSON.
    return undefined;
  }
}
