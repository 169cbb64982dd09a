// The names of the company's numbers; a number until they are known.

import { useEffect, useState } from 'preact/hooks';
import { companyLines, type Line } from '../api/lines.ts';
import { grouped } from '../format/phone.ts';

let known: Promise<Line[]> | null = null;

function linesOnce(): Promise<Line[]> {
  known ??= companyLines().catch(() => {
    known = null;
    return [];
  });
  return known;
}

export function useLines(): Line[] {
  const [lines, setLines] = useState<Line[]>([]);
  useEffect(() => {
    let isWanted = true;
    void linesOnce().then((found) => {
      if (isWanted) setLines(found);
    });
    return () => {
      isWanted = false;
    };
  }, []);
  return lines;
}

export function lineName(line: string, lines: readonly Line[]): string {
  return lines.find((each) => each.line === line)?.name ?? grouped(line);
}
