import type { Spending } from "../errors.ts";

export type TokenUsage = {
  inputTokens: number;
  outputTokens: number;
  /** Null when the price of the model is unknown. */
  costUsd: number | null;
};

/** Adds up the attempts, tokens and cost of one model call. */
export class Bill {
  #attempts = 0;
  #usage: TokenUsage | null = null;
  #isComplete = true;

  countAttempt(): void {
    this.#attempts += 1;
  }

  /** Null: the provider reported no usage, so the total cost becomes unknown. */
  add(usage: TokenUsage | null): void {
    if (!usage) {
      this.#isComplete = false;
      return;
    }
    const { inputTokens, outputTokens, costUsd } = this.#usage ?? NO_USAGE;
    this.#usage = {
      inputTokens: inputTokens + usage.inputTokens,
      outputTokens: outputTokens + usage.outputTokens,
      costUsd: costUsd === null || usage.costUsd === null ? null : costUsd + usage.costUsd,
    };
  }

  total(): Spending {
    const usage = this.#usage && { ...this.#usage };
    if (usage && !this.#isComplete) usage.costUsd = null;
    return { attempts: this.#attempts, usage };
  }
}

const NO_USAGE: TokenUsage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
