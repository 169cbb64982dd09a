// Rounds and what is taken from them.

/** Above this share of foreign CPU a round counts as disturbed. */
export const DISTURBED = 0.12;

export function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * One row of several rounds of a case: for each number the median over the quiet
 * rounds, or over all where none was quiet; errors are added up.
 * @param {Record<string, number>[]} rounds
 */
export function summary(rounds) {
  const quiet = rounds.filter(({ foreign }) => foreign <= DISTURBED);
  const taken = quiet.length > 0 ? quiet : rounds;
  const sums = ['socketErrors', 'refused', 'unaccounted', 'unrecorded'];
  const names = [...new Set(rounds.flatMap((round) => Object.keys(round)))];
  const numbers = names.map((name) => [
    name,
    sums.includes(name)
      ? rounds.reduce((sum, round) => sum + (round[name] ?? 0), 0)
      : median(taken.map((round) => round[name])),
  ]);
  return { ...Object.fromEntries(numbers), rounds: rounds.length, quiet: quiet.length };
}
