// How much waits in the spool: as /metrics tells, and as the folder shows.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './processes.js';

/** A segment without records has a head only. */
const HEAD_BYTES = 16;
/** Segments, and the files that workers write by themselves; .bad ones wait for nobody. */
export const WAITING = /\.(seg|own)$/;
export const DAMAGED = /\.bad$/;
export const HALF_WRITTEN = /\.tmp$/;

export const spoolFolder = (stack) => join(stack.settings.MAINLINE_DATA, 'spool');

/** @returns {{name: string, bytes: number}[]} files with such names */
export function filesOf(stack, pattern = WAITING) {
  const folder = spoolFolder(stack);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
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

/** Milliseconds until nothing waits any more; Infinity when it does not come to that. */
export async function drained(stack, withinMs = 30_000) {
  try {
    return await until(() => isEmpty(stack), 'the spool is empty', withinMs);
  } catch {
    return Infinity;
  }
}

async function isEmpty(stack) {
  if (filesOf(stack).some(({ bytes }) => bytes > HEAD_BYTES)) return false;
  const metrics = await metricsOf(stack);
  return metrics?.get('mainline_spool_records') === 0;
}
