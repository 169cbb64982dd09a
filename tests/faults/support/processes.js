// Processes as /proc shows them: who lives, whose child, under which name.

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** @returns {{pid: number, name: string, state: string, parent: number}|null} */
export function processOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, name, state, parent] = /^\d+ \((.*)\) (\S) (\d+)/s.exec(text);
    return { pid, name, state, parent: Number(parent) };
  } catch {
    return null;
  }
}

/** A zombie waits for its parent only; it does nothing any more. */
export function isAlive(pid) {
  const found = processOf(pid);
  return found !== null && !['Z', 'X'].includes(found.state);
}

function all() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => processOf(Number(pid)))
    .filter((found) => found !== null && !['Z', 'X'].includes(found.state));
}

export function childrenOf(parent) {
  return all().filter((each) => each.parent === parent);
}

/** The process and all below it, parents first. */
export function treeOf(pid) {
  const everybody = all();
  const tree = [pid];
  for (let i = 0; i < tree.length; i += 1)
    tree.push(...everybody.filter(({ parent }) => parent === tree[i]).map((each) => each.pid));
  return tree.filter(isAlive);
}

/** kill(2); false when it was gone already. */
export function kill(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
    return false;
  }
}

export async function until(condition, what, withinMs = 10_000) {
  const began = performance.now();
  while (!(await condition())) {
    if (performance.now() - began > withinMs) throw new Error(`${what}: not within ${withinMs} ms`);
    await wait(10);
  }
  return performance.now() - began;
}
