// What script/bench is asked for.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const USUAL = ['webhooks', 'latency', 'outage', 'list', 'filters', 'live'];
const SUITES = [...USUAL, 'memory'];
/** For the memory of as many processes as its target is about. */
const MEMORY_ENV = { MAINLINE_WORKERS: '8', MAINLINE_API_WORKERS: '2' };

/** A file, so that script/bench can print it before anything is installed. */
export const USAGE = readFileSync(new URL('help.txt', import.meta.url), 'utf8');

export class UsageError extends Error {}

function whole(value, name) {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new UsageError(`--${name} must be a number from 1`);
  return Number(value);
}

function parsed(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        workers: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
}

/** @param {string[]} args those of the command line; throws a UsageError */
export function parseOptions(args) {
  const { values, positionals } = parsed(args);
  const unknown = positionals.filter((name) => !SUITES.includes(name));
  if (unknown.length > 0) throw new UsageError(`there is no suite ${unknown.join(', ')}`);
  const { quick, help, json } = values;
  const suites = positionals.length > 0 ? positionals : USUAL;
  const memory = suites.includes('memory') ? MEMORY_ENV : {};
  const workers = values.workers ? { MAINLINE_WORKERS: `${whole(values.workers, 'workers')}` } : {};
  return {
    help,
    json,
    quick,
    suites,
    env: { ...memory, ...workers },
    rounds: whole(values.rounds ?? (quick ? '2' : '5'), 'rounds'),
    seconds: whole(values.seconds ?? (quick ? '3' : '8'), 'seconds'),
    calls: quick ? 6_000 : 30_000,
    rows: quick ? [10_000, 100_000] : [10_000, 1_000_000],
    memoryRequests: quick ? 60_000 : 1_000_000,
  };
}
