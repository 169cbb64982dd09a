/* statements: background work.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

#define JOB_KEY "(line, call_sid, kind, channel)"
#define IS_JOB "line = $1 AND call_sid = $2 AND kind = $3 AND channel = $4"

const struct pg_statement statements_jobs[STMT__MAX] = {
	[STMT_JOB_ADD] = { "job_add", 5,
	"INSERT INTO jobs (line, call_sid, kind, channel, due_at) "
	"VALUES ($1, $2, $3, $4, coalesce($5::timestamptz, now())) "
	"ON CONFLICT DO NOTHING" },

	[STMT_JOB_HASTEN] = { NULL, 4,
	"UPDATE jobs SET due_at = LEAST(due_at, now()) "
	"WHERE " IS_JOB " AND state = 'due' AND (finished_at IS NULL "
	" OR finished_at < now() - interval '20 seconds')" },

	[STMT_JOB_LAST_DONE] = { "job_last_done", 4,
	"SELECT " US("finished_at") " FROM jobs WHERE " IS_JOB " AND state <> 'dead'" },

	/*
	 * The one that has waited longest, for so many seconds ours alone.
	 * First of a kind that nobody works on: a server that lets us wait may
	 * hold up its own kind, but no other.  The file of another host nobody
	 * else can write.
	 */
	[STMT_JOB_CLAIM] = { "job_claim", 2,
	"UPDATE jobs SET leased_by = $1, attempts = attempts + 1, "
	" leased_until = now() + make_interval(secs => $2) "
	"WHERE " JOB_KEY " = (SELECT line, call_sid, kind, channel FROM jobs "
	" WHERE state = 'due' AND due_at <= now() "
	"  AND (leased_until IS NULL OR leased_until <= now()) "
	"  AND (kind <> 'snapshot' OR starts_with($1, channel || '#')) "
	" ORDER BY kind IN (SELECT w.kind FROM jobs w WHERE w.state = 'due' "
	"   AND w.due_at <= now() AND w.leased_until > now()), due_at "
	" LIMIT 1 FOR UPDATE SKIP LOCKED) "
	"RETURNING line, call_sid, kind, channel, attempts, "
	  US("created_at") ", " US("due_at") },

	/*
	 * Only by who holds it: $5, at the attempt $6.  $7 is its state now; $8
	 * in how many seconds it is due; $9 why it failed; $10 whether it
	 * begins anew, for what is done again and again.
	 */
	[STMT_JOB_END] = { "job_end", 10,
	"UPDATE jobs SET state = $7, leased_until = NULL, last_error = $9, "
	" due_at = CASE WHEN $7 = 'due' THEN now() + make_interval(secs => $8) "
	"  ELSE due_at END, "
	" finished_at = CASE WHEN $7 <> 'due' OR $10::boolean THEN now() "
	"  ELSE finished_at END, "
	" attempts = CASE WHEN $10::boolean THEN 0 ELSE attempts END "
	"WHERE " IS_JOB " AND leased_by = $5 AND attempts = $6 AND state = 'due'" },

	/*
	 * One row always.  An archive that was asked for over $4 seconds ago is
	 * waited for no longer.
	 */
	[STMT_NOTICE_AUDIO] = { "notice_audio", 4,
	"SELECT a.coming AND r.sid IS NULL, "
	" r.place = 'folder' AND r.mp3_bytes IS NOT NULL "
	"  AND r.removed_at IS NULL, r.mp3_bytes "
	"FROM (SELECT EXISTS (SELECT FROM jobs WHERE line = $1 "
	"  AND call_sid = $2 AND kind = 'archive' AND channel = $3 "
	"  AND state = 'due' "
	"  AND created_at > now() - make_interval(secs => $4)) AS coming) a "
	"LEFT JOIN recordings r ON r.line = $1 AND r.sid = $3" },

	/* A host's own: as long as it asks, it does not look gone (see below). */
	[STMT_JOB_ADD_OWN] = { "job_add_own", 4,
	"INSERT INTO jobs AS j (line, call_sid, kind, channel, due_at) "
	"VALUES ($1, $2, $3, $4, now()) "
	"ON CONFLICT (line, call_sid, kind, channel) DO UPDATE "
	" SET due_at = now() - interval '5 minutes' "
	" WHERE j.state = 'due' AND j.due_at < now() - interval '5 minutes'" },

	/*
	 * Of hosts that have been gone for a while; who comes back asks anew.  Not
	 * what is being done: it was late perhaps because the database was away.
	 */
	[STMT_JOBS_FORGET_HOSTS] = { NULL, 0,
	"DELETE FROM jobs WHERE line = '' AND call_sid = '' "
	" AND kind = 'snapshot' AND state = 'due' "
	" AND due_at < now() - interval '10 minutes' "
	" AND (leased_until IS NULL OR leased_until <= now())" },

	/* What an earlier process of this name has left behind. */
	[STMT_JOBS_RELEASE] = { NULL, 1,
	"UPDATE jobs SET leased_until = NULL "
	"WHERE leased_by = $1 AND leased_until IS NOT NULL" },

	[STMT_JOBS_LIST] = { NULL, 3,
	"SELECT line, call_sid, kind, channel, state, attempts, "
	  US("due_at") ", " US("finished_at") ", "
	" coalesce(state = 'due' AND leased_until > now(), false), last_error "
	"FROM jobs WHERE CASE WHEN $1::text IS NULL THEN state <> 'done' "
	"  ELSE state = $1 END "
	" AND ($2::text IS NULL OR kind = $2) "
	"ORDER BY due_at, kind, line, call_sid, channel LIMIT $3" },

	/* As if just asked for: else what was given up would be again at once. */
	[STMT_JOBS_RETRY] = { NULL, 4,
	"UPDATE jobs SET state = 'due', due_at = now(), attempts = 0, "
	" created_at = now(), leased_by = NULL, leased_until = NULL "
	"WHERE CASE WHEN $4::boolean THEN state = 'dead' "
	"  ELSE state <> 'done' END "
	" AND ($1::text IS NULL OR kind = $1) "
	" AND ($2::text IS NULL OR call_sid = $2) "
	" AND ($3::text IS NULL OR channel = $3) "
	" AND (leased_until IS NULL OR leased_until <= now())" },

	/* Apart, for each has an index of its own, which a scrape reads alone. */
	[STMT_JOBS_COUNTS] = { "jobs_counts", 0,
	"SELECT kind, state, count(*), " US("min(due_at)") " FROM ("
	" SELECT kind, state, due_at FROM jobs WHERE state = 'due' UNION ALL "
	" SELECT kind, state, due_at FROM jobs WHERE state = 'dead') open "
	"GROUP BY kind, state ORDER BY kind, state" },
};
