// Processes that stand still for a while, as a machine that hangs.

import { readdirSync, readFileSync } from 'node:fs';

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

/**
 * Stops the stack's database, the server and all its children.
 * @param {import('./stack.js').Stack} stack
 * @returns {() => void} lets it go on
 */
export function freezeDatabase(stack) {
  const tree = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandOf(name).includes(stack.settings.PG_DATA))
    .map(Number);
  if (tree.length === 0) throw new Error('the database is not found');
  for (let i = 0; i < tree.length; i += 1) {
    process.kill(tree[i], 'SIGSTOP');
    tree.push(...childrenOf(tree[i]).filter((pid) => !tree.includes(pid)));
  }
  return () => {
    for (const pid of tree) {
      try {
        process.kill(pid, 'SIGCONT');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error; // it has ended meanwhile
      }
    }
  };
}
