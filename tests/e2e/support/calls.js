// Calls that nobody made: rows, as many as a test wants.

const COLUMNS = `line, sid, first_seen_at, first_received_at, updated_at, version_entry, status_rank,
  duration_callback_s, started_callback, ended_callback, from_number, to_number, caller_name,
  caller_city, caller_region, caller_country, place, why, menu_key, forwarded, bridged, accepted,
  talk_s, recording, length, transcript, heard_at`;

/** So many finished calls, 7 s apart, the last one now: answered, with a message, abandoned. */
export function fillCalls(stack, rows, line = '+15550100001') {
  return stack.sql(
    `INSERT INTO calls (${COLUMNS})
    SELECT $1, 'CA' || md5('call' || i), at, at, at + interval '40 s', 0, 125, 10 + i % 300, at,
      at + interval '40 s', '+1555' || lpad((i % 50000)::text, 7, '0'), $1, 'CALLER ' || i % 1000,
      'SAN FRANCISCO', 'CA', 'US',
      ROW(3, i, CASE i % 3 WHEN 0 THEN 'done' WHEN 1 THEN 'recorded' ELSE 'menu' END)::step_word,
      CASE i % 3 WHEN 1 THEN ROW(2, i, 'chosen')::step_word END,
      CASE WHEN i % 3 < 2 THEN ROW(2, i, (1 + i % 3)::text)::step_word END,
      CASE i % 3 WHEN 0 THEN ROW(3, 2, 'Reception')::step_word END,
      CASE i % 3 WHEN 0 THEN true END, CASE i % 3 WHEN 0 THEN true END,
      CASE i % 3 WHEN 0 THEN 20 + i % 200 END,
      CASE i % 3 WHEN 1 THEN ROW('RE' || md5('recording' || i), 2, 5, true)::recording_fact END,
      CASE i % 3 WHEN 1 THEN ROW('RE' || md5('recording' || i), 2, 12)::recording_length END,
      CASE i % 3 WHEN 1 THEN 'Please call me back, it is about the order of last week.' END,
      CASE WHEN i % 6 = 1 THEN at + interval '1 hour' END
    FROM (SELECT i, now() - ($2 - i) * interval '7 s' AS at
      FROM generate_series(1, $2::integer) i) s`,
    [line, rows],
  );
}
