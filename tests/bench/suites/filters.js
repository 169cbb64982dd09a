// GET /api/calls with each filter and search of the feed page, and GET /api/stats, by one
// reader: what somebody waits for who clicks.

import { CALLER, Feed, NAME } from '../feed.js';
import { writePages } from '../page-requests.js';
import { casesTable, roundLine } from '../report.js';
import { interleave } from '../rounds.js';

const PAGE = '/api/calls?limit=50';
const SAMPLES = 200;
const DAY_MS = 86_400_000;
const COLUMNS = ['rps', 'p50Ms', 'p99Ms', 'appUs', 'postgresUs', 'socketErrors', 'refused'];
const LIMIT_MS = 50;
const STATS_MS = 200;

const day = (ago) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
const each = (list, path) => list.map((value) => `${PAGE}&${path(encodeURIComponent(value))}`);

/** What is asked for, by its name: several requests of a kind. */
async function cases(rig, feed, rows) {
  const drawn = await rig.superuser.query(
    `SELECT ${CALLER('i')} AS number, ${NAME('i * 5')} AS name
      FROM generate_series(1, ${SAMPLES}) g, LATERAL (SELECT abs(hashint4(g) % 1000000) AS i) s`,
  );
  const numbers = drawn.rows.map(({ number }) => number);
  const names = drawn.rows.map(({ name }) => name);
  const ends = Array.from({ length: 100 }, (_, i) => Math.floor((i * rows) / 3_000_000));
  const after = (await feed.cursors(rows, SAMPLES, 'outcome=missed')).map(
    (cursor) => `${PAGE}&after=${cursor}`,
  );
  return {
    'an outcome': [`${PAGE}&outcome=missed`],
    'an outcome, far down': after,
    'two outcomes': [`${PAGE}&outcome=missed,abandoned`],
    'an outcome without a call': [`${PAGE}&outcome=blocked`],
    'calls that go on': [`${PAGE}&status=ringing,in-progress`],
    'a line': [`${PAGE}&line=%2B15550100003`],
    'a line and an outcome': [`${PAGE}&line=%2B15550100003&outcome=missed`],
    'three days': ends.map((end) => `${PAGE}&since=${day(end + 3)}&until=${day(end)}`),
    'three days and an outcome': ends.map(
      (end) => `${PAGE}&since=${day(end + 3)}&until=${day(end)}&outcome=missed`,
    ),
    'with a message': [`${PAGE}&has_voicemail=true`],
    'not heard': [`${PAGE}&has_voicemail=true&heard=false`],
    'not heard, of a line': [`${PAGE}&has_voicemail=true&heard=false&line=%2B15550100003`],
    'to be done': [`${PAGE}&to_do=true`],
    'to be done, of a line': [`${PAGE}&to_do=true&line=%2B15550100003`],
    'search: a number': each(numbers, (q) => `q=${q}`),
    'search: its last six digits': each(numbers, (q) => `q=${q.slice(-6)}`),
    'search: four digits of it': each(numbers, (q) => `q=${q.slice(-5, -1)}`),
    'search: a name': each(names, (q) => `q=${q}`),
    'search: a first name': each(names, (q) => `q=${q.split('%20')[0]}`),
    'search: three letters': each(names, (q) => `q=${q.slice(-3)}`),
    'search: two letters': each(names, (q) => `q=${q.slice(-2)}`),
    'search: nobody': [`${PAGE}&q=nobody`],
    'search: a number, an outcome': each(numbers, (q) => `q=${q}&outcome=missed`),
    'search: a name, of a line': each(names, (q) => `q=${q}&line=%2B15550100003`),
  };
}

export async function filters(rig, { rounds, seconds, rows, say }) {
  const feed = new Feed(rig);
  const [small, large] = rows;
  say(`filling the feed with ${rows.map((n) => n.toLocaleString('en')).join(' and ')} calls`);
  await feed.fill(rows);
  const pages = await cases(rig, feed, large);
  const load = { connections: 1, seconds: Math.min(seconds, 3), wrap: true };
  const at = (size, name, paths) => {
    const requests = writePages(rig, `filter-${name.replaceAll(/\W/g, '-')}-${size}`, paths);
    return async () => {
      await feed.use(size);
      return rig.load(rig.stack.httpsPort, { ...load, requests });
    };
  };
  const newest = (size) => `newest of ${size.toLocaleString('en')}`;
  const stats = '/api/stats?tz=Europe/Paris';
  const all = {
    [newest(small)]: at(small, 'newest', [PAGE]),
    [newest(large)]: at(large, 'newest', [PAGE]),
    ...Object.fromEntries(
      Object.entries(pages).map(([name, paths]) => [name, at(large, name, paths)]),
    ),
    'figures of 30 days': at(large, 'stats', [stats]),
  };
  const told = (...round) => say(roundLine(...round));
  const results = await interleave(all, rounds, told);
  await feed.clear(rows);
  const { medians } = results;
  const figures = [
    {
      name: `newest page, p50 at ${large.toLocaleString('en')} / ${small.toLocaleString('en')}`,
      value: medians[newest(large)].p50Ms / medians[newest(small)].p50Ms,
      target: 1.3,
      is: 'most',
    },
    ...Object.keys(pages).map((name) => ({
      name: `${name}, p99 ms`,
      value: medians[name].p99Ms,
      target: LIMIT_MS,
      is: 'most',
    })),
    {
      name: 'figures of 30 days, p50 ms',
      value: medians['figures of 30 days'].p50Ms,
      target: STATS_MS,
      is: 'most',
    },
  ];
  const title = `Filters and searches of ${large.toLocaleString('en')} calls, 1 connection`;
  const tables = [{ title, text: casesTable(medians, COLUMNS) }];
  return { tables, figures, medians: [medians], results };
}
