// What processes cost: CPU time by process tree, memory, and what others on this
// machine took meanwhile.

import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';

const TICKS_PER_S = 100; // USER_HZ, fixed by Linux's ABI
const KTHREADD = 2;

/** @typedef {{pid: number, name: string, parent: number, ticks: number}} Process */

/** One /proc/PID/stat. `ticks` counts children that were waited for. */
export function parseStat(pid, text) {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
  return { pid, name, parent: Number(fields[1]), ticks };
}

function readOrNull(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null; // it has ended
  }
}

/** @returns {Map<number, Process>} */
function processes() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.map((pid) => [Number(pid), readOrNull(`/proc/${pid}/stat`)]);
  return new Map(
    all.filter(([, text]) => text !== null).map(([pid, text]) => [pid, parseStat(pid, text)]),
  );
}

/** @typedef {{root: number, name?: string}} Group a tree, or those of a name in it */

/** The pids of a process and all below it, or of those with this name. */
function treeOf({ root, name }, all) {
  const children = Map.groupBy(all.values(), ({ parent }) => parent);
  const found = [];
  const open = [root];
  while (open.length > 0) {
    const pid = open.pop();
    if (all.has(pid)) found.push(pid);
    open.push(...(children.get(pid) ?? []).map((child) => child.pid));
  }
  return name === undefined ? found : found.filter((pid) => all.get(pid).name === name);
}

function ticksOf(group, all) {
  return treeOf(group, all).reduce((sum, pid) => sum + all.get(pid).ticks, 0);
}

/** All CPU time that was not idle, what the hypervisor took for others among it. */
function busyTicks() {
  const [, user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .split(/ +/)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}

/**
 * Watch the CPU from now on.
 * @param {Record<string, Group>} groups all below this process
 * @returns {() => {seconds: number, cpuS: Record<string, number>, foreign: number}} ends it;
 *   `foreign` is the share of this machine's CPU that neither this process and what it
 *   started nor the kernel's own threads took
 */
export function watchCpu(groups) {
  const trees = { ...groups, self: { root: process.pid }, kernel: { root: KTHREADD } };
  const take = () => {
    const all = processes();
    const ticks = Object.entries(trees).map(([name, group]) => [name, ticksOf(group, all)]);
    return { at: performance.now(), busy: busyTicks(), ticks: Object.fromEntries(ticks) };
  };
  const before = take();
  return () => {
    const after = take();
    const seconds = (after.at - before.at) / 1000;
    const spent = (name) => (after.ticks[name] - before.ticks[name]) / TICKS_PER_S;
    const busy = (after.busy - before.busy) / TICKS_PER_S;
    const strangers = Math.max(0, busy - spent('self') - spent('kernel'));
    const cpuS = Object.fromEntries(Object.keys(groups).map((name) => [name, spent(name)]));
    return { seconds, cpuS, foreign: strangers / seconds / os.cpus().length };
  };
}

/** Proportional set size, in bytes. @param {Group} group */
export function pssOf(group) {
  return treeOf(group, processes())
    .map((pid) => readOrNull(`/proc/${pid}/smaps_rollup`) ?? '')
    .reduce((sum, text) => sum + Number(/^Pss: +(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024, 0);
}
