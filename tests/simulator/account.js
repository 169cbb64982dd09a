// What Twilio's REST API would show of this account: numbers, calls, recordings,
// kept as the JSON that it shows.  In a folder as well if one is given, so that
// another process can serve them.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { OFFERS, PRICES } from './offers.js';
import { applicationRow, callRow, isOver, numberRow, recordingRow } from './rest/rows.js';
import { Table } from './rest/table.js';
import { rfc2822 } from './wire/time.js';

const KINDS = ['calls', 'recordings', 'numbers', 'applications'];
/** Files of what was really said. */
const AUDIO = 'audio';

export class Account {
  #clock;
  #saveTo;
  #chance;
  #made = 0;

  /**
   * @param {object} options
   * @param {string} options.sid
   * @param {Record<string, import('./network.js').NumberSettings>} [options.numbers]
   * @param {import('./random.js').Chance} options.chance
   * @param {string} options.apiUrl
   * @param {import('./clock.js').Clock} options.clock
   * @param {string} [options.saveTo]
   */
  constructor({ sid, numbers = {}, chance, apiUrl, clock, saveTo }) {
    this.sid = sid;
    this.apiUrl = apiUrl;
    this.#clock = clock;
    this.#saveTo = saveTo;
    this.#chance = chance;
    /** Real milliseconds until the REST API shows that a call or a recording has changed. */
    this.lagMs = 0;
    this.calls = new Table(() => this.lagMs);
    this.recordings = new Table(() => this.lagMs);
    this.numberRows = new Table();
    this.applications = new Table();
    /** What can be bought. */
    this.available = OFFERS;
    this.prices = PRICES;
    /** A trial account has one number at most. */
    this.isTrial = false;
    /** @type {'active'|'suspended'|'closed'} */
    this.status = 'active';
    /** Numbers that a trial account may ring. @type {string[]} */
    this.callerIds = [];
    /** Calling codes of countries that may not be called. @type {string[]} */
    this.closedCodes = [];
    /** @type {Map<string, () => import('./wire/webhooks.js').WebhookRequest[]>} by call SID */
    this.requestsOf = new Map();
    /** @type {Record<string, import('./network.js').NumberSettings>} by number */
    this.numbers = {};
    /** @type {Map<string, {wav: Buffer, mp3: Buffer}>} by recording SID, without a folder */
    this.audio = new Map();
    if (saveTo)
      [...KINDS, AUDIO].forEach((kind) => mkdirSync(join(saveTo, kind), { recursive: true }));
    for (const [number, settings] of Object.entries(numbers)) {
      this.addNumber(number, settings);
    }
  }

