// The names of the company's numbers; a number until they are known.

import type { Line } from '../api/lines.ts';
import { useStore } from '../components/hooks.ts';
import { useDesk } from '../feed/context.ts';
import { grouped } from '../format/phone.ts';

export function useLines(): Line[] {
  const desk = useDesk();
  useStore(desk);
  return desk.lines;
}

export function lineName(line: string, lines: readonly Line[]): string {
  return lines.find((each) => each.line === line)?.name ?? grouped(line);
}
