// What people read: tables, and figures beside what they are to reach.

import { DISTURBED } from './stats.js';

const number = (digits) => (value) =>
  value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
const whole = number(0);
const percent = (value) => `${Math.round(value * 100)} %`;

/** @typedef {{title: string, name: string, show: (value: number) => string}} Column */

/** @type {Record<string, Column>} */
const KNOWN = {
  rps: { title: 'req/s', show: whole },
  p50Ms: { title: 'p50 ms', show: number(2) },
  p99Ms: { title: 'p99 ms', show: number(2) },
  nginxUs: { title: 'nginx', show: whole },
  appUs: { title: 'app', show: whole },
  journalUs: { title: 'journal', show: whole },
  postgresUs: { title: 'pg', show: whole },
  socketErrors: { title: 'broken', show: whole },
  refused: { title: 'not 2xx', show: whole },
  unaccounted: { title: 'lost', show: whole },
  spooled: { title: 'spooled', show: whole },
  batch: { title: 'a commit', show: number(1) },
  emptyS: { title: 'emptied', show: number(1) },
  emptyRps: { title: '/s', show: whole },
  busy: { title: 'busy', show: number(1) },
  foreign: { title: 'foreign', show: percent },
};
const ABSENT = '-';

/**
 * Rows under their titles, numbers to the right.
 * @param {string[]} titles
 * @param {string[][]} rows
 */
export function table(titles, rows) {
  const all = [titles, ...rows];
  const widths = titles.map((_, at) => Math.max(...all.map((row) => row[at].length)));
  const line = (row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}

/** @param {Record<string, Record<string, number>>} medians by case @param {string[]} names of columns */
export function casesTable(medians, names) {
  const rows = Object.entries(medians).map(([name, medium]) => [
    name,
    ...names.map((each) =>
      Number.isFinite(medium[each]) ? KNOWN[each].show(medium[each]) : ABSENT,
    ),
    `${medium.quiet}/${medium.rounds}`,
  ]);
  return table(['', ...names.map((each) => KNOWN[each].title), 'quiet'], rows);
}

/** One round, as it is taken. */
export function roundLine(name, round, result) {
  const disturbed = result.foreign > DISTURBED ? ', disturbed' : '';
  const p99 = result.p99Ms === undefined ? '' : `, p99 ${number(2)(result.p99Ms)} ms`;
  return `  ${round} ${name}: ${whole(result.rps)}/s${p99}, foreign CPU ${percent(result.foreign)}${disturbed}`;
}

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {number} value
 * @property {number} target
 * @property {'least'|'most'} is what the target is
 */

/** Is it as it should be? @param {Figure} figure */
export function isReached({ value, target, is }) {
  return is === 'least' ? value >= target : value <= target;
}

/**
 * What is to be said of medians that no quiet round stands behind.
 * @param {Record<string, object>[]} medians by case
 */
export function doubts(medians) {
  const all = medians.flatMap((cases) => Object.values(cases));
  const disturbed = all.filter(({ quiet }) => quiet === 0).length;
  if (disturbed === 0) return '';
  return `${disturbed} of ${all.length} cases had no quiet round: measure again when nothing else runs.`;
}

/** @param {Figure[]} figures */
export function figuresTable(figures) {
  const digits = (value) => (Number.isInteger(value) ? whole(value) : number(2)(value));
  const rows = figures.map((figure) => [
    figure.name,
    digits(figure.value),
    `${figure.is === 'least' ? '>=' : '<='} ${digits(figure.target)}`,
    isReached(figure) ? 'reached' : 'short',
  ]);
  return table(['', 'measured', 'to reach', ''], rows);
}
