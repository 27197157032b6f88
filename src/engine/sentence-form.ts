export function withSingleSpaces(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

export function endsInStop(text: string): boolean {
  return /[.!?…。！？｡।॥؟۔][)\]}"'»”’›」』）*_]*$/u.test(text.slice(-10));
}

const MAX_HEADING_WORDS = 8;

export function isHeading(text: string): boolean {
  return !endsInStop(text) && text.split(/\s+/u, MAX_HEADING_WORDS + 1).length <= MAX_HEADING_WORDS;
}
