import type { z } from "zod";
import type { Deps } from "../deps.ts";
import { parseStartInstant } from "../lib/local-days.ts";
import {
  toInterpretation,
  toRecordReply,
  type ConsultarInteligenteReply,
  type RecordReply,
} from "../history/history.schemas.ts";
import type { HistoryFilter } from "../history/history-store.ts";
import { spanishLanguageName } from "../text/language-names.ts";
import { momentInWords } from "./moment-in-words.ts";
import { readWithModel } from "./question-by-model.ts";
import { readQuestion, type QuestionFilter } from "./reader/question.ts";

type Reply = z.input<typeof ConsultarInteligenteReply>;
type RecordFields = z.input<typeof RecordReply>;

const DEFAULT_LIMIT = 10;
const SHOWN_CHARS = 500;

const NOT_UNDERSTOOD =
  "No lo he entendido. Puedes preguntar, por ejemplo: «mis últimos 3 resúmenes», «¿cuántos textos traduje la semana pasada?», «la fecha del primer resumen» o «lo que dije sobre facturas».";

export type Question = {
  text: string;
  /** What «today» is: an instant, a local date-time or a day; now when absent. */
  referenceDate: string | undefined;
  timeZone: string | undefined;
};

/**
 * Answers a question about a chat's history: understood by rules, by the model where they are not sure and there is
 * one, and counted and ordered by SQL.
 */
export async function answerQuestion(
  deps: Deps,
  asker: { client: string; chatId: number },
  question: Question,
): Promise<Reply> {
  const { config, history, chat } = deps;
  const timeZone = question.timeZone ?? config.GENERIC_TIMEZONE;
  const now = referenceOf(question, timeZone) ?? new Date(deps.now());
  const byRules = readQuestion(question.text, { now, timeZone });
  const asked = byRules.understood
    ? byRules.filter
    : await readWithModel(deps, asker, { text: question.text, now, timeZone });
  if (!asked) return { success: false, chat_id: asker.chatId, mensaje: NOT_UNDERSTOOD };
  const filter: HistoryFilter = { ...asker, ...asked };
  const pending = await chat(asker.client, asker.chatId).flush();
  const frame = {
    chat_id: asker.chatId,
    interpretacion: toInterpretation(asked),
    origen: byRules.understood ? "reglas" : "modelo",
    ...(pending > 0 && { pendientes: pending }),
  } as const;

  if (asked.action === "contar") {
    const total = await history.count(filter);
    return { success: true, mensaje: countInWords(total), total, ...frame };
  }
  const { rows, total } = await history.page({ filter, ...window(asked) });
  const records = rows.map(toRecordReply);
  if (asked.action === "listar" && asked.position === null) {
    return {
      success: true,
      mensaje: listInWords(rows.length, total),
      consultas: records,
      total,
      ...frame,
    };
  }
  const [record] = records;
  if (!record) return { success: false, mensaje: missingInWords(total), ...frame };
  return asked.action === "campo" && asked.field
    ? { success: true, ...fieldOf(record, asked.field, timeZone), ...frame }
    : { success: true, mensaje: recordInWords(record, timeZone), registro: record, ...frame };
}

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/** A day without an hour is meant at its noon. */
function referenceOf({ referenceDate }: Question, timeZone: string): Date | undefined {
  if (referenceDate === undefined) return undefined;
  const given = DAY_ONLY.test(referenceDate) ? `${referenceDate}T12:00` : referenceDate;
  return parseStartInstant(given, timeZone);
}

/** Which rows to read: one record counted from either end, or a page. */
function window({ position, order, limit, action }: QuestionFilter) {
  if (position !== null && position > 0) {
    return { order: "asc", limit: 1, offset: position - 1 } as const;
  }
  if (position !== null) return { order: "desc", limit: 1, offset: -position - 1 } as const;
  return { order, limit: action === "campo" ? 1 : (limit ?? DEFAULT_LIMIT), offset: 0 };
}

function fieldOf(
  record: RecordFields,
  field: NonNullable<QuestionFilter["field"]>,
  timeZone: string,
): Pick<Reply, "mensaje" | NonNullable<QuestionFilter["field"]>> {
  switch (field) {
    case "fecha":
      return { mensaje: `Fue el ${momentInWords(record.fecha, timeZone)}.`, fecha: record.fecha };
    case "resultado":
      return { mensaje: record.resultado, resultado: record.resultado };
    case "texto_original":
      return { mensaje: record.texto_original, texto_original: record.texto_original };
    case "tipo_tarea":
      return { mensaje: `La tarea fue ${record.tipo_tarea}.`, tipo_tarea: record.tipo_tarea };
    case "idioma":
      return { mensaje: languageInWords(record.idioma), idioma: record.idioma };
    case "id":
      return { mensaje: `Su id es ${record.id}.`, id: record.id };
  }
}

function countInWords(total: number): string {
  if (total === 0) return "No hay ningún registro así.";
  return total === 1 ? "Hay 1 registro." : `Hay ${total} registros.`;
}

function listInWords(shown: number, total: number): string {
  if (total === 0) return "No hay ningún registro así.";
  return shown === total ? countInWords(total) : `Hay ${total} registros; te muestro ${shown}.`;
}

function missingInWords(total: number): string {
  return total === 0
    ? "No hay ningún registro así."
    : `No hay un registro en ese lugar: en total ${total === 1 ? "hay 1" : `hay ${total}`}.`;
}

function recordInWords(record: RecordFields, timeZone: string): string {
  const { resultado } = record;
  const shown =
    resultado.length > SHOWN_CHARS
      ? `${resultado.slice(0, SHOWN_CHARS).toWellFormed()}…`
      : resultado;
  return `${record.tipo_tarea}, ${momentInWords(record.fecha, timeZone)}:\n${shown}`;
}

function languageInWords(language: string | null): string {
  if (language === null) return "No está claro en qué idioma estaba.";
  return `Estaba en ${spanishLanguageName(language) ?? language}.`;
}
