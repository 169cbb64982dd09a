/*
 * log: one JSON object a line on standard error, or plain words.
 * Floor: base.
 *
 * A line is at most LOG_LINE_BYTES long and leaves in one write(2), so that the
 * lines of forked workers do not mix.  Control bytes are escaped: nobody
 * outside can forge a line.  Never logged: bodies, tokens, transcripts, whole
 * phone numbers.
 */
#ifndef MAINLINE_BASE_LOG_H
#define MAINLINE_BASE_LOG_H

#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define LOG_LINE_BYTES 4096

enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARN,
	LOG_LEVEL_ERROR
};

/* The closed list of what is ever logged; name and level: log.c. */
enum log_event {
	LOG_START,  /* the supervisor is up */
	LOG_STOP,   /* it has stopped */
	LOG_RELOAD, /* HUP: a new generation, or why there is none */
	LOG_WORKER_UP,
	LOG_WORKER_DOWN, /* as planned: recycled, drained */
	LOG_WORKER_DIED, /* not as planned */
	LOG_WORKER_HUNG, /* killed at its deadline */
	LOG_CRASH_LOOP,  /* a worker dies again and again */
	LOG_REQUEST,     /* a request was answered */
	LOG_REFUSED,     /* a webhook was refused: signature, account */
	LOG_BROKEN,      /* a request ended before it was whole */
	LOG_UNRECORDED,  /* an event that could be written nowhere */
	LOG_ASIDE, /* a signed event that belongs to no call: kept aside */
	LOG_DB_UP,
	LOG_DB_DOWN,
	LOG_DB_ERROR,   /* the database refused a statement */
	LOG_JOB_FAILED, /* background work did not come to its end */
	LOG_UPSTREAM,   /* somebody whom we asked gave no good answer */
	LOG_FLOW_LOADED,
	LOG_FLOW_BAD, /* a snapshot that cannot be used */
	LOG_CONFIG,
	LOG_SPOOL,        /* what waits in it; that it works again */
	LOG_SPOOL_FULL,   /* the alarm: most of its quota is in use */
	LOG_SPOOL_FAILED, /* the disk is full or fails */
	LOG_SPOOL_BAD,    /* damage in a file of it */
	LOG_LIVE,         /* open pages are not told what changes */
	LOG__MAX
};

/* Who speaks, and about what; copied by value, everything in it is borrowed. */
struct log {
	enum log_level level; /* what is below is not written */
	bool plain;           /* for somebody at a terminal: "WHO: DETAIL" */
	int fd;               /* usually STDERR_FILENO */
	const char *who;      /* "supervisor", "hook", "api", ... */
	struct str req;       /* nginx's request id, or absent */
	struct str call_sid;  /* the inbound leg, or absent */
	struct str route;     /* the path without its query, or absent */
};

/* One line.  `e` is left out when ERR_OK; `fmt` may be NULL: no detail. */
void log_event(const struct log *log, enum log_event ev, enum err e,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

/* LOG_REQUEST with the answer's HTTP status and the milliseconds it took. */
void log_request(const struct log *log, enum err e, int status, int64_t ms,
    const char *note);

/* "debug", "info", "warn", "error"; false leaves `*out` alone. */
MUST_USE bool log_level_parse(struct str name, enum log_level *out);

#endif
