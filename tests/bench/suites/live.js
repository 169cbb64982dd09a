// A thousand open pages: what they cost the webhooks, and how soon they see a change.

import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { inbound, post } from '../../e2e/support/webhook.js';
import { OPEN_S, Watcher, openPages } from '../pages.js';
import { watchCpu } from '../processes.js';
import { casesTable, roundLine, table } from '../report.js';
import { interleave } from '../rounds.js';
import { MIX } from '../traffic.js';

const PAGES = 1000;
const CONNECTIONS = 32;
const CALLS_PER_S = 10;
const WATCHERS = 10;
const PROBE_EVERY_MS = 250;
const SOON_MS = 1000;
const LAST_LOOK_MS = 3000;
const WARM_UP_S = 2;
const COST = 0.05;
const COLUMNS = [
  ...['rps', 'p50Ms', 'p99Ms', 'nginxUs', 'appUs', 'journalUs', 'postgresUs'],
  ...['batch', 'socketErrors', 'refused', 'unaccounted', 'spooled', 'foreign'],
];
const NOBODY = 'nobody looks';
const OPEN = `${PAGES} pages are open`;

const whole = (value) => Math.round(value).toLocaleString('en');
const asMs = (value) => (Number.isFinite(value) ? whole(value) : 'never');

/** Something happens while they are open; what they asked, and what they cost. */
async function whileOpen(rig, seconds, happens) {
  const pages = openPages(rig, { pages: PAGES, seconds: seconds + OPEN_S + 2 });
  await wait(OPEN_S * 1000);
  const { serve, nginx, postgres } = rig.groups;
  const live = { ...serve, name: 'ml-live' };
  const stop = watchCpu({ client: { root: pages.pid }, nginx, live, serve, postgres });
  const result = await happens();
  const { cpuS, seconds: tookS } = stop();
  const asked = await pages.closed;
  return { result, asked, cpuS, tookS };
}

/** CPU microseconds for each second of a page. */
const perPage = (cpuS, tookS) => (cpuS * 1e6) / tookS / PAGES;

function costOfNothing(rig, seconds) {
  return whileOpen(rig, seconds, () => wait(seconds * 1000));
}

/**
 * The same while more changes than any page can follow, as under the load of the cases,
 * but without that load: what the pages cost alone.
 */
function costOfFlood(rig, seconds) {
  const until = (end) =>
    rig.superuser
      .query(
        "INSERT INTO changes (line, call_sid) SELECT '', 'CA' || n FROM generate_series(1, 250) n",
      )
      .then(() => wait(250))
      .then(() => (performance.now() < end ? until(end) : undefined));
  return whileOpen(rig, seconds, () => until(performance.now() + seconds * 1000));
}

/** The share that the pages' own client took, which elsewhere would be a thousand machines'. */
const clientShare = ({ cpuS, tookS }) => cpuS.client / tookS / os.cpus().length;

/** The share of this machine's CPU that nginx, the program and its database spent. */
const serverShare = ({ cpuS, tookS }) =>
  (cpuS.nginx + cpuS.serve + cpuS.postgres) / tookS / os.cpus().length;

async function cases(rig, seconds, open) {
  const load = { connections: CONNECTIONS, seconds };
  return {
    [NOBODY]: () => rig.recordedLoad(rig.stack.httpsPort, load),
    [OPEN]: async () => {
      await rig.emptyTables();
      const { result, ...rest } = await whileOpen(rig, seconds, () =>
        rig.recordedLoad(rig.stack.httpsPort, load),
      );
      open.push(rest);
      return result;
    },
  };
}

/** Calls of our own among the others, each with the moment of its answer. */
async function probe(rig, seconds) {
  const path = `/twilio/voice?line=${encodeURIComponent(rig.stack.line)}`;
  const answered = new Map();
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const params = inbound(rig.stack);
    await post(rig.stack, path, params);
    answered.set(params.CallSid, performance.now());
    await wait(PROBE_EVERY_MS);
  }
  return answered;
}

const percentile = (values, p) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];

