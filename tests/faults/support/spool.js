// How much waits in the spool: as /metrics tells, and as the folder shows.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './processes.js';

export const spoolFolder = (stack) => join(stack.settings.MAINLINE_DATA, 'spool');

/** @returns {{name: string, bytes: number}[]} files whose names end so */
export function filesOf(stack, suffix = '.spool') {
  const folder = spoolFolder(stack);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => {
      try {
        return { name, bytes: statSync(join(folder, name)).size };
      } catch {
        return { name, bytes: 0 }; // gone meanwhile
      }
    });
}

/**
 * Values of /metrics by name, labels included; null while nobody tells.
 * @returns {Promise<Map<string, number>|null>}
 */
export async function metricsOf(stack) {
  const response = await stack.api.request('/metrics', { described: false }).catch(() => null);
  if (response?.status !== 200) return null;
  const lines = response.body.split('\n').filter((line) => /^[a-z]/.test(line));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

/** Milliseconds until nothing waits any more. */
export function drained(stack, withinMs = 30_000) {
  return until(
    async () => {
      if (filesOf(stack).some(({ bytes }) => bytes > 0)) return false;
      const metrics = await metricsOf(stack);
      return metrics?.get('mainline_spool_records') === 0;
    },
    'the spool is empty',
    withinMs,
  );
}
