// Requests for pages, as the load reads them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { record } from './traffic.js';
import { THREADS } from './wrk.js';

/** Files of GETs for wrk.lua. @returns {string} their prefix */
export function writePages(rig, name, paths) {
  const prefix = join(rig.folder, name);
  const { host } = new URL(rig.stack.publicUrl);
  const headers = { Authorization: `Bearer ${rig.stack.token}`, Accept: 'application/json' };
  const text = paths.map((path) => record('GET', host, { path, headers })).join('');
  for (let thread = 0; thread < THREADS; thread += 1) writeFileSync(`${prefix}-${thread}`, text);
  return prefix;
}
