// The command line of script/call.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PEOPLE } from '../people.js';
import { STORIES, storyNamed } from '../stories.js';

/** A file, because script/call prints it where there is no Node yet. */
export const HELP = readFileSync(new URL('help.txt', import.meta.url), 'utf8');

/** Wrong usage: said on stderr, and exit status 2. */
export class UsageError extends Error {}

/** @type {import('node:util').ParseArgsOptionsConfig} */
const DEFINITIONS = {
  press: { type: 'string' },
  message: { type: 'string' },
  'say-nothing': { type: 'boolean' },
  'hang-up-after': { type: 'string' },
  from: { type: 'string', default: '+15550123456' },
  to: { type: 'string' },
  person: { type: 'string' },
  story: { type: 'string' },
  'list-stories': { type: 'boolean' },
  'real-time': { type: 'boolean' },
  seed: { type: 'string' },
  duplicate: { type: 'string' },
  drop: { type: 'string' },
  reorder: { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/** What somebody does; with none of these the caller is whoever sits at the terminal. */
const BEHAVIOUR = ['press', 'message', 'say-nothing', 'hang-up-after', 'person'];

function parse(argv) {
  try {
    return parseArgs({ args: argv, options: DEFINITIONS, strict: true }).values;
  } catch (error) {
    throw new UsageError(error.message.replace(/\. To specify.*/s, '.'));
  }
}

function number(values, name, high = Infinity) {
  const text = values[name];
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) > high) {
    throw new UsageError(
      `--${name} takes ${high === 1 ? 'a number from 0 to 1' : 'a number of 0 or more'}, not "${text}"`,
    );
  }
  return Number(text);
}

/**
 * Steps of a caller, as people say it on the command line.  What is done at the tone is done
 * at whatever tone comes: keys are left over where the menu that they are for was never heard.
 * @returns {import('../caller.js').Step[]}
 */
function callerFrom({ press = '', message, sayNothing, hangUpAfter, speaks }) {
  const steps = [...press].map((key) => ({ press: key }));
  const hangsUp = hangUpAfter !== undefined;
  if (message !== undefined) {
    if (!hangsUp) return [...steps, { message, then: 'silence', overtakes: true }];
    if (hangUpAfter <= message)
      return [...steps, { message: hangUpAfter, then: 'hang-up', overtakes: true }];
    const silent = { message, then: 'silence', overtakes: true };
    return [...steps, silent, { hangUp: hangUpAfter - message }];
  }
  if (sayNothing) {
    const nothing = { message: 0, then: 'silence', overtakes: true };
    return [...steps, hangsUp ? { hangUp: hangUpAfter, while: 'tone', overtakes: true } : nothing];
  }
  if (hangsUp) return [...steps, ...hangingUp(hangUpAfter)];
  return speaks ? [...steps, A_MESSAGE] : steps;
}

/** Who presses keys and comes to a tone says something, unless silence was asked for. */
const A_MESSAGE = { message: 5, then: 'silence', optional: true, overtakes: true };

/** Wherever the keys have led: in a menu, while it rings, or after speaking so long at the tone. */
function hangingUp(seconds) {
  return [
    { hangUp: seconds, while: 'prompt', optional: true },
    { hangUp: seconds, while: 'ringing', optional: true },
    { hangUp: seconds, while: 'talking', optional: true },
    { message: seconds, then: 'hang-up', optional: true, overtakes: true },
  ];
}

function check(values) {
  if (values.press !== undefined && !/^[0-9*#]+$/.test(values.press)) {
    throw new UsageError(`--press takes keys of a telephone (0-9 * #), not "${values.press}"`);
  }
  if (values.person !== undefined && !PEOPLE.includes(values.person)) {
    throw new UsageError(`--person takes one of: ${PEOPLE.join(', ')}`);
  }
  if (values.to !== undefined && !/^\+[1-9]\d{6,14}$/.test(values.to)) {
    throw new UsageError(`--to takes a number in E.164, like +15550100001, not "${values.to}"`);
  }
  if (/^[0-9]/.test(values.from)) {
    throw new UsageError(`--from takes a number in E.164, like +15550123456, not "${values.from}"`);
  }
  if (values.message !== undefined && values['say-nothing']) {
    throw new UsageError('--message and --say-nothing exclude each other');
  }
  const besides = BEHAVIOUR.find((name) => values[name] !== undefined);
  if (values.story !== undefined && besides)
    throw new UsageError(`--story and --${besides} exclude each other`);
  if (values.story !== undefined && !storyNamed(values.story)) {
    throw new UsageError(
      `no story "${values.story}": ${STORIES.map(({ name }) => name).join(', ')}`,
    );
  }
}

/**
 * Who calls, and who answers.
 * @returns {Partial<import('../stories.js').Story>|null}
 */
function casting(values, isTerminal) {
  if (values.story !== undefined) return storyNamed(values.story);
  const free =
    BEHAVIOUR.every((name) => values[name] === undefined) && !values.json && !values.quiet;
  if (free && isTerminal) return null;
  // Without a wish, the call that most people think of; and a colleague is there to be rung.
  const press = free || values.person !== undefined ? (values.press ?? '1') : values.press;
  const caller = callerFrom({
    press,
    message: number(values, 'message'),
    sayNothing: values['say-nothing'],
    hangUpAfter: number(values, 'hang-up-after'),
    // Where it is the colleague that was chosen, what becomes of the call is to be seen.
    speaks: values.press !== undefined && values.person === undefined,
  });
  return { caller, people: { '*': { does: values.person ?? 'answers' } } };
}

/**
 * @param {string[]} argv
 * @param {boolean} isTerminal
 * @returns {Record<string, any>} `casting` is null when a person at the terminal plays both
 */
export function readOptions(argv, isTerminal) {
  const values = parse(argv);
  if (values.help || values['list-stories'])
    return { help: values.help, listStories: values['list-stories'] };
  check(values);
  const cast = casting(values, isTerminal);
  return {
    casting: cast,
    from: cast?.from ?? values.from,
    to: values.to,
    story: values.story ?? null,
    realTime: values['real-time'] || cast === null,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
    seed: values.seed === undefined ? undefined : Math.trunc(number(values, 'seed')),
    disorder: {
      duplicate: number(values, 'duplicate', 1) ?? 0,
      drop: number(values, 'drop', 1) ?? 0,
      reorder: values.reorder ?? false,
    },
  };
}

export function storyList() {
  const widest = Math.max(...STORIES.map(({ name }) => name.length));
  return STORIES.map(({ name, title }) => `${name.padEnd(widest)}  ${title}`).join('\n');
}
