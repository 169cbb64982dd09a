// What script/bench is asked for.

import { parseArgs } from 'node:util';

/** Name -> what it measures. */
export const SUITES = {
  webhooks: 'whole calls to a durable commit, at 1, 8, 32 and 256 connections',
  latency: 'the same at 500 requests a second',
  outage: 'the same while PostgreSQL is away, and how soon the spool is empty again',
  list: 'the newest 50 calls and a page far down, of 10,000 and of 1,000,000',
  filters: 'each filter and search of the feed, of 1,000,000, by one reader',
  live: 'a thousand open pages: what they cost, and how soon they see a change',
  memory: 'PSS over 1,000,000 requests (some minutes; only when named)',
};
const USUAL = ['webhooks', 'latency', 'outage', 'list', 'filters', 'live'];
/** For the memory of as many processes as its target is about. */
const MEMORY_ENV = { MAINLINE_WORKERS: '8', MAINLINE_API_WORKERS: '2' };

export const USAGE = `usage: script/bench [--rounds N] [--seconds S] [--workers N] [--quick] [--json FILE]
                    [SUITE ...]

Starts a stack of its own, and beside it on the same tables a Fastify server that does
the same work; gives both the same signed requests in turn, and prints medians, with the
figures to reach.  tests/bench/README.md says how to read them.  Nothing is asserted.

${Object.entries(SUITES)
  .map(([name, what]) => `  ${name.padEnd(12)}${what}`)
  .join('\n')}

  --rounds N   how often each case is measured (5)
  --seconds S  how long each time (8)
  --workers N  hook workers (as many as by default)
  --quick      2 rounds of 3 s, fewer calls, rows and requests: to see whether it works
  --json FILE  also writes every round and every figure to FILE
`;

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
  const unknown = positionals.filter((name) => !(name in SUITES));
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
