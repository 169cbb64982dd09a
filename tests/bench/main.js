// script/bench: measure, and print what was measured beside what is to be reached.

import { writeFileSync } from 'node:fs';
import { describeMachine, machineText } from './machine.js';
import { UsageError, USAGE, parseOptions } from './options.js';
import { doubts, figuresTable } from './report.js';
import { Rig } from './rig.js';
import { checkSameWork } from './same-work.js';
import { filters } from './suites/filters.js';
import { latency } from './suites/latency.js';
import { list } from './suites/list.js';
import { live } from './suites/live.js';
import { memory } from './suites/memory.js';
import { outage } from './suites/outage.js';
import { webhooks } from './suites/webhooks.js';

const SUITES = { webhooks, latency, outage, list, filters, live, memory };

/** Progress goes to stderr, what was measured to stdout. */
const say = (text) => process.stderr.write(`${text}\n`);
const print = (text) => process.stdout.write(`${text}\n`);

async function measure(rig, options) {
  const machine = await describeMachine(rig);
  say('checking that the peer does the same work');
  await checkSameWork(rig);
  print(machineText(machine));
  const suites = {};
  for (const name of options.suites) {
    suites[name] = await SUITES[name](rig, { ...options, say });
    for (const { title, text } of suites[name].tables) print(`\n${title}\n${text}`);
  }
  const figures = Object.values(suites).flatMap((suite) => suite.figures);
  print(`\nFigures to reach\n${figuresTable(figures)}`);
  print(doubts(Object.values(suites).flatMap((suite) => suite.medians)));
  if (options.json) {
    const results = Object.entries(suites).map(([name, suite]) => [name, suite.results]);
    const all = { machine, options, figures, results: Object.fromEntries(results) };
    writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
  }
}

/** A signal ends all that was started, and then us. */
function closeOnSignals(rig) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, async () => {
      say(`${signal}: stopping`);
      await rig.close();
      process.exit(1);
    });
  }
}

async function main() {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    print(USAGE);
    return;
  }
  const rig = new Rig();
  closeOnSignals(rig);
  try {
    await rig.start({ calls: options.calls, env: options.env, say });
    await measure(rig, options);
  } catch (error) {
    if (!rig.isClosed) throw error; // else a signal ended what we waited for
  } finally {
    await rig.close();
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`script/bench: ${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
