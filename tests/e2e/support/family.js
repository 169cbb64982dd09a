// The processes of a stack, by their names.

import { readFileSync } from 'node:fs';

/** Process ids of a process's children with this name, as `ps -o comm` shows it. */
export function childrenOf(pid, name) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((child) => nameOf(child) === name);
}

function nameOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return ''; // it has ended
  }
}
