/** The readable answers of a model that was asked several times. `requested` counts the unreadable answers too. */
export type Votes<Vote> = { votes: Vote[]; requested: number };

/**
 * Reads one vote from each answer. An unreadable answer agrees with no other.
 * @throws what `read` throws when no answer can be read
 */
export function readVotes<Vote>(
  answers: readonly [string, ...string[]],
  read: (answer: string) => Vote,
): Votes<Vote> {
  const votes = answers.flatMap((answer) => {
    try {
      return [read(answer)];
    } catch (error) {
      if (answers.length === 1) throw error;
      return [];
    }
  });
  return { votes: votes.length > 0 ? votes : [read(answers[0])], requested: answers.length };
}

/** Each choice with its number of votes, most votes first. Of choices with equal votes, the one seen first. */
export function rankChoices<Choice>(choices: readonly Choice[]): [Choice, number][] {
  const counts = new Map<Choice, number>();
  for (const choice of choices) counts.set(choice, (counts.get(choice) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a);
}

/** The share of the votes that agree, with two decimals; null when only one was requested. */
export function agreementOf(count: number, requested: number): number | null {
  return requested < 2 ? null : Math.round((count / requested) * 100) / 100;
}
