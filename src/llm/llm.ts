import OpenAI from "openai";
import type { Config } from "../config.ts";
import type { Spending } from "../errors.ts";
import { knownForm, learnForm, toRequest, weakerForm, type AnswerForm } from "./answer-form.ts";
import { Bill } from "./bill.ts";
import {
  classifyFailure,
  failed,
  refusesForm,
  refusesSamples,
  refusesThisSchema,
  toProblem,
  type Failure,
} from "./failures.ts";
import { readCompletion } from "./read-completion.ts";
import { retryDelayMs } from "./retry.ts";
import { TimeoutError, withTimeout } from "../lib/with-timeout.ts";

export type Turn = { role: "assistant" | "user"; content: string };

export type Prompt = {
  instructions: string;
  input: string;
  /** What was said since, when an answer is to be continued or mended. */
  turns?: Turn[];
  /** The form that the answer must have. `strict` (the default): the provider holds the model to it token by token. */
  schema?: { name: string; jsonSchema: Record<string, unknown>; strict?: boolean };
  /** How many answers to draw, to see whether they agree. A provider may give fewer. */
  samples?: number;
};

export type Answer = {
  /** None of them is blank. */
  texts: [string, ...string[]];
  /** It stops where the model's limit was reached. */
  cut: boolean;
};

/** One piece of work with a model: all its questions share a deadline and a bill. */
export type ModelCall = {
  /** Throws the catalogue's `modelo_*`, `contenido_filtrado` and `texto_demasiado_largo`, with all that was spent. */
  ask: (prompt: Prompt) => Promise<Answer>;
  /** The model that answered last, as the provider names it. */
  model: () => string;
  spent: () => Spending;
};

export type Llm = { call: (model: string) => ModelCall };

/** What tests put in place of the world. */
export type LlmSeams = {
  now: () => number;
  random: () => number;
  wait: (ms: number) => Promise<void>;
};

const WORLD: LlmSeams = {
  now: Date.now,
  random: Math.random,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The provider may charge for an attempt that timed out, so it is repeated only this often. */
const MAX_TIMEOUT_RETRIES = 1;

/** Reaches an OpenAI-compatible provider. A call's deadline bounds its attempts and the waits between them. */
export function createLlm(config: Config, seams: LlmSeams = WORLD): Llm {
  const openai = new OpenAI({
    apiKey: config.OPENAI_API_KEY ?? null,
    baseURL: config.OPENAI_BASE_URL,
    // The SDK would retry by itself, without our deadline.
    maxRetries: 0,
    // Nothing of the environment but what the settings name.
    organization: null,
    project: null,
    logLevel: "off",
  });

  return {
    call(model) {
      const provider = `${config.OPENAI_BASE_URL} ${model}`;
      const endMs = seams.now() + config.OPENAI_TOTAL_TIMEOUT * 1_000;
      const bill = new Bill();
      let answeredBy = model;

      const attempt = async (prompt: Prompt, form: AnswerForm): Promise<Answer | Failure> => {
        bill.countAttempt();
        const limitMs = Math.min(config.OPENAI_TIMEOUT * 1_000, endMs - seams.now());
        const body = await post(openai, { model, ...toRequest(prompt, form) }, limitMs);
        if ("failure" in body) return body.failure;
        const read = readCompletion(body.body, model);
        answeredBy = read.model;
        bill.add(read.usage);
        return "answer" in read ? read.answer : read.failure;
      };

      return {
        async ask(prompt) {
          let form = knownForm(provider);
          let asked = prompt;
          let timeouts = 0;
          for (let failures = 1; ; failures += 1) {
            const tried = await attempt(asked, form);
            if ("texts" in tried) return tried;

            if ((asked.samples ?? 1) > 1 && refusesSamples(tried)) {
              asked = { ...asked, samples: 1 };
              failures -= 1;
              continue;
            }
            const weaker = prompt.schema && refusesForm(tried) ? weakerForm(form) : undefined;
            if (weaker) {
              // It was refused before any work was done: this is no retry of the same.
              if (!refusesThisSchema(tried)) learnForm(provider, weaker);
              form = weaker;
              failures -= 1;
              continue;
            }
            if (tried.codigo === "modelo_tiempo_agotado") timeouts += 1;
            const delayMs = retryDelayMs(config, failures, tried.retryAfterMs, seams.random());
            const mayRetry =
              tried.retryable &&
              failures <= config.OPENAI_MAX_RETRIES &&
              timeouts <= MAX_TIMEOUT_RETRIES;
            if (!mayRetry || seams.now() + delayMs >= endMs) throw toProblem(tried, bill.total());
            await seams.wait(delayMs);
          }
        },
        model: () => answeredBy,
        spent: () => bill.total(),
      };
    },
  };
}

async function post(
  openai: OpenAI,
  request: OpenAI.ChatCompletionCreateParamsNonStreaming,
  limitMs: number,
): Promise<{ body: unknown } | { failure: Failure }> {
  const timeoutMs = Math.max(1, limitMs);
  try {
    // Our own timeout, because it also covers the reading of the body.
    const body = await withTimeout(timeoutMs, (signal) =>
      // The SDK's is longer, so that only ours ever ends an attempt.
      openai.chat.completions.create(request, { signal, timeout: timeoutMs + 1_000 }),
    );
    return { body };
  } catch (cause) {
    const failure =
      cause instanceof TimeoutError
        ? failed("modelo_tiempo_agotado", cause, { retryable: true })
        : classifyFailure(cause);
    return { failure };
  }
}
