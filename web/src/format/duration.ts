import { language, text } from '../text.ts';

const two = (n: number): string => String(n).padStart(2, '0');

function parts(whole: number): { h: number; m: number; s: number } {
  return { h: Math.floor(whole / 3600), m: Math.floor(whole / 60) % 60, s: whole % 60 };
}

/** 0:34, 12:47, 1:02:05: for columns and clocks. */
export function clockDuration(seconds: number): string {
  const { h, m, s } = parts(Math.max(0, Math.floor(seconds)));
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** 34 s, 2 min 5 s, 1 h 2 min: for sentences. */
export function shortDuration(seconds: number): string {
  const { h, m, s } = parts(Math.max(0, Math.round(seconds)));
  const { hour, minute, second } = text.time;
  if (h > 0) return m > 0 ? `${hour(h)} ${minute(m)}` : hour(h);
  if (m > 0) return s > 0 ? `${minute(m)} ${second(s)}` : minute(m);
  return second(s);
}

/** 34 seconds, 2 minutes 5 seconds: for those who listen to the page. */
export function spokenDuration(seconds: number): string {
  const { h, m, s } = parts(Math.max(0, Math.round(seconds)));
  const counted: [number, Unit][] = [
    [h, 'hour'],
    [m, 'minute'],
    [s, 'second'],
  ];
  const said = counted.filter(([n]) => n > 0).map(([n, unit]) => spoken(n, unit));
  return said.length === 0 ? spoken(0, 'second') : said.join(' ');
}

type Unit = 'hour' | 'minute' | 'second';

function spoken(n: number, unit: Unit): string {
  const options = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(language, options).format(n);
}
