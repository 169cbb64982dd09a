// The SQL that the program sends, and its parameters, as PostgreSQL sees them: what
// the yardsticks run is read from there, so that it cannot drift from the program.

import { readFileSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const SETTLE_MS = 300; // until every backend has read its new settings, and written its lines

/**
 * @typedef {object} Observed
 * @property {string} name of the prepared statement
 * @property {string} sql
 * @property {(string|null)[]} values $1 first
 */

/** The parameters of a DETAIL line: $1 = 'it''s', $2 = NULL. */
export function parseParameters(text) {
  const values = [];
  for (const [, , quoted, word] of text.matchAll(/\$(\d+) = (?:'((?:[^']|'')*)'|(NULL))/g)) {
    values.push(word === undefined ? quoted.replaceAll("''", "'") : null);
  }
  return values;
}

/** Every execution of a named prepared statement in PostgreSQL's log. @returns {Observed[]} */
export function parseLog(text) {
  const found = [];
  const line = /LOG: {2}execute (\w+): (.*)\n(?:.*DETAIL: {2}parameters: (.*(?:\n\t.*)*)\n)?/g;
  for (const [, name, sql, parameters] of text.matchAll(line)) {
    found.push({ name, sql, values: parseParameters(parameters ?? '') });
  }
  return found;
}

/**
 * What the database is asked while `act` runs.
 * @param {(sql: string) => Promise<unknown>} superuser
 * @param {string} log PostgreSQL's log file
 * @param {() => Promise<unknown>} act
 * @returns {Promise<Observed[]>}
 */
export async function observe(superuser, log, act) {
  const settings = { log_statement: 'all', log_error_verbosity: 'default' };
  for (const [name, value] of Object.entries(settings)) {
    await superuser(`ALTER SYSTEM SET ${name} = '${value}'`);
  }
  await superuser('SELECT pg_reload_conf()');
  await wait(SETTLE_MS);
  const { size } = statSync(log);
  await act();
  await wait(SETTLE_MS);
  for (const name of Object.keys(settings)) await superuser(`ALTER SYSTEM RESET ${name}`);
  await superuser('SELECT pg_reload_conf()');
  await wait(SETTLE_MS);
  return parseLog(readFileSync(log).subarray(size).toString());
}
