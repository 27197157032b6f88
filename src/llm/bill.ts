import type { Spending } from "../errors.ts";

export type Usage = {
  inputTokens: number;
  outputTokens: number;
  /** Null when the model's price is not known. */
  costUsd: number | null;
};

/** What the questions of one call cost together. */
export class Bill {
  #attempts = 0;
  #usage: Usage | null = null;
  #isWhole = true;

  countAttempt(): void {
    this.#attempts += 1;
  }

  /** Null when the provider did not say: then nobody knows what it all costs. */
  add(usage: Usage | null): void {
    if (!usage) {
      this.#isWhole = false;
      return;
    }
    const { inputTokens, outputTokens, costUsd } = this.#usage ?? NOTHING;
    this.#usage = {
      inputTokens: inputTokens + usage.inputTokens,
      outputTokens: outputTokens + usage.outputTokens,
      costUsd: costUsd === null || usage.costUsd === null ? null : costUsd + usage.costUsd,
    };
  }

  total(): Spending {
    const usage = this.#usage && { ...this.#usage };
    if (usage && !this.#isWhole) usage.costUsd = null;
    return { attempts: this.#attempts, usage };
  }
}

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
