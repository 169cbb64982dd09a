// A picture of columns, whose library comes when it is needed.

import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../text.ts';
import type { Column } from './findings.ts';
import { partsOf } from './findings.ts';
import { outcomeSentence } from './words.ts';

interface Props {
  columns: Column[];
  label: (column: Column) => string;
  /** Of a column by itself: "10 to 11". */
  name: (column: Column) => string;
  finding: string;
  number: (n: number) => string;
}

export function Columns({ columns, label, name, finding, number }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let erase: (() => void) | null = null;
    let isOver = false;
    const parts = columns.map(({ counts }) => partsOf(counts));
    import('./column-chart.ts').then(
      ({ drawColumns }) => {
        if (isOver) return;
        const labels = columns.map(label);
        erase = drawColumns(element, { parts, labels, onPoint: setPointed, number });
      },
      // Its numbers are in the table.
      () => undefined,
    );
    return () => {
      isOver = true;
      erase?.();
    };
  }, [columns, label, number]);
  const column = pointed === null ? undefined : columns[pointed];
  return (
    <>
      <Legend />
      <div class="columns" role="img" aria-label={finding} ref={place} />
      <p class="sub pointed" aria-hidden="true">
        {column === undefined ? ' ' : `${name(column)}: ${outcomeSentence(column.counts)}`}
      </p>
    </>
  );
}

function Legend() {
  const words = text.figures.outcomes;
  return (
    <ul class="legend">
      <li>
        <Swatch of="ok" />
        {words.answered}
      </li>
      <li>
        <Swatch of="voice" />
        {words.voicemail}
      </li>
      <li>
        <Swatch of="hatch" />
        {words.lost}
      </li>
    </ul>
  );
}

function Swatch({ of }: { of: 'ok' | 'voice' | 'hatch' }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true">
      <rect class={of === 'hatch' ? 'c-miss' : `c-${of}`} width="12" height="12" rx="3" />
      {of === 'hatch' && <path class="hatch-ln" d="M0 6 6 0M0 12 12 0M6 12l6-6" />}
    </svg>
  );
}