/** How long a page waits for a change, all others open and so many calls a second. */
async function latency(rig, seconds) {
  const turn = rig.patterns.map(({ story, requests }) => MIX[story] * requests.length);
  const rate = (CALLS_PER_S * turn.reduce((sum, n) => sum + n, 0)) / 10;
  const watchers = Array.from({ length: WATCHERS }, () => new Watcher(rig.stack));
  const { result, asked, cpuS, tookS } = await whileOpen(rig, seconds + 3, async () => {
    const load = rig.load(rig.stack.httpsPort, { connections: 16, seconds: seconds + 2, rate });
    await wait(1000);
    const answered = await probe(rig, seconds);
    await load;
    return answered;
  });
  await wait(LAST_LOOK_MS);
  await Promise.all(watchers.map((watcher) => watcher.close()));
  const ms = [...result].flatMap(([sid, at]) =>
    watchers.map((watcher) => (watcher.seen.get(sid) ?? Infinity) - at),
  );
  const gaps = watchers.reduce((sum, watcher) => sum + watcher.gaps, 0);
  return {
    rate,
    samples: ms.length,
    p50Ms: percentile(ms, 0.5),
    p99Ms: percentile(ms, 0.99),
    mostMs: Math.max(...ms),
    gaps,
    asked,
    cpuS,
    tookS,
  };
}

function pagesTable(rows) {
  const titles = ['', 'polls/s', 'files/s', 'feeds/s', 'MiB/s', 'broken', 'nginx', 'live', 'wrk'];
  return table(
    titles,
    rows.map(([name, { asked, cpuS, tookS, nginxUs }]) => [
      name,
      whole(asked.polls),
      whole(asked.reads),
      whole(asked.feeds),
      (asked.kib / 1024).toFixed(1),
      whole(asked.broken),
      nginxUs === undefined ? '-' : whole(nginxUs),
      whole(perPage(cpuS.live, tookS)),
      whole(perPage(cpuS.client, tookS)),
    ]),
  );
}

export async function live(rig, { rounds, seconds, say }) {
  await rig.recordedLoad(rig.stack.httpsPort, { connections: CONNECTIONS, seconds: WARM_UP_S });
  const open = [];
  say(`live, ${PAGES} pages`);
  const told = (...round) => say(roundLine(...round));
  const results = await interleave(await cases(rig, seconds, open), rounds, told);
  say('live, nothing happens');
  const idle = await costOfNothing(rig, seconds);
  say('live, more changes than a page can follow');
  const flood = await costOfFlood(rig, seconds);
  say(`live, ${CALLS_PER_S} calls a second`);
  await rig.emptyTables();
  const soon = await latency(rig, Math.max(10, 2 * seconds));
  const { medians } = results;
  const kept = medians[OPEN].rps / medians[NOBODY].rps;
  const clients = percentile(open.map(clientShare), 0.5);
  const nginxUs = ({ cpuS, tookS }) => perPage(cpuS.nginx, tookS);
  const rows = [
    ['nothing happens', { ...idle, nginxUs: nginxUs(idle) }],
    ['too many changes to follow', { ...flood, nginxUs: nginxUs(flood) }],
    [`${CALLS_PER_S} calls a second`, soon],
    [`webhooks at ${CONNECTIONS} connections`, open.at(-1)],
  ];
  return {
    tables: [
      {
        title: `Webhooks, ${CONNECTIONS} connections (nginx, app, journal, pg: CPU in us a request)`,
        text: casesTable(medians, COLUMNS),
      },
      {
        title: `${PAGES} pages (nginx, live, wrk: CPU in us for each second of a page)`,
        text: pagesTable(rows),
      },
      {
        title: `From a webhook's answer until a page sees it, ${CALLS_PER_S} calls (${whole(soon.rate)} webhooks) a second`,
        text: table(
          ['samples', 'p50 ms', 'p99 ms', 'most ms', 'read anew'],
          [
            [
              whole(soon.samples),
              asMs(soon.p50Ms),
              asMs(soon.p99Ms),
              asMs(soon.mostMs),
              whole(soon.gaps),
            ],
          ],
        ),
      },
    ],
    figures: [
      {
        name: `${PAGES} pages that cannot follow: CPU of nginx, program and database, share of all`,
        value: serverShare(flood),
        target: COST,
        is: 'most',
      },
      {
        name: `webhooks with ${PAGES} pages open / with none, their client on the same cores`,
        value: kept,
        target: 1 - COST,
        is: 'least',
      },
      {
        name: `the same, had their client (${(100 * clients).toFixed(1)} % of all CPU) run elsewhere`,
        value: kept / (1 - clients),
        target: 1 - COST,
        is: 'least',
      },
      { name: 'a change is on a page, p99 ms', value: soon.p99Ms, target: SOON_MS, is: 'most' },
    ],
    medians: [medians],
    results: { ...results, open, idle, flood, latency: soon },
  };
}
