// GET /api/calls?limit=50: the newest page, and pages far down.

import { Feed } from '../feed.js';
import { writePages } from '../page-requests.js';
import { interleave } from '../rounds.js';
import { casesTable, roundLine } from '../report.js';

const PAGE = '/api/calls?limit=50';
const CONNECTIONS = [8, 16];
const LOADED = 16;
const DEEP_PAGES = 200;
const COLUMNS = [
  ...['rps', 'p50Ms', 'p99Ms', 'nginxUs', 'appUs', 'postgresUs'],
  ...['socketErrors', 'refused', 'foreign'],
];

const shown = (size) => size.toLocaleString('en');
const label = (who, size, page) => `${who}, ${page} of ${shown(size)}`;

async function writeAll(rig, feed, sizes) {
  const pages = {};
  for (const size of sizes) {
    const deep = await feed.cursors(size, DEEP_PAGES);
    pages[size] = {
      newest: writePages(rig, `newest-${size}`, [PAGE]),
      deep: writePages(
        rig,
        `deep-${size}`,
        deep.map((cursor) => `${PAGE}&after=${cursor}`),
      ),
    };
  }
  return pages;
}

function casesAt(rig, feed, pages, load) {
  const ports = { mainline: rig.stack.httpsPort, fastify: rig.peer.port };
  const cases = Object.keys(pages).flatMap((size) =>
    Object.entries(pages[size]).flatMap(([page, requests]) =>
      Object.entries(ports).map(([who, port]) => [
        label(who, Number(size), page),
        async () => {
          await feed.use(size);
          return rig.load(port, { ...load, requests, wrap: true });
        },
      ]),
    ),
  );
  return Object.fromEntries(cases);
}

function figuresOf({ medians }, [small, large]) {
  const of = (who, size) => medians[label(who, size, 'newest')];
  return [
    {
      name: `list of 50 of ${shown(large)} / Fastify`,
      value: of('mainline', large).rps / of('fastify', large).rps,
      target: 2.5,
      is: 'least',
    },
    {
      name: `its p99 at ${shown(large)} / at ${shown(small)}`,
      value: of('mainline', large).p99Ms / of('mainline', small).p99Ms,
      target: 1.3,
      is: 'most',
    },
  ];
}

export async function list(rig, { rounds, seconds, rows, say }) {
  const feed = new Feed(rig);
  say(`filling the feed with ${rows.map(shown).join(' and ')} calls`);
  await feed.fill(rows);
  const pages = await writeAll(rig, feed, rows);
  const results = {};
  for (const connections of CONNECTIONS) {
    const cases = casesAt(rig, feed, pages, { connections, seconds });
    say(`list, ${connections} connections`);
    const told = (...round) => say(roundLine(...round));
    results[connections] = await interleave(cases, rounds, told);
  }
  await feed.clear(rows);
  const tables = CONNECTIONS.map((connections) => ({
    title: `List of 50, ${connections} connections (nginx, app, pg: CPU in us a request)`,
    text: casesTable(results[connections].medians, COLUMNS),
  }));
  const medians = Object.values(results).map((each) => each.medians);
  return { tables, figures: figuresOf(results[LOADED], rows), medians, results };
}
