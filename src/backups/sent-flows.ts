import type { Part } from "./manifest.ts";

/** Flows that n8n sent in one request, and of which sending they are: the numbers from 1 to `of` make it whole. */
export type SentFlows = { part: Part; sending: string; number: number; of: number };

/**
 * The parts of the newest sending that is whole, began before a backup and has something that came since another;
 * null when there is none. A request that came twice counts once, as it came last.
 */
export function newestWhole(
  sent: readonly SentFlows[],
  { since, before }: { since: string; before: string },
): Part[] | null {
  const sendings = new Map<string, Map<number, Part>>();
  for (const { part, sending, number, of } of sent.toSorted(byAge)) {
    if (part.nombre >= before) continue;
    const name = `${sending}/${of}`;
    const numbers = sendings.get(name) ?? new Map<number, Part>();
    // Taken out and put in again: the sending that got something last stands last.
    sendings.delete(name);
    sendings.set(name, numbers.set(number, part));
  }
  const whole = [...sendings].findLast(([name, { size }]) => name.endsWith(`/${size}`));
  if (!whole) return null;
  const parts = [...whole[1]].toSorted(([a], [b]) => a - b).map(([, part]) => part);
  return parts.some(({ nombre }) => nombre >= since) ? parts : null;
}

/** A part's name begins with the moment that it came. */
function byAge(a: SentFlows, b: SentFlows): number {
  return a.part.nombre < b.part.nombre ? -1 : 1;
}
