import OpenAI from "openai";
import type { Spending } from "../errors.ts";
import {
  getForm,
  rememberForm,
  toRequest,
  lessStrictForm,
  type AnswerForm,
} from "./answer-form.ts";
import { Bill } from "./bill.ts";
import {
  classifyFailure,
  toFailure,
  isFormRefusal,
  refusesSamples,
  refusesThisSchema,
  toModelProblem,
  type Failure,
} from "./failures.ts";
import type { LlmConfig } from "./llm.config.ts";
import type { Answer, Prompt } from "./prompt.ts";
import { readCompletion } from "./read-completion.ts";
import { modelRetryDelayMs } from "./retry.ts";
import { TimeoutError, withTimeout } from "../lib/with-timeout.ts";

/** The questions of one task. They share one deadline and one bill. */
export type ModelCall = {
  /** @throws {AppError} `modelo_*`, `contenido_filtrado` or `texto_demasiado_largo`, with everything spent so far */
  ask: (prompt: Prompt) => Promise<Answer>;
  /** The model of the latest answer, as the provider names it. */
  model: () => string;
  spent: () => Spending;
};

export type Llm = { call: (model: string) => ModelCall };

/** The clock, the randomness and the timer. Tests replace them. */
type LlmRuntime = {
  now: () => number;
  random: () => number;
  wait: (ms: number) => Promise<void>;
};

const REAL_RUNTIME: LlmRuntime = {
  now: Date.now,
  random: Math.random,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The provider may charge for an attempt that timed out, so such attempts have a lower limit than other retries. */
const MAX_TIMEOUT_RETRIES = 1;

/** Creates a client of an OpenAI-compatible provider. OPENAI_TOTAL_TIMEOUT bounds a call with its retries and waits. */
export function createLlm(config: LlmConfig, runtime: LlmRuntime = REAL_RUNTIME): Llm {
  const openai = new OpenAI({
    apiKey: config.OPENAI_API_KEY ?? null,
    baseURL: config.OPENAI_BASE_URL,
    // The SDK's own retries would ignore our deadline.
    maxRetries: 0,
    // Otherwise the SDK reads both from environment variables that are not settings of this service.
    organization: null,
    project: null,
    logLevel: "off",
  });

  return {
    call(model) {
      const provider = `${config.OPENAI_BASE_URL} ${model}`;
      const endMs = runtime.now() + config.OPENAI_TOTAL_TIMEOUT * 1_000;
      const bill = new Bill();
      let answeredBy = model;

      const attempt = async (prompt: Prompt, form: AnswerForm): Promise<Answer | Failure> => {
        bill.countAttempt();
        const timeoutMs = Math.min(config.OPENAI_TIMEOUT * 1_000, endMs - runtime.now());
        const body = await post(openai, { model, ...toRequest(prompt, form) }, timeoutMs);
        if ("failure" in body) return body.failure;
        const read = readCompletion(body.body, model);
        answeredBy = read.model;
        bill.add(read.usage);
        return "answer" in read ? read.answer : read.failure;
      };

      return {
        async ask(prompt) {
          let form = getForm(provider);
          let currentPrompt = prompt;
          let timeouts = 0;
          for (let failures = 1; ; failures += 1) {
            const result = await attempt(currentPrompt, form);
            if ("texts" in result) return result;

            if ((currentPrompt.samples ?? 1) > 1 && refusesSamples(result)) {
              currentPrompt = { ...currentPrompt, samples: 1 };
              failures -= 1;
              continue;
            }
            const weaker =
              prompt.schema && isFormRefusal(result) ? lessStrictForm(form) : undefined;
            if (weaker) {
              // The provider refused before doing any work, so this does not count as a failed attempt.
              if (!refusesThisSchema(result)) rememberForm(provider, weaker);
              form = weaker;
              failures -= 1;
              continue;
            }
            if (result.problem === "modelo_tiempo_agotado") timeouts += 1;
            const delayMs = modelRetryDelayMs(
              config,
              failures,
              result.retryAfterMs,
              runtime.random(),
            );
            const mayRetry =
              result.retryable &&
              failures <= config.OPENAI_MAX_RETRIES &&
              timeouts <= MAX_TIMEOUT_RETRIES;
            if (!mayRetry || runtime.now() + delayMs >= endMs)
              throw toModelProblem(result, bill.total());
            await runtime.wait(delayMs);
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
  remainingMs: number,
): Promise<{ body: unknown } | { failure: Failure }> {
  const timeoutMs = Math.max(1, remainingMs);
  try {
    // The SDK's timeout ends with the response headers; ours also covers the body.
    const body = await withTimeout(timeoutMs, (signal) =>
      // The SDK's timeout is longer, so that only ours ends an attempt.
      openai.chat.completions.create(request, { signal, timeout: timeoutMs + 1_000 }),
    );
    return { body };
  } catch (cause) {
    const failure =
      cause instanceof TimeoutError
        ? toFailure("modelo_tiempo_agotado", cause, { retryable: true })
        : classifyFailure(cause);
    return { failure };
  }
}
