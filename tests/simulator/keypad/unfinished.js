// Calls from the page that are going on, noted in a folder: a simulator that is
// killed holds their lines no more, and the next one says so.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PhoneNetwork } from '../network.js';
import { numberSettings } from '../tool/stack.js';
import { ordered, progress, standard } from '../wire/parameters.js';

const folderIn = (saved) => join(saved, 'keypad');

/** @param {string} saved the folder of the account @param {string} sid */
export function note(saved, sid) {
  mkdirSync(folderIn(saved), { recursive: true });
  writeFileSync(join(folderIn(saved), sid), '');
}

export function strike(saved, sid) {
  rmSync(join(folderIn(saved), sid), { force: true });
}

/**
 * End those that were left, in the account's rows.
 * @param {string} saved
 * @param {import('../account.js').Account} account
 * @returns {import('../rest/rows.js').Row[]}
 */
export function endLeft(saved, account) {
  mkdirSync(folderIn(saved), { recursive: true });
  account.load();
  return readdirSync(folderIn(saved))
    .map((sid) => {
      const row = account.cutOff(sid);
      strike(saved, sid);
      return row;
    })
    .filter((row) => row !== null);
}

/** Tell the server of an end that nobody told it of. */
export async function tellOfEnd(stack, row) {
  const network = new PhoneNetwork({
    accountSid: stack.accountSid,
    authToken: stack.authToken,
    connect: { host: stack.host, port: stack.port, ca: stack.ca },
    numbers: {},
  });
  const leg = {
    sid: row.sid,
    parent: null,
    from: row.from,
    to: row.to,
    direction: row.direction,
    status: row.status,
    duration: Number(row.duration),
    sipResponseCode: 200,
    over: true,
    nextSequence: () => 0,
  };
  const about = progress(leg, { at: Date.parse(row.end_time), callStatus: row.status });
  try {
    await network.send({
      kind: 'status',
      callSid: row.sid,
      legSid: row.sid,
      url: numberSettings(stack, row.to).statusCallback,
      params: ordered({ ...standard(leg, { sid: stack.accountSid }), ...about }),
    });
  } finally {
    await network.close();
  }
}
