// Two soft notes, made here: no file, and nothing plays unless the reader has chosen it.

const NOTES = [
  { hz: 660, at: 0 },
  { hz: 880, at: 0.14 },
];
const LONG_S = 0.28;
const LOUD = 0.12;

let context: AudioContext | null = null;

/** Browsers keep still until the reader has touched the page once; then so do we. */
export function playTone(): void {
  context ??= new AudioContext();
  void context.resume();
  for (const { hz, at } of NOTES) playNote(context, hz, context.currentTime + at);
}

function playNote(on: AudioContext, hz: number, at: number): void {
  const note = on.createOscillator();
  const volume = on.createGain();
  note.frequency.value = hz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LONG_S);
  note.connect(volume).connect(on.destination);
  note.start(at);
  note.stop(at + LONG_S);
}
