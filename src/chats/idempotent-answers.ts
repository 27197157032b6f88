import type { TaskAnswer } from "../tasks/task-answer.ts";
import type { AnswerStore } from "./answer-store.ts";

/** Gives every request with the same Idempotency-Key the same answer. */
export class IdempotentAnswers {
  readonly #store: Pick<AnswerStore, "body">;
  readonly #now: () => number;
  readonly #running = new Map<string, Promise<TaskAnswer>>();

  constructor(store: Pick<AnswerStore, "body">, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Replays the stored answer of the key, joins the request with the key that is running, or runs `answer`, which
   * stores its body itself. Without a key `answer` always runs. A failure is not stored.
   */
  async answerOnce(key: string | null, answer: () => Promise<TaskAnswer>): Promise<TaskAnswer> {
    if (key === null) return await answer();
    const body = this.#store.body(key, this.#now());
    if (body !== undefined) return toReplay(body);
    const running = this.#running.get(key);
    if (running) return toReplay((await running).body);

    const started = answer();
    this.#running.set(key, started);
    try {
      return await started;
    } finally {
      this.#running.delete(key);
    }
  }
}

function toReplay(body: string): TaskAnswer {
  return { body, cache: null, toCache: null };
}
