// script/call: one simulated call against the local stack, for people.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PhoneNetwork } from '../network.js';
import { Keyboard } from './keyboard.js';
import { HELP, readOptions, storyList, UsageError } from './options.js';
import { recordOf } from './record.js';
import { outcomeLine, Screen } from './screen.js';
import { numberSettings, readOutcome, readStack, RecordAway, StackError } from './stack.js';

const EXIT = { fine: 0, failed: 1, usage: 2 };

function networkFor(stack, options, people, line) {
  // Kept only where script/server has made room for it: what serve.js shows of this account.
  const kept = join(stack.data, 'twilio');
  return new PhoneNetwork({
    accountSid: stack.accountSid,
    authToken: stack.authToken,
    connect: { host: stack.host, port: stack.port, ca: stack.ca },
    numbers: { [line]: numberSettings(stack, line) },
    people,
    seed: options.seed,
    speed: options.realTime ? 1 : undefined,
    disorder: options.disorder,
    saveTo: existsSync(kept) ? kept : undefined,
  });
}

async function placeCall(options, stack, screen) {
  const line = options.to ?? stack.line;
  const keyboard = new Keyboard(screen);
  const { casting } = options;
  // Whomever the flow in force forwards to: every number is answered by the same person.
  const people = casting?.people ?? { '*': keyboard.colleague };
  const network = networkFor(stack, options, people, line);
  const silent = options.json || options.quiet;
  if (!silent) {
    screen.print(`${options.from || '(no number)'} calls ${line}, seed ${network.seed}`);
    screen.watch(network);
  }
  const detach = casting === null ? keyboard.attach(process.stdin) : () => {};
  try {
    const { from } = options;
    const call = await network.call({
      from,
      to: line,
      caller: casting?.caller ?? keyboard.caller,
      failAt: casting?.failAt,
    });
    return { call, network };
  } finally {
    detach();
    await network.close();
  }
}

function report(screen, { problems }, call) {
  if (call.applicationError)
    screen.print('\nThe caller heard that an application error has occurred.');
  for (const { code, message, url } of problems)
    screen.print(`Problem ${code}: ${message}${url ? `\n  at ${url}` : ''}`);
}

async function run(options) {
  const screen = new Screen({
    write: (text) => process.stdout.write(text),
    colour: process.stdout.isTTY && !process.env.NO_COLOR,
  });
  const stack = await readStack();
  const { call, network } = await placeCall(options, stack, screen);
  const clean = network.problems.length === 0 && !call.applicationError;
  let away = false;
  const outcome = await readOutcome(stack, call.sid).catch((error) => {
    if (!(error instanceof StackError)) throw error;
    away = error instanceof RecordAway;
    process.stderr.write(`${away && clean ? 'The call went well. ' : ''}${error.message}\n`);
    return null;
  });
  if (options.json) screen.print(JSON.stringify(recordOf(call, network, options.story, outcome)));
  else {
    if (!options.quiet) screen.print();
    report(screen, network, call);
    if (outcome) screen.print(outcomeLine(outcome));
  }
  return clean && (outcome || away) ? EXIT.fine : EXIT.failed;
}

async function main(argv) {
  const options = readOptions(argv, Boolean(process.stdin.isTTY && process.stdout.isTTY));
  if (options.help) process.stdout.write(HELP);
  else if (options.listStories) process.stdout.write(`${storyList()}\n`);
  else return run(options);
  return EXIT.fine;
}

// Whoever read what is printed has gone (`script/call | head`): nothing is left to say.
process.stdout.on('error', ({ code }) => process.exit(code === 'EPIPE' ? EXIT.fine : EXIT.failed));

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error) => {
    const known = error instanceof StackError || error instanceof UsageError;
    process.stderr.write(known ? `${error.message}\n` : `${error.stack}\n`);
    if (error instanceof UsageError) process.stderr.write('Try script/call --help.\n');
    process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.failed;
  },
);
