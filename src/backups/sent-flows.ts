import type { BackupPart } from "./manifest.ts";

/** Flows that n8n sent in one request. A sending is complete with the requests 1 to `of`. */
export type SentFlows = { part: BackupPart; sending: string; number: number; of: number };

/**
 * Returns the parts of the newest complete sending that arrived before the backup `before` and includes a request that
 * arrived after the backup `since`; null when there is none. Of a repeated request only the last one counts.
 */
export function newestCompleteSending(
  sent: readonly SentFlows[],
  { since, before }: { since: string; before: string },
): BackupPart[] | null {
  const sendings = new Map<string, Map<number, BackupPart>>();
  for (const { part, sending, number, of } of sent.toSorted(byAge)) {
    if (part.name >= before) continue;
    const key = `${sending}/${of}`;
    const numbers = sendings.get(key) ?? new Map<number, BackupPart>();
    // Re-insert, so that the sending with the latest request is the last of the map.
    sendings.delete(key);
    sendings.set(key, numbers.set(number, part));
  }
  const complete = [...sendings].findLast(([key, { size }]) => key.endsWith(`/${size}`));
  if (!complete) return null;
  const parts = [...complete[1]].toSorted(([a], [b]) => a - b).map(([, part]) => part);
  return parts.some(({ name }) => name >= since) ? parts : null;
}

/** The name of a part starts with its arrival time. */
function byAge(a: SentFlows, b: SentFlows): number {
  return a.part.name < b.part.name ? -1 : 1;
}
