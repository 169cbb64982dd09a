// On what it was measured.

import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** The first line that a program prints about itself; some do on stderr. */
function firstLine(command) {
  const out = execFileSync('sh', ['-c', `${command} 2>&1 || :`], {
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin` },
  });
  return out.toString().split('\n', 1)[0];
}

/** @param {import('./rig.js').Rig} rig */
export async function describeMachine(rig) {
  const { rows } = await rig.superuser.query('SHOW server_version');
  const cpus = os.cpus();
  return {
    cores: cpus.length,
    cpu: cpus[0].model.trim(),
    memoryGiB: Math.round(os.totalmem() / 1024 ** 3),
    kernel: os.release(),
    postgresql: rows[0].server_version,
    nginx: firstLine('nginx -v').replace('nginx version: ', ''),
    wrk: /^wrk \S+/.exec(firstLine('wrk -v'))?.[0],
    node: process.version,
    commit: firstLine('git rev-parse --short HEAD'),
  };
}

export function machineText(machine) {
  const { cores, cpu, memoryGiB, kernel, postgresql, nginx, wrk, node, commit } = machine;
  return [
    `${cores} cores, ${cpu}, ${memoryGiB} GiB, Linux ${kernel}`,
    `PostgreSQL ${postgresql}, ${nginx}, Node ${node}, ${wrk}, commit ${commit}`,
    'Load, servers and database share these cores.',
  ].join('\n');
}
