// Interleaved rounds: each case once a round, beginning with another one each time, so
// that what disturbs the machine meets all alike.

import { summary } from './stats.js';

/**
 * @param {Record<string, () => Promise<object>>} cases
 * @param {number} rounds
 * @param {(name: string, round: number, result: object) => void} told after each
 * @returns {Promise<{rounds: object[], medians: Record<string, object>}>}
 */
export async function interleave(cases, rounds, told) {
  const names = Object.keys(cases);
  const taken = [];
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < names.length; i += 1) {
      const name = names[(round + i) % names.length];
      const result = await cases[name]();
      taken.push({ case: name, round: round + 1, ...result });
      told(name, round + 1, result);
    }
  }
  const medians = names.map((name) => {
    const own = taken.filter((each) => each.case === name);
    return [name, summary(own.map(({ case: _, round: __, ...numbers }) => numbers))];
  });
  return { rounds: taken, medians: Object.fromEntries(medians) };
}
