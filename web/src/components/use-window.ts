// Which part of a long list is near the view, and how high its rows really are.

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Metrics } from '../feed/layout.ts';

/** Drawn beyond the view on either side, so that fast scrolling shows rows and no gaps. */
const MARGIN_PX = 800;
/** What is drawn before the place of the list is known. */
const FIRST_PX = 480;
/** The range moves in steps: most scroll events then change nothing. */
const STEP_PX = 240;
const GROW_MS = 30;

const FIRST_METRICS: Metrics = { row: 60, head: 37 };

export type Range = readonly [number, number];

export interface ListWindow {
  range: Range;
  metrics: Metrics;
  /** Of the open row: how much higher than another one it is. */
  extra: number;
}

/** `openSid` is the row that is open, if any. */
export function useWindow(
  list: { current: HTMLElement | null },
  openSid: string | null,
): ListWindow {
  const [range, setRange] = useState<Range>([0, FIRST_PX]);
  const [metrics, setMetrics] = useState(FIRST_METRICS);
  const [extra, setExtra] = useState(0);
  const frame = useRef(0);
  const margin = useRef(0);

  const look = useCallback(() => {
    if (list.current === null) return;
    const { top } = list.current.getBoundingClientRect();
    const from = stepped(-top - margin.current);
    const to = stepped(window.innerHeight - top + margin.current) + STEP_PX;
    setRange((old) => (old[0] === from && old[1] === to ? old : [from, to]));
  }, [list]);

  useLayoutEffect(() => {
    const soon = (): void => {
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(look);
    };
    look();
    window.addEventListener('scroll', soon, { passive: true });
    window.addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame.current);
      window.removeEventListener('scroll', soon);
      window.removeEventListener('resize', soon);
    };
  }, [look]);

  // First what is in view; what is beyond it bit by bit, so that the page answers meanwhile.
  useEffect(() => {
    const grow = (): void => {
      margin.current += STEP_PX;
      look();
      if (margin.current < MARGIN_PX) timer = setTimeout(grow, GROW_MS);
    };
    let timer = setTimeout(grow, GROW_MS);
    return () => clearTimeout(timer);
  }, [look]);

  // After every drawing: fonts, zoom and width decide how high a row is.
  useLayoutEffect(() => {
    look();
    const measured = measure(list.current);
    setMetrics((old) => (isSame(old, measured) ? old : { ...old, ...measured }));
  });

  useLayoutEffect(() => {
    const row = openSid === null ? null : openRow(list.current);
    if (row === null) return setExtra(0);
    const tell = (): void => setExtra(Math.round(outerHeight(row)) - metrics.row);
    const observer = new ResizeObserver(tell);
    observer.observe(row);
    tell();
    return () => observer.disconnect();
  }, [openSid, metrics.row, list]);

  return { range, metrics, extra: openSid === null ? 0 : extra };
}

function stepped(px: number): number {
  return Math.floor(px / STEP_PX) * STEP_PX;
}

function measure(list: HTMLElement | null): Partial<Metrics> {
  const row = list?.querySelector('.rows > li:not(.is-open)')?.getBoundingClientRect().height;
  const head = list?.querySelector('.day')?.getBoundingClientRect().height;
  return { ...(row && { row }), ...(head && { head }) };
}

function isSame(old: Metrics, now: Partial<Metrics>): boolean {
  const near = (a: number, b: number | undefined): boolean =>
    b === undefined || Math.abs(a - b) < 0.25;
  return near(old.row, now.row) && near(old.head, now.head);
}

function openRow(list: HTMLElement | null): HTMLElement | null {
  return list?.querySelector<HTMLElement>('.rows > li.is-open') ?? null;
}

function outerHeight(element: HTMLElement): number {
  const { marginTop, marginBottom } = getComputedStyle(element);
  const { height } = element.getBoundingClientRect();
  return height + Number.parseFloat(marginTop) + Number.parseFloat(marginBottom);
}
