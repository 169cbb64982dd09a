/*
 * statements: all SQL of the program, named.
 * Floor: store.
 *
 * The shape of the tables is in migrations/.  tests/pg prepares every statement
 * against the migrated schema.
 */
#ifndef MAINLINE_STORE_STATEMENTS_H
#define MAINLINE_STORE_STATEMENTS_H

#include "io/pg.h"

enum stmt {
	STMT_SESSION,         /* what every connection begins with */
	STMT_SESSION_WORKER,  /* the same for a worker's */
	STMT_SESSION_JOURNAL, /* the same for the journal's */
	STMT_EVENTS_ADD,      /* events and their merge into calls: events.c */
	STMT_EVENT_ASIDE,
	STMT_BEGIN,
	STMT_COMMIT,
	STMT_CALLS_KEYS,
	STMT_CALL_LOCK,
	STMT_CALL_REBUILD,
	STMT_CALL_GET,
	STMT_CALL_OF_LINE,
	STMT_CALL_STEPS,
	STMT_CALL_LEGS,
	STMT_CALL_EVENTS,
	STMT_CALLS_OF_KEYS, /* the same of many calls at once */
	STMT_STEPS_OF_KEYS,
	STMT_LEGS_OF_KEYS,
	STMT_FLOW_PUBLISH,
	STMT_FLOW_GET,
	STMT_FLOW_LIST,
	STMT_FLOW_RECENT,
	STMT_TOKEN_ADD,
	STMT_TOKEN_LIST,
	STMT_TOKEN_REVOKE,
	STMT_TOKEN_FIND,
	STMT_SESSION_OPEN, /* of the page; not of the database */
	STMT_SESSION_FIND,
	STMT_SESSION_CLOSE,
	STMT_CALL_LISTENS,
	STMT_RECORDING_FIND, /* what is played: recordings.c */
	STMT_RECORDING_KEPT,
	STMT_RECORDING_KEEP,
	STMT_RECORDING_DELETED,
	STMT_LISTEN_ADD,
	STMT_JOB_ADD,
	STMT_JOB_HASTEN,
	STMT_JOB_LAST_DONE,
	STMT_JOB_CLAIM,
	STMT_JOB_END,
	STMT_JOB_ADD_OWN,
	STMT_JOBS_FORGET_HOSTS,
	STMT_JOBS_RELEASE,
	STMT_ERASURE_LINES, /* from here: erasure.c */
	STMT_ERASURE_FIND,
	STMT_ERASURE_FLOW,
	STMT_ERASURE_LOCK,
	STMT_ERASURE_STONE,
	STMT_ERASURE_ASK,
	STMT_ERASURE_ROWS,
	STMT_ERASURE_ASIDE_OF_CALL,
	STMT_ERASURE_ASIDE,
	STMT_ERASURE_ASIDE_COUNT,
	STMT_ERASURE_COUNT,
	STMT_ERASURE_RECORDINGS,
	STMT_ERASURE_RECORDING,
	STMT_ERASURE_FORGET_JOB,
	STMT_ERASURE_VACUUM,
	STMT_RETENTION_CALLS, /* from here: retention.c */
	STMT_RETENTION_RECORDINGS,
	STMT_RETENTION_AUDIO,
	STMT_RETENTION_AUDIO_REMOVED,
	STMT_RETENTION_EVENTS,
	STMT_RETENTION_RESUME,
	STMT_RETENTION_PAUSE,
	STMT_RETENTION_ASIDE,
	STMT_RETENTION_JOBS,
	STMT_JOBS_LIST,
	STMT_JOBS_RETRY,
	STMT_JOBS_COUNTS,
	STMT_NOTICE_AUDIO,
	STMT_RECONCILE_OPEN_CALLS,
	STMT_RECONCILE_OPEN_RECORDINGS,
	STMT_RECONCILE_OPEN_AUDIO,
	STMT_RECONCILE_ASK,
	STMT_RECONCILE_CALL,
	STMT_RECONCILE_MISSING_CALLS,
	STMT_RECONCILE_MISSING_RECORDINGS,
	STMT_RECONCILE_LINES,
	STMT_USER_ADD, /* from here: users.c and sign_in.c */
	STMT_USER_LIST,
	STMT_USER_FIND,
	STMT_USER_ROLE,
	STMT_USER_LINK,
	STMT_USER_PASSWORD,
	STMT_USER_SIGN_OUT,
	STMT_USER_REHASH,
	STMT_USER_REMOVE,
	STMT_USER_REMOTE,
	STMT_SIGN_IN_TRY,
	STMT_SIGN_IN_OPEN,
	STMT_SIGN_IN_LINK,
	STMT_SESSIONS_END,
	STMT_MARKS_SET, /* from here: marks.c, blocks.c */
	STMT_LINES,
	STMT_BLOCKS_LIST,
	STMT_BLOCK_GET,
	STMT_BLOCK_PUT,
	STMT_BLOCK_REMOVE,
	STMT_BLOCKS_ALL,
	STMT_ERASURE_BLOCK,
	STMT_CALLS_FIRST,  /* the feed's first page, as long as by default */
	STMT_CALLS_NEWEST, /* the feed without filters */
	STMT_CALLS_WALKED, /* with filters that leave most of it */
	STMT_CALLS_SHELVED,
	STMT_CALLS_SOUGHT_NEWEST, /* a search among CALLS_SOUGHT_ROWS */
	STMT_CALLS_SOUGHT_LATELY, /* among those of late, by the index */
	STMT_CALLS_SOUGHT,        /* and among all */
	STMT_CALLS_WINDOW,        /* where a window ends */
	STMT_CALLS_SOUGHT_WITHIN, /* a search in it */
	STMT_CALLS_SETTLE,
	STMT_STATS_ZONE, /* from here: stats.c */
	STMT_STATS_ZONE_LISTED,
	STMT_STATS,
	STMT_STATS_LAST_HOUR,
	STMT_FEED_FIND, /* from here: feeds.c */
	STMT_FEED_LINK,
	STMT_FEED_MAKE,
	STMT_FEED_REVOKE,
	STMT_FEED_MESSAGES,
	STMT_MIGRATION_LOCK,
	STMT_MIGRATION_TABLE,
	STMT_MIGRATION_LIST,
	STMT_MIGRATION_LAST,
	STMT_FSYNC,
	STMT_CHECKUP_DATABASE, /* from here: checkup.c */
	STMT_CHECKUP_JOBS,
	STMT_CHECKUP_KEEP,
	STMT_CHECKUP_LAST,
	STMT_CHECKUP_HASTEN,
	STMT_CHECKUP_PENDING,
	STMT_LIVE_LOOK, /* from here: live.c */
	STMT_LIVE_COUNTS,
	STMT_LIVE_PRUNE,
	STMT_BACKUP_BEGIN, /* from here: backup.c */
	STMT_BACKUP_VIEW,
	STMT_BACKUP_AUDIO,
	STMT_BACKUP_WANTED,
	STMT_BACKUP_UNARCHIVED,
	STMT_RESTORE_TARGET,
	STMT_RESTORE_DATA,
	STMT_RESTORE_CLEAR,
	STMT_RESTORE_COUNTS,
	STMT_RESTORE_NOTED,
	STMT_RESTORE_ERASE,
	STMT_RESTORE_FORGET,
	STMT__MAX
};

/* Of STMT_CALLS_FIRST: a page, and one row that tells whether there is more. */
#define CALLS_FIRST_ROWS 51

/* How many calls, from the newest on, a search looks at one by one. */
#define CALLS_SOUGHT_ROWS 10000

/* How many calls are looked at one by one for a page of what may be rare. */
#define CALLS_WINDOW_ROWS 20000

/* How far back "of late" goes: so many times as far as so many calls do. */
#define CALLS_LATELY_ROWS 2000
#define CALLS_LATELY_TIMES 100

/* How long a command at a terminal waits for one statement. */
#define STMT_COMMAND_MS 10000

/* Runs one with that deadline; errors as pg_run(). */
MUST_USE enum err stmt_command(struct pg *pg, struct arena *arena,
    enum stmt which, const struct pg_param *params, struct pg_rows *out);

/* How long one may take that reads all rows, or waits for a locked table. */
#define STMT_SCAN_MS 600000

/* The same with that deadline. */
MUST_USE enum err stmt_scan(struct pg *pg, struct arena *arena, enum stmt which,
    const struct pg_param *params, struct pg_rows *out);

/* Never NULL; lives as long as the program. */
const struct pg_statement *stmt(enum stmt which);

#endif