  /** @param {string} number @param {Partial<import('./network.js').NumberSettings>} settings */
  addNumber(number, settings) {
    const sid = `PN${this.#chance.hex('number', number)}`;
    this.numbers[number] = { voiceUrl: '', sid, createdAt: this.#clock.now(), ...settings };
    this.putNumber(number);
  }

  /** A leg has changed. */
  putCall(leg, call) {
    const row = callRow(leg, { account: this, now: this.#clock.now() });
    this.calls.set(leg.sid, row);
    this.requestsOf.set(leg.sid, () =>
      call.requests.filter((request) => request.legSid === leg.sid),
    );
    this.#save('calls', row);
  }

  /** The requests of a call are no longer wanted. */
  forgetRequests(sid) {
    this.requestsOf.delete(sid);
  }

  putRecording(recording) {
    const row = recordingRow(recording, { account: this, now: this.#clock.now() });
    this.recordings.set(recording.sid, row);
    this.#save('recordings', row);
  }

  /** What was really said in a recording. @param {{wav: Buffer, mp3: Buffer}} files */
  putAudio(sid, { wav, mp3 }) {
    if (this.#saveTo) {
      writeFileSync(this.#audioFile(sid, 'wav'), wav);
      writeFileSync(this.#audioFile(sid, 'mp3'), mp3);
    } else this.audio.set(sid, { wav, mp3 });
  }

  /** @param {'wav'|'mp3'} kind @returns {Buffer|null} null where it is made up by its length */
  audioOf(sid, kind) {
    if (!this.#saveTo) return this.audio.get(sid)?.[kind] ?? null;
    const file = this.#audioFile(sid, kind);
    return existsSync(file) ? readFileSync(file) : null;
  }

  #removeAudio(sid) {
    this.audio.delete(sid);
    if (!this.#saveTo) return;
    for (const kind of ['wav', 'mp3']) rmSync(this.#audioFile(sid, kind), { force: true });
  }

  #audioFile(sid, kind) {
    return join(this.#saveTo, AUDIO, `${sid}.${kind}`);
  }

  /** As if it had never been. */
  removeRecording(sid) {
    this.#removeAudio(sid);
    this.recordings.delete(sid);
    if (this.#saveTo) rmSync(join(this.#saveTo, 'recordings', `${sid}.json`), { force: true });
  }

  /**
   * Nobody holds this call's line any more, nor those of the legs that it dialled.
   * @returns {import('./rest/rows.js').Row|null} its row if it had not ended
   */
  cutOff(sid) {
    const now = this.#clock.now();
    const left = this.calls
      .values()
      .filter((row) => (row.sid === sid || row.parent_call_sid === sid) && !isOver(row));
    for (const row of left) {
      const seconds = Math.round((now - Date.parse(row.start_time)) / 1000);
      const ended = { status: 'completed', end_time: rfc2822(now), duration: String(seconds) };
      const whole = { ...row, ...ended, date_updated: rfc2822(now) };
      this.calls.set(row.sid, whole);
      this.#save('calls', whole);
    }
    return left.some((row) => row.sid === sid) ? this.calls.latest(sid) : null;
  }

  /** DELETE: the audio goes, the row stays for 40 days with status `deleted`. */
  deleteRecording(sid) {
    this.#removeAudio(sid);
    const row = { ...this.recordings.latest(sid), status: 'deleted' };
    this.recordings.set(sid, row);
    this.#save('recordings', row);
  }

  /** DELETE: nothing is kept of it. */
  deleteCall(sid) {
    this.calls.delete(sid);
    this.forgetRequests(sid);
    if (this.#saveTo) rmSync(join(this.#saveTo, 'calls', `${sid}.json`), { force: true });
  }

  putNumber(number) {
    const row = numberRow(number, {
      account: this,
      settings: this.numbers[number],
      now: this.#clock.now(),
    });
    this.numberRows.set(row.sid, row);
    this.#save('numbers', row);
  }

  /** Make an application, or change the one with this SID. @returns {import('./rest/rows.js').Row} */
  putApplication(sid, settings) {
    const now = this.#clock.now();
    const before = sid === null ? { createdAt: now } : settingsOf(this.applications.latest(sid));
    const name = sid ?? `AP${this.#chance.hex('application', String(this.#made++))}`;
    const row = applicationRow(name, { account: this, settings: { ...before, ...settings }, now });
    this.applications.set(name, row);
    this.#save('applications', row);
    return row;
  }

  deleteApplication(sid) {
    this.applications.delete(sid);
    if (this.#saveTo) rmSync(join(this.#saveTo, 'applications', `${sid}.json`), { force: true });
  }

  /** What Twilio follows when the number is called; null: a trunk takes the call. */
  rulingSettings(number) {
    const { voiceApplicationSid, trunkSid } = this.numbers[number];
    if (trunkSid) return null;
    if (!voiceApplicationSid) return this.numbers[number];
    const row = this.applications.get(voiceApplicationSid);
    return row === undefined ? null : { ...this.numbers[number], ...settingsOf(row) };
  }

  /** Read what another process has saved. */
  load() {
    const tables = {
      calls: this.calls,
      recordings: this.recordings,
      numbers: this.numberRows,
      applications: this.applications,
    };
    for (const [kind, rows] of Object.entries(tables)) {
      const saved = this.#saved(kind).sort(
        (a, b) => Date.parse(a.date_created) - Date.parse(b.date_created),
      );
      rows.clear();
      saved.forEach((row) => rows.set(row.sid, row));
    }
    for (const row of this.numberRows.values()) this.numbers[row.phone_number] ??= settingsOf(row);
  }

  #saved(kind) {
    const folder = join(this.#saveTo, kind);
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
    return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  }

  #save(kind, row) {
    if (!this.#saveTo) return;
    const file = join(this.#saveTo, kind, `${row.sid}.json`);
    // A reader in another process sees the old row or the new one, never half of it.
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(row));
    renameSync(`${file}.${process.pid}`, file);
  }
}

/** A number's settings, or an application's, from the row that shows them. */
function settingsOf(row) {
  const ofNumber = row.phone_number && {
    sid: row.sid,
    voiceApplicationSid: row.voice_application_sid,
    voiceReceiveMode: row.voice_receive_mode,
    trunkSid: row.trunk_sid,
  };
  return {
    ...ofNumber,
    createdAt: Date.parse(row.date_created),
    friendlyName: row.friendly_name,
    voiceUrl: row.voice_url,
    voiceMethod: row.voice_method,
    voiceFallbackUrl: row.voice_fallback_url,
    voiceFallbackMethod: row.voice_fallback_method,
    statusCallback: row.status_callback,
    statusCallbackMethod: row.status_callback_method,
  };
}
