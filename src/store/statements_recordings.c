/* statements: the audio that is ours.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

#define HEX(bytes) "encode(" bytes ", 'hex')"

const struct pg_statement statements_recordings[STMT__MAX] = {
	/*
	 * By its SID alone, as the API knows it: what the call's row says, and
	 * what is kept.  A call's second recording stands in `recordings` only.
	 */
	[STMT_RECORDING_FIND] = { "recording_find", 1,
	"WITH r AS (SELECT * FROM recordings WHERE sid = $1 "
	"  ORDER BY line LIMIT 1), "
	"c AS (SELECT * FROM calls WHERE (recording).sid = $1 "
	"  ORDER BY line LIMIT 1) "
	"SELECT coalesce(r.line, c.line), "
	" recording_status_word((c.recording).status), "
	" (SELECT j.state = 'dead' FROM jobs j WHERE j.line = c.line "
	"   AND j.call_sid = c.sid AND j.kind = 'archive' AND j.channel = $1), "
	" r.place, r.removed_at IS NOT NULL, c.from_number, "
	  US("coalesce(c.started_rest, c.started_callback, c.first_received_at)") ", "
	  HEX("r.mp3_sha256") ", r.mp3_bytes, " HEX("r.wav_sha256") ", r.wav_bytes"
	" FROM c FULL JOIN r ON r.sid = (c.recording).sid" },

	[STMT_RECORDING_KEPT] = { NULL, 2,
	"SELECT deleted_at_twilio_at IS NOT NULL FROM recordings "
	"WHERE line = $1 AND sid = $2" },

	/*
	 * No row comes back where the call was erased meanwhile.  Done twice, it
	 * is what was written last that lies there.
	 */
	[STMT_RECORDING_KEEP] = { NULL, 8,
	"INSERT INTO recordings AS r (line, sid, call_sid, place, "
	" mp3_sha256, mp3_bytes, wav_sha256, wav_bytes) "
	"SELECT $1, $2, $3, $4, $5::bytea, $6::bigint, $7::bytea, $8::bigint "
	"WHERE NOT EXISTS (SELECT FROM erased x, erasure_key k "
	" WHERE x.line = $1 AND "
	"  x.tombstone = sha256(k.key || convert_to($3, 'UTF8'))) "
	"ON CONFLICT (line, sid) DO UPDATE SET place = EXCLUDED.place, "
	" mp3_sha256 = EXCLUDED.mp3_sha256, mp3_bytes = EXCLUDED.mp3_bytes, "
	" wav_sha256 = EXCLUDED.wav_sha256, wav_bytes = EXCLUDED.wav_bytes "
	" WHERE r.removed_at IS NULL "
	"RETURNING r.sid" },

	[STMT_RECORDING_DELETED] = { NULL, 2,
	"UPDATE recordings SET deleted_at_twilio_at = now() "
	"WHERE line = $1 AND sid = $2 AND deleted_at_twilio_at IS NULL" },

	[STMT_LISTEN_ADD] = { "listen_add", 3,
	"INSERT INTO listens (line, recording_sid, who) VALUES ($1, $2, $3)" },
};

/* clang-format on */
