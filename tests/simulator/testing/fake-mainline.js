// A small server with the usual menu, for the simulator to be tried against: 1
// rings a colleague who must accept, 2 takes a message.

import { startServer, twiml } from './fake-server.js';

export const LINE = '+15550100001';
export const COLLEAGUE = '+15550100777';
const STATE = 'line=%2B15550100001';

/** A URL as it stands in TwiML. */
function url(step, asked, n) {
  const call = asked.query.get('call') ?? asked.value('CallSid');
  return `/twilio/${step}?${STATE}&amp;call=${call}&amp;v=7&amp;step=${step}&amp;n=${n}`;
}

function menu(asked, n = 1) {
  return twiml(
    `<Gather numDigits="1" timeout="6" finishOnKey="" action="${url('menu', asked, n)}">` +
      '<Say>Thank you for calling. Press 1 to talk to us. Press 2 to leave a message.</Say></Gather>' +
      `<Redirect>${url('voice', asked, n + 1)}</Redirect>`,
  );
}

function forward(asked) {
  return twiml(
    `<Dial action="${url('dial', asked, 3)}" answerOnBridge="true" timeout="25">` +
      `<Number url="${url('screen', asked, 3)}" statusCallback="${url('leg', asked, 3)}"` +
      ` statusCallbackEvent="initiated ringing answered completed">${COLLEAGUE}</Number></Dial>`,
  );
}

function voicemail(asked) {
  return twiml(
    '<Say>Please leave a message after the tone.</Say>' +
      `<Record action="${url('voicemail', asked, 4)}" maxLength="180" timeout="5"` +
      ` recordingStatusCallback="${url('recording', asked, 4)}"` +
      ' recordingStatusCallbackEvent="in-progress completed absent"/>' +
      '<Say>We did not hear anything. Goodbye.</Say>',
  );
}

/** Routes of the server, to be changed by a test before it starts one. */
export function routes() {
  return {
    '/twilio/voice': (asked) =>
      Number(asked.query.get('n') ?? 0) < 3
        ? menu(asked, Number(asked.query.get('n') ?? 0) + 1)
        : voicemail(asked),
    '/twilio/menu': (asked) =>
      (({ 1: forward, 2: voicemail })[asked.value('Digits')] ?? menu)(asked),
    '/twilio/screen': (asked) =>
      twiml(
        `<Gather numDigits="1" timeout="8" finishOnKey="" action="${url('screen-key', asked, 3)}">` +
          '<Say>Call for the main number. Press any key to take it.</Say></Gather><Hangup/>',
      ),
    '/twilio/screen-key': twiml(''),
    '/twilio/dial': (asked) =>
      asked.value('DialBridged') === 'true' ? twiml('') : voicemail(asked),
    '/twilio/voicemail': twiml('<Say>Thank you. Goodbye.</Say><Hangup/>'),
    '/twilio/fallback': voicemail,
    '/twilio/leg': 204,
    '/twilio/recording': 204,
    '/twilio/transcription': 204,
    '/twilio/status': 204,
  };
}

/** @param {object} [changes] to the routes */
export async function startMainline(changes = {}, options = {}) {
  const server = await startServer({ ...routes(), ...changes }, options);
  const path = (step) => `${server.origin}/twilio/${step}?${STATE}`;
  const settings = {
    voiceUrl: path('voice'),
    voiceFallbackUrl: path('fallback'),
    statusCallback: path('status'),
  };
  return { ...server, numbers: { [LINE]: settings } };
}
