// <Say>, <Play> and <Pause>, alone or inside <Gather>.

import { resolveUrl } from '../wire/url.js';
import { seconds } from './attributes.js';

/** About how fast a voice reads. */
const CHARACTERS_PER_SECOND = 15;
const SHORTEST_S = 0.5;
/** For audio whose length cannot be read. */
const UNKNOWN_AUDIO_S = 5;
/** loop="0" means for ever, which Twilio ends here. */
const MOST_LOOPS = 1000;

/** Empty or too long a text is not spoken. */
const UNSPEAKABLE = [13520, 13521];

function loops(verb) {
  return seconds(verb, 'loop', 1) || MOST_LOOPS;
}

/** Be heard for a while; what cuts it short is noted with it. */
async function sound(context, signal, kind, detail, lasts) {
  const { leg, clock, prompting } = context;
  const moment = leg.tell(kind, { ...detail, ...(prompting && { prompt: true }) });
  try {
    await clock.sleep(lasts, signal);
  } catch (error) {
    moment.cut = true;
    throw error;
  }
}

export async function say(context, verb, _document, signal = context.leg.signal) {
  context.leg.answer();
  const { voice, language } = verb.attributes;
  if (verb.faults.some(([code]) => UNSPEAKABLE.includes(code))) return;
  const tenths = Math.ceil((10 * verb.text.length) / CHARACTERS_PER_SECOND);
  const once = Math.max(SHORTEST_S, tenths / 10);
  await sound(context, signal, 'say', { text: verb.text, voice, language }, once * loops(verb));
}

export async function play(context, verb, document, signal = context.leg.signal) {
  context.leg.answer();
  const { digits } = verb.attributes;
  if (digits !== undefined) {
    await sound(context, signal, 'play', { digits }, digits.length / 2);
    return;
  }
  const url = resolveUrl(verb.text, document.url);
  const audio = await context.call.fetchAudio(context.leg, url, document.url);
  await sound(
    context,
    signal,
    'play',
    { url },
    (audio ? lengthOf(audio) : UNKNOWN_AUDIO_S) * loops(verb),
  );
}

export async function pause(context, verb, _document, signal = context.leg.signal) {
  // As the first verb it delays the answer; so it does not answer by itself.
  await sound(context, signal, 'pause', {}, seconds(verb, 'length', 1));
}

/** Seconds of a WAV file, from its header. */
function lengthOf(audio) {
  const isWav = audio.length > 44 && audio.toString('latin1', 0, 4) === 'RIFF';
  if (!isWav) return UNKNOWN_AUDIO_S;
  const data = audio.indexOf('data');
  return audio.readUInt32LE(data + 4) / audio.readUInt32LE(28);
}

/**
 * The prompts inside a Gather, which a key cuts short.
 * @param {AbortSignal} signal
 */
export async function speakPrompts(context, prompts, document, signal) {
  const verbs = { Say: say, Play: play, Pause: pause };
  for (const prompt of prompts) {
    await verbs[prompt.name]?.({ ...context, prompting: true }, prompt, document, signal);
  }
}

/** What a caller may hear of these prompts, for who decides by it which key to press. */
export function promptText(prompts) {
  return prompts
    .filter((prompt) => prompt.name === 'Say')
    .map((prompt) => prompt.text)
    .join(' ');
}
