// GET /api/calls: a page of the feed, newest first, by keyset.

import { createHash } from 'node:crypto';

const LIMIT = 50;

/** @param {string|null} us microseconds since 1970 */
const moment = (us) => (us === null ? null : new Date(Number(us) / 1000).toISOString());

/** The same with all of its digits, which a cursor needs. */
const precise = (us) => `${moment(us - (us % 1000)).slice(0, -1)}${us.slice(-3)}Z`;

/** A row, an array in the order of the statement's columns, as the API shows it. */
function call(row) {
  const voicemail = {
    recording_sid: row[18],
    duration_s: row[19],
    status: row[20],
    audio_url: `/api/recordings/${row[18]}.mp3`,
    transcript: row[22],
    heard_at: moment(row[23]),
  };
  return {
    sid: row[0],
    line: row[1],
    from: row[2],
    to: row[3],
    caller_name: row[4],
    caller_city: row[5],
    caller_region: row[6],
    caller_country: row[7],
    verstat: row[8],
    status: row[9],
    outcome: row[10],
    reason: row[11],
    menu_key: row[12],
    forwarded_to: row[13],
    first_seen_at: moment(row[29]),
    started_at: moment(row[14]),
    ended_at: moment(row[15]),
    duration_s: row[16],
    talk_s: row[17],
    voicemail: row[21] ? voicemail : null,
    note: row[24],
    done_at: moment(row[25]),
    answered_later: row[26],
    flow_version: row[27],
    updated_at: moment(row[28]),
    reconciled_at: moment(row[30]),
  };
}

function readCursor(after) {
  if (!after) return [null, null];
  const [us, sid] = Buffer.from(after, 'base64url').toString().split('/');
  return [precise(us), sid];
}

export function listRoute(app, pool, { statements }) {
  const run = (name, values) =>
    pool.query({ name, text: statements[name], values, rowMode: 'array' });

  app.addHook('onRequest', async (request, reply) => {
    if (!request.raw.url.startsWith('/api/')) return;
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const sha256 = createHash('sha256').update(token).digest();
    const { rows } = await run('token_find', [sha256]);
    if (rows.length === 0) await reply.code(401).send({ code: 'unauthorized' });
  });

  app.get('/api/calls', async (request, reply) => {
    const limit = Number(request.query.limit ?? LIMIT);
    const { after } = request.query;
    const { rows } =
      !after && limit === LIMIT
        ? await run('calls_first', [])
        : await run('calls_newest', [...readCursor(after), limit + 1]);
    const last = rows.length > limit ? rows[limit - 1] : null;
    const next = last && Buffer.from(`${last[29]}/${last[0]}/`).toString('base64url');
    const body = JSON.stringify({ calls: rows.slice(0, limit).map(call), next });
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
    reply.headers({ ETag: etag, 'Cache-Control': 'private, no-cache' });
    if (next) reply.header('Link', `</api/calls?limit=${limit}&after=${next}>; rel="next"`);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('application/json').send(body);
  });
}
