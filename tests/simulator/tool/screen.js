// A call on a terminal of 80 columns, as it happens.

import { valueOf } from '../wire/form.js';

const WIDTH = 80;
const MARGIN = 9;
/** Parameters worth a look, where they are sent. */
const TELLING = [
  'Digits',
  'DialCallStatus',
  'DialBridged',
  'RecordingStatus',
  'RecordingDuration',
  'CallDuration',
  'ErrorCode',
];

/** Text in lines of a width, words whole where they fit. */
export function wrap(text, width) {
  const lines = [''];
  for (const word of text
    .split(/\s+/)
    .flatMap((each) => each.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [])) {
    const last = lines.at(-1);
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

export class Screen {
  #write;
  #colour;
  #start = null;

  /** @param {{write: (text: string) => void, colour?: boolean}} options */
  constructor({ write, colour = false }) {
    this.#write = write;
    this.#colour = colour;
  }

  /** Show everything that a network does. */
  watch(network) {
    network.on('moment', ({ call, leg, moment }) => {
      this.#start ??= call.leg.createdAt;
      const text = leg === call.leg ? callerMoment(moment) : colleagueMoment(moment, leg);
      if (text !== null) this.#line(moment.at, text);
    });
    network.on('answer', ({ call, request }) => {
      this.#start ??= call.leg.createdAt;
      this.#request(request);
    });
  }

  print(text = '') {
    this.#write(`${text}\n`);
  }

  /** What can be pressed now. */
  hint(text) {
    this.print(this.#dim(`${' '.repeat(MARGIN)}[${text}]`));
  }

  #line(at, text) {
    const [first, ...more] = wrap(text, WIDTH - MARGIN);
    this.print(this.#time(at) + first);
    more.forEach((line) => this.print(' '.repeat(MARGIN) + line));
  }

  #time(at) {
    return `${((at - this.#start) / 1000).toFixed(1).padStart(MARGIN - 2)}  `;
  }

  #request(request) {
    const answer = request.response
      ? `${request.response.status} ${`${Math.round(request.response.ms)} ms`.padStart(7)}`
      : `failed: ${request.error.code}`;
    const room = WIDTH - MARGIN - answer.length - 1;
    const [about, ...more] = wrap(`${request.method} ${describe(request)}`, room);
    this.print(this.#dim(`${this.#time(request.at)}${about.padEnd(room)} ${answer}`));
    more.forEach((line) => this.print(this.#dim(' '.repeat(MARGIN + 2) + line)));
    if (request.error)
      this.print(this.#dim(`${' '.repeat(MARGIN)}${request.error.message}`.slice(0, WIDTH)));
  }

  #dim(text) {
    return this.#colour ? `\u001b[2m${text}\u001b[0m` : text;
  }
}

function describe(request) {
  const path = request.url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\?.*/s, '');
  const isProgress = ['status', 'leg'].includes(request.kind);
  const names = isProgress ? ['CallStatus', ...TELLING] : TELLING;
  const told = names
    .filter((name) => valueOf(request.params, name))
    .map((name) => `${name}=${valueOf(request.params, name)}`);
  const notes = [
    request.attempt > 0 && 'again',
    request.duplicate && 'duplicate',
    request.lost && 'answer lost',
  ].filter(Boolean);
  return [path, ...told, ...notes.map((note) => `(${note})`)].join(' ');
}

function callerMoment(moment) {
  const { kind, text, key, ignored, url, digits } = moment;
  return (
    {
      say: () => `Caller hears: "${text}"`,
      play: () => `Caller hears: ${digits ? `keys ${digits}` : url}`,
      pause: () => null,
      ringing: () => `Caller hears: ringing (${moment.number})`,
      talking: () => `Caller talks with ${moment.with}`,
      tone: () => 'Caller hears: the tone',
      recorded: () =>
        `Recorded ${Math.round(moment.seconds)} s, ${Math.round(moment.spoken)} s of them speech`,
      key: () => `Caller presses ${key}${ignored ? ' (nobody is listening)' : ''}`,
      'application-error': () => `Caller hears: "${text}" (error ${moment.code})`,
      ended: () => `The call ends: ${moment.status}`,
    }[kind]?.() ?? null
  );
}

function colleagueMoment({ kind, text, key, status }, leg) {
  return (
    {
      ringing: () => `The phone of ${leg.to} rings`,
      answered: () => `${leg.to} picks up`,
      say: () => `${leg.to} hears: "${text}"`,
      key: () => `${leg.to} presses ${key}`,
      ended: () => (leg.answeredAt === null ? `${leg.to}: ${status}` : `${leg.to} is off the line`),
    }[kind]?.() ?? null
  );
}

/** The outcome in one line. */
export function outcomeLine({ status, outcome, reason, duration_s: seconds }) {
  const lasted = seconds === null || seconds === undefined ? '' : `, ${seconds} s`;
  return `Outcome: ${outcome} (${reason}), status ${status}${lasted}`;
}
