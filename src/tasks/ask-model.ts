import { AppError, asProblem } from "../errors.ts";
import { log } from "../lib/log.ts";
import { schemaInstructions } from "../llm/answer-form.ts";
import type { ModelCall } from "../llm/llm.ts";
import type { Answer, Prompt } from "../llm/prompt.ts";
import type { BoundTask, Reading, TaskInput, TaskOutput } from "./types/task.ts";

/** A text that is still cut after so many pieces is given up. */
const MAX_CONTINUATIONS = 2;
/** What a model repeats of its end when it goes on. */
const MAX_OVERLAP_CHARS = 200;
const MIN_OVERLAP_CHARS = 8;

/**
 * Asks the model for a task's answer: goes on where it was cut off, and has it mended once when the task finds fault
 * with it. What is still amiss then is told as a warning.
 * @throws {AppError} what the model's door throws, or modelo_respuesta_invalida when no answer could be read
 */
export async function askModel(
  call: ModelCall,
  bound: BoundTask,
  input: TaskInput,
): Promise<TaskOutput> {
  const prompt = bound.prompt(input);
  const first = await askWhole(call, prompt);
  const reading = tryToRead(bound, first, input);
  if (reading.output && reading.faults.length === 0) return reading.output;

  const mended = await tryToMend(call, prompt, first, reading);
  const second = mended ? tryToRead(bound, mended, input) : UNREAD;
  const best = [reading, second]
    .filter(({ output }) => output !== undefined)
    .toSorted((a, b) => a.faults.length - b.faults.length)[0];
  if (!best?.output) {
    throw new AppError("modelo_respuesta_invalida", {
      spent: call.spent(),
      cause: new Error(reading.faults.join(" ")),
    });
  }
  const { output, faults } = best;
  return { ...output, warnings: [...(output.warnings ?? []), ...faults] };
}

/** Text that was cut off is gone on with; a structure that was cut off cannot be. */
async function askWhole(call: ModelCall, prompt: Prompt): Promise<Answer> {
  const first = await call.ask(prompt);
  if (!first.cut) return await withAllSamples(call, prompt, first);
  if (prompt.schema) throw cutOff(call);

  let text = first.texts[0];
  for (let pieces = 0; pieces < MAX_CONTINUATIONS; pieces += 1) {
    // The last word may be half a word.
    const begun = text.replace(/\S+$/u, "");
    const next = await call.ask({
      ...prompt,
      turns: [
        { role: "assistant", content: begun },
        {
          role: "user",
          content:
            "Se cortó. Continúa justo desde el final de lo que llevas, sin repetirlo y sin decir nada más.",
        },
      ],
    });
    text = joined(begun, next.texts[0]);
    if (!next.cut) return { texts: [text], cut: false };
  }
  throw cutOff(call);
}

/** Many providers give one answer at a time, whatever they are asked for. What fails then is done without. */
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

function joined(begun: string, next: string): string {
  const longest = Math.min(MAX_OVERLAP_CHARS, begun.length, next.length);
  for (let size = longest; size >= MIN_OVERLAP_CHARS; size -= 1) {
    if (begun.endsWith(next.slice(0, size))) return begun + next.slice(size);
  }
  return /\s$/u.test(begun) ? begun + next.trimStart() : begun + next;
}

function cutOff(call: ModelCall): AppError {
  return new AppError("modelo_respuesta_invalida", {
    detail: "La respuesta del modelo se cortó antes de acabar. Acorta el texto o pide menos.",
    spent: call.spent(),
    cause: new Error("The answer was cut off"),
  });
}

type Attempt = { output: TaskOutput | undefined; faults: string[] };

const UNREAD: Attempt = { output: undefined, faults: [] };

function tryToRead(bound: BoundTask, answer: Answer, input: TaskInput): Attempt {
  try {
    const { output, faults = [] }: Reading = bound.read(answer, input);
    return { output: storable(output), faults: faults.map(storableText) };
  } catch (error) {
    const why = error instanceof Error ? error.name : "Error";
    log.warn("answer_unreadable", { error: why });
    return {
      output: undefined,
      faults: ["No tiene la forma pedida: falta algo, sobra algo o hay un valor que no se admite."],
    };
  }
}

/** Undefined when the model could not be asked again and there is an answer to give all the same. */
async function tryToMend(
  call: ModelCall,
  prompt: Prompt,
  { texts }: Answer,
  { output, faults }: Attempt,
): Promise<Answer | undefined> {
  try {
    return await askWhole(call, {
      ...prompt,
      turns: [
        { role: "assistant", content: texts[0] },
        {
          role: "user",
          content: [
            "Tu respuesta tiene estos fallos:",
            ...faults.map((fault) => `- ${fault}`),
            "Escríbela otra vez entera, corregida, con las mismas reglas y sin decir nada más.",
            // A server may have taken the schema and never shown it to the model.
            ...(prompt.schema && !output ? [schemaInstructions(prompt.schema)] : []),
          ].join("\n"),
        },
      ],
    });
  } catch (error) {
    const problem = asProblem(error);
    if (!output || !problem) throw error;
    log.warn("answer_not_mended", { problem: problem.codigo });
    return undefined;
  }
}

/** Throws when nothing is left to give. */
function storable(output: TaskOutput): TaskOutput {
  const text = storableText(output.text);
  if (text.trim() === "") throw new RangeError("Nothing is left of the answer");
  return { ...output, text, data: output.data && storableObject(output.data) };
}

/** PostgreSQL keeps neither U+0000 nor lone surrogates, in text or in jsonb. */
function storableText(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

function storableObject(object: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [storableText(key), storableValue(value)]),
  );
}

function storableValue(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storableValue);
  return typeof value === "object" && value !== null ? storableObject(value) : value;
}
