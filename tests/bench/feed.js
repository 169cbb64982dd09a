// Rows for the feed: two tables, the small and the large, of which the one that is
// measured has the name `calls` for as long.

/** The company's numbers, and how many of ten calls each gets. */
const LINE = `CASE WHEN i % 10 < 7 THEN '+15550100001' WHEN i % 10 < 9 THEN '+15550100002'
    ELSE '+15550100003' END`;
/** Of 50,000 callers; each fifth has a name. */
export const CALLER = (i) => `'+1' || 2000000000 + (${i} % 50000)::bigint * 829348951 % 7999999999`;
export const NAME = (i) => `(ARRAY['Anna', 'Ben', 'Clara', 'David', 'Emma', 'Felix', 'Greta',
    'Hugo'])[1 + ${i} % 8] || ' ' || initcap(translate(left(md5((${i} % 50000)::text), 7),
    '0123456789', 'ghijklmnop'))`;
/** Each caller is answered, leaves a message and is missed in turn. */
const ROUND = 150_000;
/** Messages that nobody has heard yet, and calls that go on: the newest. */
const UNHEARD = 3_000;
const LIVE = 5;

/** Realistic enough for widths, outcomes and repeated callers: a year's calls, in 1,000,000. */
const fill = (table, rows) => `
  INSERT INTO ${table} (line, sid, first_seen_at, first_received_at, updated_at, version_entry,
    status_rank, duration_callback_s, started_callback, ended_callback, from_number, to_number,
    caller_name, caller_city, caller_region, caller_country, verstat, place, why, menu_key,
    forwarded, bridged, accepted, talk_s, recording, length, heard_at, settled)
  SELECT ${LINE}, 'CA' || md5('call' || i), at, at, at + interval '40 s', 0,
    CASE WHEN i > ${rows - LIVE} THEN 17 ELSE 125 END, 10 + i % 300, at, at + interval '40 s',
    ${CALLER('i')}, '+15550100001', CASE WHEN i % 5 = 0 THEN ${NAME('i')} END,
    'SAN FRANCISCO', 'CA', 'US', 'TN-Validation-Passed-A',
    ROW(3, i, (ARRAY['done', 'recorded', 'menu', 'done', 'recorded', 'voicemail'])[1 + i % 6])
      ::step_word,
    CASE WHEN i % 3 = 1 THEN ROW(2, i, 'chosen')::step_word
      WHEN i % 6 = 5 THEN ROW(2, i, 'no_answer')::step_word END,
    CASE WHEN i % 3 < 2 THEN ROW(2, i, (1 + i % 3)::text)::step_word END,
    CASE i % 3 WHEN 0 THEN ROW(3, 2, 'Reception')::step_word END,
    CASE i % 3 WHEN 0 THEN true END, CASE i % 3 WHEN 0 THEN true END,
    CASE i % 3 WHEN 0 THEN least(9 + i % 300, 20 + i % 200) END,
    CASE i % 3 WHEN 1 THEN ROW('RE' || md5('recording' || i), 2, 5, true)::recording_fact END,
    CASE i % 3 WHEN 1 THEN ROW('RE' || md5('recording' || i), 2, 12)::recording_length END,
    CASE WHEN i % 3 = 1 AND i <= ${rows - UNHEARD} THEN at END,
    i % 3 = 2 AND i <= ${rows - ROUND}
  FROM (SELECT i, now() - (${rows} - i) * interval '31 s' AS at
    FROM generate_series(1, ${rows}) i) s`;

export class Feed {
  #rig;
  #named = null;

  constructor(rig) {
    this.#rig = rig;
  }

  /** @param {number[]} sizes */
  async fill(sizes) {
    const { superuser } = this.#rig;
    await this.#rig.emptyTables();
    for (const size of sizes) {
      await superuser.query(`CREATE TABLE calls_${size} (LIKE calls INCLUDING ALL)`);
      await superuser.query(`ALTER TABLE calls_${size} OWNER TO mainline`);
      await superuser.query(fill(`calls_${size}`, size));
      await superuser.query(`VACUUM ANALYZE calls_${size}`);
    }
    await superuser.query('ALTER TABLE calls RENAME TO calls_empty');
    await superuser.query('CHECKPOINT');
  }

  /** Let the table of this size be the one that is read. */
  async use(size) {
    const { superuser } = this.#rig;
    if (this.#named !== null)
      await superuser.query(`ALTER TABLE calls RENAME TO calls_${this.#named}`);
    await superuser.query(`ALTER TABLE calls_${size} RENAME TO calls`);
    this.#named = size;
  }

  /** Leave the tables as they were found. */
  async clear(sizes) {
    const { superuser } = this.#rig;
    if (this.#named !== null)
      await superuser.query(`ALTER TABLE calls RENAME TO calls_${this.#named}`);
    this.#named = null;
    await superuser.query('ALTER TABLE calls_empty RENAME TO calls');
    for (const size of sizes) await superuser.query(`DROP TABLE IF EXISTS calls_${size}`);
  }

  /** Cursors of pages far down, spread over the table of this size. @returns {Promise<string[]>} */
  async cursors(size, count, filters = '') {
    const { rows } = await this.#rig.superuser.query(
      `SELECT (extract(epoch FROM first_seen_at) * 1000000)::bigint AS us, sid
        FROM calls_${size} ORDER BY md5(sid) LIMIT ${count}`,
    );
    return rows.map(({ us, sid }) => Buffer.from(`${us}/${sid}/${filters}`).toString('base64url'));
  }
}
