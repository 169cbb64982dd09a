// Columns of three parts, drawn by uPlot.  Loaded when the figures are looked at.

import uPlot from 'uplot';
import type { Parts } from './findings.ts';

export interface ColumnChart {
  /** One a column, from the left. */
  parts: Parts[];
  /** What stands under each column. */
  labels: string[];
  /** Told which column the pointer is on; null when on none. */
  onPoint: (column: number | null) => void;
  /** Numbers as the reader writes them. */
  number: (n: number) => string;
}

const HEIGHT = 220;
const Y_AXIS_PX = 34;
/** Thinner columns have no room for wide gaps. */
const MANY_COLUMNS = 14;
/** What a letter of a label takes at most, and the room between two. */
const LETTER_PX = 7;
const APART_PX = 12;

/** Draws into `place`; the result takes the picture away again. */
export function drawColumns(place: HTMLElement, chart: ColumnChart): () => void {
  let plot = draw(place, chart);
  const again = (): void => {
    plot.destroy();
    plot = draw(place, chart);
  };
  const sizes = new ResizeObserver(() => {
    const width = place.clientWidth;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: HEIGHT });
  });
  sizes.observe(place);
  // Colours are drawn, so another scheme draws them anew.
  const scheme = window.matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', again);
  return () => {
    sizes.disconnect();
    scheme.removeEventListener('change', again);
    plot.destroy();
  };
}

function draw(place: HTMLElement, chart: ColumnChart): uPlot {
  const styles = getComputedStyle(place);
  const colour = (name: string): string => styles.getPropertyValue(name).trim();
  const { parts, labels } = chart;
  const top = parts.map(({ answered, voicemail, lost }) => answered + voicemail + lost);
  const middle = parts.map(({ answered, voicemail }) => answered + voicemail);
  const foot = parts.map(({ answered }) => answered);
  const surface = colour('--surface');
  const bars = uPlot.paths.bars?.({
    size: [parts.length > MANY_COLUMNS ? 0.75 : 0.62, 40],
    radius: [0.08, 0],
  });
  // Each stands before the one behind it, so that of that only its upper part is seen.
  const part = (fill: string | CanvasPattern): uPlot.Series => ({
    fill: () => fill as string,
    stroke: surface,
    width: parts.length > MANY_COLUMNS ? 1 : 1.5,
    points: { show: false },
    ...(bars === undefined ? {} : { paths: bars }),
  });
  const font = `12px ${colour('--font') || 'sans-serif'}`;
  const axis = { stroke: colour('--ink-3'), font, ticks: { show: false } };
  const options: uPlot.Options = {
    width: Math.max(place.clientWidth, 100),
    height: HEIGHT,
    padding: [10, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [-0.6, parts.length - 0.4] },
      y: { range: (_, __, most) => [0, niceTop(most)] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        gap: 6,
        grid: { show: false },
        splits: (plot) => labelled(labels, plot.width),
        values: (_, splits) => splits.map((i) => labels[i] ?? ''),
      },
      {
        ...axis,
        size: Y_AXIS_PX,
        gap: 8,
        grid: { stroke: colour('--chart-grid'), width: 1 },
        splits: (_, __, ___, most) => [0, most / 3, (most * 2) / 3, most],
        values: (_, splits) => splits.map((n) => chart.number(n)),
      },
    ],
    series: [
      {},
      part(hatched(colour('--chart-miss'), surface)),
      part(colour('--chart-voice')),
      part(colour('--chart-ok')),
    ],
    hooks: {
      setCursor: [(plot) => chart.onPoint(plot.cursor.idx ?? null)],
    },
  };
  return new uPlot(options, [parts.map((_, i) => i), top, middle, foot], place);
}

/** A whole number that three equal steps reach. */
export function niceTop(most: number): number {
  const step = Math.max(1, most / 3);
  const unit = 10 ** Math.floor(Math.log10(step));
  const nice = [1, 2, 2.5, 5, 10].map((n) => n * unit).find((n) => n >= step && n % 1 === 0);
  return 3 * (nice ?? Math.ceil(step));
}

/** Every label, or every second, fifth, ... when they would touch. */
function labelled(labels: readonly string[], width: number): number[] {
  const longest = Math.max(...labels.map(({ length }) => length));
  const fit = Math.max(1, Math.floor((width - Y_AXIS_PX) / (longest * LETTER_PX + APART_PX)));
  const every = [1, 2, 3, 5, 7, 10, 14, 20, 30].find((n) => labels.length / n <= fit) ?? 50;
  return Array.from({ length: Math.ceil(labels.length / every) }, (_, i) => i * every);
}

/** Stripes, so that colour does not speak alone. */
function hatched(colour: string, gap: string): CanvasPattern | string {
  const ratio = window.devicePixelRatio || 1;
  const size = Math.round(6 * ratio);
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d');
  if (context === null) return colour;
  context.fillStyle = colour;
  context.fillRect(0, 0, size, size);
  context.strokeStyle = gap;
  context.lineWidth = 1.4 * ratio;
  context.beginPath();
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift, size);
    context.lineTo(shift + size, 0);
  }
  context.stroke();
  return context.createPattern(canvas, 'repeat') ?? colour;
}
