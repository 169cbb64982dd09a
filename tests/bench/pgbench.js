// The yardsticks in the database itself: pgbench with the program's own statement, and
// with the plain pair that anybody would write.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from './children.js';
import { columnParameters } from './one-event.js';
import { MIX } from './traffic.js';

/** What the journal sets for its connection (STMT_SESSION_JOURNAL), for who does its work. */
export const SESSION = '-c plan_cache_mode=force_generic_plan';

const LARGEST = '9223372036854775806';

/** Columns whose values are drawn anew, so that rows differ as calls do. */
const DRAWN = {
  call_sid: ':call',
  event_key: ':key',
  from_number: ':caller',
  course_rank: ':rank', // orders the words of a step
};

/** What every script begins with. A number is all that \set can draw. */
const CALL = [
  `\\set call random(1000000000000000000, ${LARGEST})`,
  '\\set caller random(15550000000, 15559999999)',
];
const EVENT = [
  `\\set key random(1000000000000000000, ${LARGEST})`,
  `\\set rank random(1, ${LARGEST})`,
];

/** pgbench sends NULL for a variable that nobody has set. */
const NULL_VARIABLE = ':unset';

/**
 * A story's events as a script, and the variables that hold their constant parameters.
 * @param {string} story
 * @param {import('./observed.js').Observed[]} events
 * @param {(variable: (n: number) => string, event: object) => string[]} commands
 */
function script(story, events, commands) {
  const variables = new Map();
  const lines = events.flatMap((event, at) => {
    const columns = columnParameters(event.sql);
    const drawn = new Map(Object.entries(DRAWN).map(([name, by]) => [columns.get(name), by]));
    const variable = (n) => {
      const value = event.values[n - 1];
      if (value === undefined) throw new Error(`no such parameter of:\n${event.sql}`);
      if (value === null) return NULL_VARIABLE;
      if (drawn.has(n)) return drawn.get(n);
      const name = `${story}_${at}_${n}`;
      variables.set(name, value);
      return `:${name}`;
    };
    return [...EVENT, ...commands(variable, event, columns)];
  });
  const text = [...CALL, ...lines, ''].join('\n');
  return { text, variables: [...variables], events: events.length };
}

/** The program's statement for one event, as it is but for the names of its parameters. */
export function statementScript(story, events) {
  return script(story, events, (variable, { sql }) => [
    `${sql.replace(/\$(\d+)/g, (_, n) => variable(Number(n)))};`,
  ]);
}

/** The plain pair: one round trip and one commit too, for a pipeline is one transaction. */
export function pairScript(story, events) {
  return script(story, events, (variable, _, columns) => {
    const list = (...names) => names.map((name) => variable(columns.get(name))).join(', ');
    const event = ['line', 'call_sid', 'event_key', 'kind', 'received_at', 'uri', 'body', 'twiml'];
    const times = ['received_at', 'received_at'];
    const told = ['leg_status', 'duration_callback_s', 'from_number', 'to_number', 'step'];
    const place = ['caller_city', 'caller_region', 'caller_country'];
    return [
      '\\startpipeline',
      `INSERT INTO plain.events (${event.join(', ')}) VALUES (${list(...event)});`,
      'INSERT INTO plain.calls AS c (line, sid, first_seen_at, updated_at,',
      ' status, duration_s, from_number, to_number, step, city, region, country)',
      ` VALUES (${list('line', 'call_sid', ...times, ...told, ...place)})`,
      ' ON CONFLICT (line, sid) DO UPDATE SET updated_at = EXCLUDED.updated_at,',
      ' status = coalesce(EXCLUDED.status, c.status),',
      ' duration_s = coalesce(EXCLUDED.duration_s, c.duration_s),',
      ' step = coalesce(EXCLUDED.step, c.step);',
      '\\endpipeline',
    ];
  });
}

/** The tables of the plain pair: as many columns as it has use for, and the same indexes. */
export const PLAIN_TABLES = `
  DROP SCHEMA IF EXISTS plain CASCADE;
  CREATE SCHEMA plain;
  CREATE TABLE plain.events (
    line text, call_sid text, event_key bytea, id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL, received_at timestamptz NOT NULL, uri text NOT NULL,
    body bytea NOT NULL, twiml text, PRIMARY KEY (line, call_sid, event_key));
  CREATE TABLE plain.calls (
    line text, sid text, first_seen_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    status text, duration_s integer, from_number text, to_number text, step text,
    city text, region text, country text,
    PRIMARY KEY (line, sid)) WITH (fillfactor = 70);
  CREATE INDEX ON plain.calls (first_seen_at DESC, sid DESC);
  CREATE INDEX ON plain.calls (sid);`;

/** Statements a second, and how long one takes, out of what pgbench printed. */
export function parsePgbench(out, eventsOf, clients) {
  const failed = Number(/number of failed transactions: (\d+)/.exec(out)?.[1] ?? 0);
  if (failed > 0 || /aborted/.test(out)) throw new Error(`pgbench failed:\n${out}`);
  const each = [
    ...out.matchAll(
      /SQL script \d+: .*\/([\w-]+)\.sql\n - weight.*\n - (\d+) transactions .*tps = ([\d.]+)/g,
    ),
  ];
  if (each.length === 0) throw new Error(`pgbench gave no result:\n${out}`);
  const rps = each.reduce((sum, [, story, , tps]) => sum + Number(tps) * eventsOf[story], 0);
  const answers = each.reduce((sum, [, story, count]) => sum + Number(count) * eventsOf[story], 0);
  return { rps, answers, meanMs: (1000 * clients) / rps };
}

export class Pgbench {
  #bin;
  #url;
  #folder;
  #scripts = {};

  constructor({ bin, url, folder }) {
    this.#bin = bin;
    this.#url = url;
    this.#folder = folder;
  }

  /** @param {string} name @param {Record<string, ReturnType<typeof script>>} scripts by story */
  add(name, scripts) {
    this.#scripts[name] = scripts;
    for (const [story, { text }] of Object.entries(scripts)) {
      writeFileSync(join(this.#folder, `${name}-${story}.sql`), text);
    }
  }

  async run(name, { clients, seconds }) {
    const scripts = this.#scripts[name];
    const files = Object.keys(scripts).flatMap((story) => [
      '-f',
      `${join(this.#folder, `${name}-${story}.sql`)}@${MIX[story]}`,
    ]);
    const variables = Object.values(scripts).flatMap(({ variables: list }) =>
      list.flatMap(([key, value]) => ['-D', `${key}=${value}`]),
    );
    const threads = Math.min(2, clients);
    const args = [
      ...['-n', '-M', 'prepared', '-c', String(clients), '-j', String(threads)],
      ...['-T', String(seconds), ...files, ...variables, this.#url],
    ];
    const env = { ...process.env, PGOPTIONS: SESSION };
    const out = await runToEnd(join(this.#bin, 'pgbench'), args, { env });
    const eventsOf = Object.fromEntries(
      Object.entries(scripts).map(([story, { events }]) => [`${name}-${story}`, events]),
    );
    return parsePgbench(out, eventsOf, clients);
  }
}
