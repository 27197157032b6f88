/** Returns the count with its noun: «1 frase», «2 frases». */
export function formatCount(count: number | bigint, singular: string, plural: string): string {
  return `${count} ${Number(count) === 1 ? singular : plural}`;
}
