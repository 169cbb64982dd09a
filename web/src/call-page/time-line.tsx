// What happened, drawn: a strip of what took how long, and under it everything in order.

import type { CallDetail } from '../api/types.ts';
import { Icon, type IconName } from '../components/icons.tsx';
import { clockDuration, shortDuration } from '../format/duration.ts';
import { grouped } from '../format/phone.ts';
import type { Locale } from '../format/locale.ts';
import { exactClock } from './clock.ts';
import { text } from '../text.ts';
import { stretches, timeline, type Entry, type Fate, type Phone } from './timeline.ts';
import { entryWords, fateWords } from './words.ts';

interface Props {
  detail: CallDetail;
  line: string;
  locale: Locale;
  now: number;
}

export function TimeLine({ detail, line, locale, now }: Props) {
  const entries = timeline(detail);
  const started = Date.parse(detail.started_at);
  return (
    <section class="block" aria-labelledby="h-line">
      <h2 id="h-line">{text.callPage.timeline.title}</h2>
      <Strip entries={entries} />
      <ol class="line">
        {entries.map((entry, i) => {
          const isOpen = detail.outcome === null && i === entries.length - 1;
          return (
            <li key={`${i} ${entry.kind}`} aria-current={isOpen ? 'step' : undefined}>
              <time dateTime={new Date(entry.at).toISOString()}>
                {clockDuration((entry.at - started) / 1000)}
              </time>
              <span class={`node${tint(entry)}`}>
                <Icon name={ICONS[entry.kind]} small />
              </span>
              <Told {...{ entry, line, locale }} openFor={isOpen ? now - entry.at : null} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

interface ToldProps {
  entry: Entry;
  line: string;
  locale: Locale;
  /** How long it lasts so far; null when it is over. */
  openFor: number | null;
}

function Told({ entry, line, locale, openFor }: ToldProps) {
  const { what, more } = entryWords(entry, line);
  const isEdge = entry.kind === 'came' || entry.kind === 'end';
  const seconds = entry.seconds ?? (openFor === null || isEdge ? null : openFor / 1000);
  const aside = isEdge
    ? exactClock(new Date(entry.at), locale)
    : seconds === null || seconds === 0
      ? null
      : shortDuration(seconds);
  return (
    <div>
      <p class="what">
        {what}
        {aside !== null && <span>{aside}</span>}
      </p>
      {more !== null && <p class="sub">{more}</p>}
      {entry.kind === 'ring' && entry.phones.length > 0 && (
        <ul class="legs">
          {entry.phones.map((phone, i) => (
            <PhoneRung key={i} phone={phone} />
          ))}
        </ul>
      )}
    </div>
  );
}

function PhoneRung({ phone }: { phone: Phone }) {
  const { word, when } = fateWords(phone);
  const look = LOOKS[phone.fate];
  const number = phone.number === null ? null : grouped(phone.number);
  return (
    <li class={`o-${look}`}>
      <span class="word">
        <Icon name={look} small />
        {word}
      </span>
      <span>{[phone.name, number, when].filter((part) => part !== null).join(', ')}</span>
    </li>
  );
}

const LOOKS: Record<Fate, 'answered' | 'missed' | 'abandoned' | 'failed' | 'live'> = {
  took: 'answered',
  not_taken: 'missed',
  no_answer: 'missed',
  busy: 'missed',
  failed: 'failed',
  stopped: 'abandoned',
  ringing: 'live',
};

const ICONS: Record<Entry['kind'], IconName> = {
  came: 'incoming',
  menu: 'headset',
  key: 'keypad',
  no_key: 'keypad',
  ring: 'bell',
  talk: 'phone',
  greeting: 'headset',
  message: 'voicemail',
  silence: 'missed',
  rejected: 'blocked',
  fallback: 'failed',
  end: 'stop',
};

function tint({ kind }: Entry): string {
  if (kind === 'message') return ' o-voicemail';
  if (kind === 'talk') return ' o-answered';
  return kind === 'fallback' ? ' o-failed' : '';
}

const STRIP_WIDTH = 670;
const GAP = 3;
/** So that a second is seen beside an hour. */
const LEAST = 6;

function Strip({ entries }: { entries: readonly Entry[] }) {
  const parts = stretches(entries);
  if (parts.length === 0) return null;
  const { strip, stretches: names } = text.callPage.timeline;
  const all = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const room = STRIP_WIDTH - (GAP + LEAST) * parts.length + GAP;
  let x = 0;
  const boxes = parts.map(({ kind, seconds }) => {
    const box = { kind, seconds, x, width: LEAST + (seconds / all) * room };
    x += box.width + GAP;
    return box;
  });
  const said = parts.map(({ kind, seconds }) => `${names[kind]} ${shortDuration(seconds)}`);
  return (
    <>
      <svg
        class="strip"
        viewBox={`0 0 ${STRIP_WIDTH} 10`}
        preserveAspectRatio="none"
        role="img"
        aria-label={strip(said.join(', '))}
      >
        {boxes.map((box, i) => (
          <rect key={i} class={`s-${box.kind}`} x={box.x} width={box.width} height="10" rx="3" />
        ))}
      </svg>
      <ul class="striplabels" aria-hidden="true">
        {parts.map(({ kind, seconds }, i) => (
          <li key={i}>
            <svg viewBox="0 0 10 10">
              <rect class={`s-${kind}`} width="10" height="10" rx="3" />
            </svg>
            <b>{names[kind]}</b> {shortDuration(seconds)}
          </li>
        ))}
      </ul>
    </>
  );
}
