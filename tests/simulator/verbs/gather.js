// <Gather>: keys, while or after prompts are heard.
// https://www.twilio.com/docs/voice/twiml/gather

import { problem } from '../twiml/errors.js';
import { flag, followAction, seconds, words } from './attributes.js';
import { promptText, speakPrompts } from './speech.js';

const TIMEOUT_S = 5;

export async function gather(context, verb, document) {
  const { leg, call } = context;
  leg.answer();
  if (!words(verb, 'input', 'dtmf').includes('dtmf')) {
    call.report({ ...problem(0, 'Gather input="speech"'), url: document.url });
  }
  leg.tell('gather', { text: promptText(verb.children), heard: false });
  const { digits, finishedOn } = await collect(context, verb, document);
  leg.tell('gather-end', { digits, heard: false });

  if (digits === '' && !flag(verb, 'actionOnEmptyResult')) return undefined;
  return followAction(context, verb, document, 'gather', {
    msg: 'Gather End',
    Digits: digits,
    FinishedOnKey: finishedOn,
  });
}

/** The keys pressed; the one that finished them is told apart and not among them. */
async function collect(context, verb, document) {
  const { leg, clock } = context;
  const numDigits = seconds(verb, 'numDigits', Infinity);
  const timeout = seconds(verb, 'timeout', TIMEOUT_S);
  const finishOnKey = verb.attributes.finishOnKey ?? '#';
  const keys = leg.listen();
  let digits = '';
  try {
    await leg.firstOf((signal) => [
      keys.pressed(signal),
      speakPrompts(context, verb.children, document, signal),
    ]);
    // Without a key so far, the timeout begins where the prompts end.
    let key = keys.take() ?? (await within(timeout));
    while (key !== undefined) {
      if (finishOnKey !== '' && finishOnKey === key) return { digits, finishedOn: key };
      digits += key;
      if (digits.length >= numDigits) break;
      key = await within(timeout);
    }
    return { digits, finishedOn: '' };
  } finally {
    keys.close();
  }

  async function within(limit) {
    await leg.firstOf((signal) => [keys.pressed(signal), clock.sleep(limit, signal)]);
    return keys.take();
  }
}
