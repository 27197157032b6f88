import type { z } from "zod";
import type { Config } from "../config.ts";
import { parseStartInstant } from "../lib/local-days.ts";
import { toRecordReply, type RecordReply } from "../history/history.schemas.ts";
import type { History, HistoryFilter } from "../history/history-store.ts";
import type { RunTaskDeps } from "../tasks/run-task.ts";
import { spanishLanguageName } from "../text/language-names.ts";
import { formatInstant } from "../text/format-instant.ts";
import { readQuestionWithModel } from "./question-by-model.ts";
import { toInterpretation, type ConsultarInteligenteReply } from "./questions.schemas.ts";
import type { QuestionFilter } from "./reader/question-filter.ts";
import { readQuestion } from "./reader/read-question.ts";

type QuestionReply = z.input<typeof ConsultarInteligenteReply>;
type RecordFields = z.input<typeof RecordReply>;

const DEFAULT_LIMIT = 10;
const SHOWN_CHARS = 500;

const NOT_UNDERSTOOD =
  "No lo he entendido. Puedes preguntar, por ejemplo: «mis últimos 3 resúmenes», «¿cuántos textos traduje la semana pasada?», «la fecha del primer resumen» o «lo que dije sobre facturas».";

type AnswerQuestionDeps = {
  config: Config;
  history: Pick<History, "count" | "page">;
  chat: (client: string, chatId: number) => QuestionChat;
};

/** The chat object, as far as questions use it. */
type QuestionChat = {
  /** Delivers the waiting records and returns how many still wait. */
  deliverNow: () => Promise<number>;
};

type Question = {
  text: string;
  /** The reference for «today»: an instant, a local date-time or a day. Absent: now. */
  referenceDate: string | undefined;
  timeZone: string | undefined;
};

/**
 * Answers a question about a chat's history. Rules read the question; the model reads it when the rules do not
 * understand it and a model is configured. SQL counts and orders the records.
 */
export async function answerQuestion(
  deps: AnswerQuestionDeps & RunTaskDeps,
  caller: { client: string; chatId: number },
  question: Question,
): Promise<QuestionReply> {
  const { config, history, chat } = deps;
  const timeZone = question.timeZone ?? config.GENERIC_TIMEZONE;
  const now = referenceInstant(question, timeZone) ?? new Date(deps.now());
  const byRules = readQuestion(question.text, { now, timeZone });
  const questionFilter = byRules.understood
    ? byRules.filter
    : await readQuestionWithModel(deps, caller, { text: question.text, now, timeZone });
  if (!questionFilter) return { success: false, chat_id: caller.chatId, mensaje: NOT_UNDERSTOOD };
  const filter: HistoryFilter = { ...caller, ...questionFilter };
  const pending = await chat(caller.client, caller.chatId).deliverNow();
  const frame = {
    chat_id: caller.chatId,
    interpretacion: toInterpretation(questionFilter),
    origen: byRules.understood ? "reglas" : "modelo",
    ...(pending > 0 && { pendientes: pending }),
  } as const;

  if (questionFilter.action === "contar") {
    const total = await history.count(filter);
    return { success: true, mensaje: countMessage(total), total, ...frame };
  }
  const { rows, total } = await history.page({ filter, ...toWindow(questionFilter) });
  const records = rows.map(toRecordReply);
  if (questionFilter.action === "listar" && questionFilter.position === null) {
    return {
      success: true,
      mensaje: listMessage(rows.length, total),
      consultas: records,
      total,
      ...frame,
    };
  }
  const [record] = records;
  if (!record) return { success: false, mensaje: missingRecordMessage(total), ...frame };
  return questionFilter.action === "campo" && questionFilter.field
    ? { success: true, ...toFieldReply(record, questionFilter.field, timeZone), ...frame }
    : { success: true, mensaje: recordMessage(record, timeZone), registro: record, ...frame };
}

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/** A day without a time means its noon. */
function referenceInstant({ referenceDate }: Question, timeZone: string): Date | undefined {
  if (referenceDate === undefined) return undefined;
  const given = DAY_ONLY.test(referenceDate) ? `${referenceDate}T12:00` : referenceDate;
  return parseStartInstant(given, timeZone);
}

/** The rows to read: one record by its position from either end, or a page. */
function toWindow({ position, order, limit, action }: QuestionFilter) {
  if (position !== null && position > 0) {
    return { order: "asc", limit: 1, offset: position - 1 } as const;
  }
  if (position !== null) return { order: "desc", limit: 1, offset: -position - 1 } as const;
  return { order, limit: action === "campo" ? 1 : (limit ?? DEFAULT_LIMIT), offset: 0 };
}

function toFieldReply(
  record: RecordFields,
  field: NonNullable<QuestionFilter["field"]>,
  timeZone: string,
): Pick<QuestionReply, "mensaje" | NonNullable<QuestionFilter["field"]>> {
  switch (field) {
    case "fecha":
      return { mensaje: `Fue el ${formatInstant(record.fecha, timeZone)}.`, fecha: record.fecha };
    case "resultado":
      return { mensaje: record.resultado, resultado: record.resultado };
    case "texto_original":
      return { mensaje: record.texto_original, texto_original: record.texto_original };
    case "tipo_tarea":
      return { mensaje: `La tarea fue ${record.tipo_tarea}.`, tipo_tarea: record.tipo_tarea };
    case "idioma":
      return { mensaje: languageMessage(record.idioma), idioma: record.idioma };
    case "id":
      return { mensaje: `Su id es ${record.id}.`, id: record.id };
  }
}

function countMessage(total: number): string {
  if (total === 0) return "No hay ningún registro así.";
  return total === 1 ? "Hay 1 registro." : `Hay ${total} registros.`;
}

function listMessage(shown: number, total: number): string {
  if (total === 0) return "No hay ningún registro así.";
  return shown === total ? countMessage(total) : `Hay ${total} registros; te muestro ${shown}.`;
}

function missingRecordMessage(total: number): string {
  return total === 0
    ? "No hay ningún registro así."
    : `No hay un registro en ese lugar: en total ${total === 1 ? "hay 1" : `hay ${total}`}.`;
}

function recordMessage(record: RecordFields, timeZone: string): string {
  const { resultado } = record;
  const shown =
    resultado.length > SHOWN_CHARS
      ? `${resultado.slice(0, SHOWN_CHARS).toWellFormed()}…`
      : resultado;
  return `${record.tipo_tarea}, ${formatInstant(record.fecha, timeZone)}:\n${shown}`;
}

function languageMessage(language: string | null): string {
  if (language === null) return "No está claro en qué idioma estaba.";
  return `Estaba en ${spanishLanguageName(language) ?? language}.`;
}
