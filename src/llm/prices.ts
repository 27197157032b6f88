/**
 * USD per million tokens, input and output, without discounts for cached input.
 * Source: OpenAI's public price list (openai.com/api/pricing), as known in 2025. Models that are missing have no known price.
 */
const PRICES = new Map([
  ["gpt-4o", { input: 2.5, output: 10 }],
  ["gpt-4o-mini", { input: 0.15, output: 0.6 }],
  ["gpt-4.1", { input: 2, output: 8 }],
  ["gpt-4.1-mini", { input: 0.4, output: 1.6 }],
  ["gpt-4.1-nano", { input: 0.1, output: 0.4 }],
]);

const SNAPSHOT = /-\d{4}-\d{2}-\d{2}$/;

/** Returns null when the price of the model is unknown. A dated snapshot has the price of its model. */
export function computeCostUsd(
  model: string,
  inputTokens: number,
  outputTokens: number,
): number | null {
  const price = PRICES.get(model.replace(SNAPSHOT, ""));
  if (!price) return null;
  return (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
}
