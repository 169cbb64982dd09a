// Bars from the left, each with its name and number: their words wrap, so they are no canvas.

import type { ComponentChildren } from 'preact';
import type { OutcomeCounts } from '../api/stats.ts';
import { callsOf, partsOf } from './findings.ts';

type Colour = 'ok' | 'voice' | 'miss' | 'grey' | 'acc';

export interface Bar {
  name: string;
  value: number;
  /** What is written behind it. */
  says: string;
  colour: Colour;
}

export function Bars({ bars, finding }: { bars: Bar[]; finding: string }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <div class="bars" role="img" aria-label={finding}>
      {bars.map(({ name, value, says, colour }) => (
        <Line key={name} name={name} says={says}>
          <Piece at={0} share={value / most} colour={colour} />
        </Line>
      ))}
    </div>
  );
}

export interface OutcomeBar {
  name: string;
  counts: OutcomeCounts;
  says: string;
}

/** Answered, voicemail and what was lost, side by side. */
export function OutcomeBars({ bars, finding }: { bars: OutcomeBar[]; finding: string }) {
  const most = Math.max(1, ...bars.map(({ counts }) => callsOf(counts)));
  return (
    <div class="bars" role="img" aria-label={finding}>
      {bars.map(({ name, counts, says }) => {
        const { answered, voicemail, lost } = partsOf(counts);
        return (
          <Line key={name} name={name} says={says}>
            <Piece at={0} share={answered / most} colour="ok" />
            <Piece at={answered / most} share={voicemail / most} colour="voice" />
            <Piece at={(answered + voicemail) / most} share={lost / most} colour="miss" />
          </Line>
        );
      })}
    </div>
  );
}

interface LineProps {
  name: string;
  says: string;
  children: ComponentChildren;
}

function Line({ name, says, children }: LineProps) {
  return (
    <>
      <span class="bar-name">{name}</span>
      <svg class="bar-line" aria-hidden="true">
        {children}
      </svg>
      <span class="bar-says">{says}</span>
    </>
  );
}

const HATCH = Array.from({ length: 140 }, (_, i) => `M${i * 6 - 22} 22l22-22`).join('');

/** What was lost is striped as well: colour does not speak alone. */
function Piece({ at, share, colour }: { at: number; share: number; colour: Colour }) {
  if (share === 0) return null;
  const box = { x: `${at * 100}%`, width: `${share * 100}%`, height: '22' };
  return (
    <>
      <rect class={`c-${colour} piece`} {...box} rx="3" />
      {colour === 'miss' && (
        <svg {...box} overflow="hidden">
          <path class="hatch-ln" d={HATCH} />
        </svg>
      )}
    </>
  );
}
