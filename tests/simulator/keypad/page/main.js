// The page: a person at the keypad, the simulator at the other end of the line.

import { Line, status } from './line.js';
import { ask, isThere, Microphone, refusalWords } from './microphone.js';
import { Keys } from './phone.js';
import { Preview } from './preview.js';
import { canSpeak, Speaker } from './sounds.js';
import { after, IDLE, isGoing } from './state.js';
import { at, Colleagues, icon, make, StateLine, Transcript } from './view.js';
import { clock, lineOf, shownNumber, stateWords } from './words.js';

const TICK_MS = 250;

let state = IDLE;
let line = null;
let microphone = null;
/** Where the call began on this page's clock. */
let startedAt = 0;
/** The numbers of the legs that ring colleagues. */
let numbers = {};

const transcript = new Transcript(at('talk'));
const stateLine = new StateLine();
const preview = new Preview();
const speaker = new Speaker();
const keys = new Keys(at('keys'), press);
const colleagues = new Colleagues((leg, deed) => attempt(() => line.let(leg, deed)));

// ---- what the person does

async function place() {
  const from = at('from').value.replace(/[\s().-]/g, '') || 'anonymous';
  trouble('');
  set({ ...IDLE, phase: 'placing' });
  try {
    if (wishes() === 'microphone') microphone = await Microphone.open().catch(cannotRecord);
    transcript.clear();
    numbers = {};
    line = await Line.call(from, { happened, lost });
    startedAt = performance.now();
    at('as').textContent = `calling as ${shownNumber(from)}`;
    preview.begin(line.sid, from);
  } catch (error) {
    release();
    set(IDLE);
    trouble(error.message);
    if (error.code === 'bad_number') {
      at('from').setAttribute('aria-invalid', 'true');
      at('from').focus();
    }
  }
}

function press(key) {
  if (!isGoing(state)) return;
  keys.down(key);
  speaker.silence();
  if (state.phase === 'recording') microphone?.end();
  attempt(() => line.press(key));
}

function hangUp() {
  microphone?.end();
  attempt(() => line.hangUp());
}

/** What comes too late for the call is told by what happens, and is no trouble. */
async function attempt(deed) {
  try {
    await deed();
  } catch (error) {
    if (error.code !== 'out_of_turn' && error.code !== 'no_such_call') trouble(error.message);
  }
}

// ---- what happens

function happened(what) {
  if (what.leg !== undefined && what.number !== undefined) numbers[what.leg] = what.number;
  set(after(state, what));
  const said = lineOf(what, numbers);
  if (said !== null) transcript.add(what.s, said, state.names);
  if (what.kind === 'name') transcript.name(what.number, what.name);
  if (what.leg === undefined) heard(what);
}

/** What the caller's own ear and mouth have to do with it. */
function heard(what) {
  if (what.kind === 'say') speaker.say(what);
  if (what.kind === 'tone') answerTone();
  if (what.kind === 'recorded') microphone?.end();
  if (what.kind === 'ended') {
    speaker.silence();
    release();
  }
}

function answerTone() {
  if (microphone !== null) microphone.begin((pcm) => attempt(() => line.sound(pcm)));
  else if (wishes() === 'sample') attempt(() => line.playSample());
}

function lost() {
  if (state.phase === 'over') return;
  release();
  set({ ...state, phase: 'lost', colleagues: [] });
}

function release() {
  microphone?.close();
  microphone = null;
}

// ---- the microphone

const wishes = () => document.querySelector('input[name=message]:checked').value;

function cannotRecord(error) {
  document.querySelector('input[name=message][value=sample]').checked = true;
  at('microphone-hint').textContent = refusalWords(error);
  return null;
}

/** Before a call the browser is asked once; in a call the new wish holds at once. */
async function wishChanged() {
  at('microphone-hint').textContent = '';
  if (wishes() !== 'microphone') release();
  else if (!isGoing(state)) await ask().catch(cannotRecord);
  else microphone ??= await Microphone.open().catch(cannotRecord);
  if (state.phase === 'recording') answerTone();
}

// ---- what is shown

function set(next) {
  state = next;
  const words = stateWords(state);
  const going = isGoing(state);
  const begins = going && !document.body.classList.contains('is-going');
  document.body.classList.toggle('is-going', going);
  if (begins) window.scrollTo(0, 0);
  stateLine.show(words);
  colleagues.show(state);
  preview.now(words, !going);
  keys.usable = going;
  at('from-form').hidden = going || state.phase === 'placing';
  at('as').hidden = !going;
  const dial = at('dial');
  dial.className = going ? 'dial hang' : 'dial';
  dial.setAttribute('aria-disabled', String(state.phase === 'placing'));
  dial.replaceChildren(icon(going ? 'hang' : 'phone'), make('span', '', dialWord(going)));
  if (!going) stateLine.progress(null);
  tick();
}

function dialWord(going) {
  if (going) return 'Hang up';
  return state.phase === 'over' || state.phase === 'lost' ? 'Call again' : 'Call';
}

function tick() {
  if (!isGoing(state)) return;
  const seconds = (performance.now() - startedAt) / 1000;
  at('clock').textContent = clock(seconds);
  const [rings] = state.phase === 'ringing' ? state.colleagues : [];
  stateLine.progress(
    rings === undefined ? null : { seconds: seconds - rings.since, of: rings.ringS, label: 'Rang' },
  );
}

function trouble(words) {
  at('trouble').replaceChildren(...(words === '' ? [] : [icon('alert', true), words]));
}

// ---- the page begins

at('from-form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (isGoing(state)) hangUp();
  else if (state.phase !== 'placing') place();
});
at('from').addEventListener('input', () => at('from').removeAttribute('aria-invalid'));
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !at('typed').checked) return;
  if (event.target.matches('input[type=tel]') || !keys.has(event.key) || event.repeat) return;
  event.preventDefault();
  press(event.key);
});
at('speak').addEventListener('change', () => (speaker.on = at('speak').checked));
at('speak-choice').hidden = !canSpeak();
document
  .querySelectorAll('input[name=message]')
  .forEach((input) => input.addEventListener('change', wishChanged));
if (!isThere()) document.querySelector('input[value=microphone]').disabled = true;
window.addEventListener('pagehide', () => {
  if (isGoing(state)) line?.leave();
});
setInterval(tick, TICK_MS);
set(IDLE);
status().then((known) => {
  if (known === null)
    trouble('The simulated phone network does not answer. Try again in a moment.');
  at('line').textContent = known?.line ? shownNumber(known.line) : '';
});
