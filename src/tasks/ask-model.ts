import { AppError, asProblem } from "../errors.ts";
import { log } from "../lib/log.ts";
import { schemaInstructions } from "../llm/answer-form.ts";
import type { ModelCall } from "../llm/llm.ts";
import type { Answer, Prompt } from "../llm/prompt.ts";
import type { AnswerReading, BoundTask, TaskInput, TaskOutput } from "./types/task.ts";

/** An answer that is still cut off after this many continuations fails. */
const MAX_CONTINUATIONS = 2;
/** Maximum overlap, in characters, between a text and its continuation. */
const MAX_OVERLAP_CHARS = 200;
const MIN_OVERLAP_CHARS = 8;

/**
 * Asks the model for the answer of a task. Requests the rest of a text that was cut off, and requests a correction once
 * when the task finds faults. Faults that remain become warnings.
 * @throws {AppError} what `call.ask` throws, or modelo_respuesta_invalida when no answer could be read
 */
export async function askModel(
  call: ModelCall,
  bound: BoundTask,
  input: TaskInput,
): Promise<TaskOutput> {
  const prompt = bound.buildPrompt(input);
  const answer = await askComplete(call, prompt);
  const first = tryToRead(bound, answer, input);
  if (first.output && first.faults.length === 0) return first.output;

  const corrected = await tryToCorrect(call, prompt, answer, first);
  const second = corrected ? tryToRead(bound, corrected, input) : UNREAD;
  const best = [first, second]
    .filter(({ output }) => output !== undefined)
    .toSorted((a, b) => a.faults.length - b.faults.length)[0];
  if (!best?.output) {
    throw new AppError("modelo_respuesta_invalida", {
      spent: call.spent(),
      cause: new Error(first.faults.join(" ")),
    });
  }
  const { output, faults } = best;
  return { ...output, warnings: [...(output.warnings ?? []), ...faults] };
}

/** Continues a text that was cut off. JSON that was cut off cannot be continued. */
async function askComplete(call: ModelCall, prompt: Prompt): Promise<Answer> {
  const first = await call.ask(prompt);
  if (!first.cut) return await withAllSamples(call, prompt, first);
  if (prompt.schema) throw cutOffProblem(call);

  let text = first.texts[0];
  for (let pieces = 0; pieces < MAX_CONTINUATIONS; pieces += 1) {
    // The last word may be incomplete.
    const beginning = text.replace(/\S+$/u, "");
    const next = await call.ask({
      ...prompt,
      turns: [
        { role: "assistant", content: beginning },
        {
          role: "user",
          content:
            "Se cortó. Continúa justo desde el final de lo que llevas, sin repetirlo y sin decir nada más.",
        },
      ],
    });
    text = joinWithoutOverlap(beginning, next.texts[0]);
    if (!next.cut) return { texts: [text], cut: false };
  }
  throw cutOffProblem(call);
}

/** Many providers return one answer whatever `n` says, so the rest is requested separately. If a request fails, fewer samples are used. */
async function withAllSamples(call: ModelCall, prompt: Prompt, first: Answer): Promise<Answer> {
  const texts = first.texts;
  try {
    while (texts.length < (prompt.samples ?? 1)) {
      const more = await call.ask({ ...prompt, samples: 1 });
      texts.push(more.texts[0]);
    }
  } catch (error) {
    const problem = asProblem(error);
    if (!problem) throw error;
    log.warn("samples_missing", { problem: problem.codigo });
  }
  return { texts, cut: false };
}

function joinWithoutOverlap(beginning: string, next: string): string {
  const longest = Math.min(MAX_OVERLAP_CHARS, beginning.length, next.length);
  for (let size = longest; size >= MIN_OVERLAP_CHARS; size -= 1) {
    if (beginning.endsWith(next.slice(0, size))) return beginning + next.slice(size);
  }
  return /\s$/u.test(beginning) ? beginning + next.trimStart() : beginning + next;
}

function cutOffProblem(call: ModelCall): AppError {
  return new AppError("modelo_respuesta_invalida", {
    detail: "La respuesta del modelo se cortó antes de acabar. Acorta el texto o pide menos.",
    spent: call.spent(),
    cause: new Error("The answer was cut off"),
  });
}

/** One answer as the task read it: `output` is undefined when it could not be read. */
type AnswerAttempt = { output: TaskOutput | undefined; faults: string[] };

const UNREAD: AnswerAttempt = { output: undefined, faults: [] };

function tryToRead(bound: BoundTask, answer: Answer, input: TaskInput): AnswerAttempt {
  try {
    const { output, faults = [] }: AnswerReading = bound.readAnswer(answer, input);
    return { output: toStorable(output), faults: faults.map(toStorableText) };
  } catch (error) {
    // Only the name: the message may quote the answer.
    const name = error instanceof Error ? error.name : "Error";
    log.warn("answer_unreadable", { error: name });
    return {
      output: undefined,
      faults: ["No tiene la forma pedida: falta algo, sobra algo o hay un valor que no se admite."],
    };
  }
}

/**
 * Asks for the whole answer again without its faults. Returns undefined when that fails and the first answer can still
 * be used.
 */
async function tryToCorrect(
  call: ModelCall,
  prompt: Prompt,
  { texts }: Answer,
  { output, faults }: AnswerAttempt,
): Promise<Answer | undefined> {
  try {
    return await askComplete(call, {
      ...prompt,
      turns: [
        { role: "assistant", content: texts[0] },
        {
          role: "user",
          content: [
            "Tu respuesta tiene estos fallos:",
            ...faults.map((fault) => `- ${fault}`),
            "Escríbela otra vez entera, corregida, con las mismas reglas y sin decir nada más.",
            // Some servers accept a schema and do not show it to the model.
            ...(prompt.schema && !output ? [schemaInstructions(prompt.schema)] : []),
          ].join("\n"),
        },
      ],
    });
  } catch (error) {
    const problem = asProblem(error);
    if (!output || !problem) throw error;
    log.warn("answer_not_corrected", { problem: problem.codigo });
    return undefined;
  }
}

/** @throws {RangeError} when the text is blank once it is storable */
function toStorable(output: TaskOutput): TaskOutput {
  const text = toStorableText(output.text);
  if (text.trim() === "") throw new RangeError("The answer has no storable text");
  return { ...output, text, data: output.data && toStorableObject(output.data) };
}

/** PostgreSQL stores neither U+0000 nor lone surrogates, in text or in jsonb. */
function toStorableText(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

function toStorableObject(object: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [toStorableText(key), toStorableValue(value)]),
  );
}

function toStorableValue(value: unknown): unknown {
  if (typeof value === "string") return toStorableText(value);
  if (Array.isArray(value)) return value.map(toStorableValue);
  return typeof value === "object" && value !== null ? toStorableObject(value) : value;
}
