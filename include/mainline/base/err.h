/*
 * err: what went wrong, named for what the caller does about it.
 * Floor: base.
 *
 * There is no "last error": the detail is logged, or written into an output
 * of the function, where it is known.
 */
#ifndef MAINLINE_BASE_ERR_H
#define MAINLINE_BASE_ERR_H

#include "base/compiler.h"

enum err {
	ERR_OK,
	ERR_INPUT, /* what was sent is wrong: 400, say what and how to mend */
	ERR_AUTH,  /* nobody we know: 401 */
	ERR_FORBIDDEN, /* known, or forged, and not allowed: 403 */
	ERR_NOT_FOUND, /* 404 */
	ERR_GONE,      /* it was there, and will not be again: 410 */
	ERR_METHOD,    /* the path exists, not with this method: 405 */
	ERR_CONFLICT,  /* it is there already, or somebody was faster: 409 */
	ERR_LIMIT,     /* larger than a cap of ours: 413 */
	ERR_TOO_MANY,  /* asked too often; after a while it may be: 429 */
	ERR_TYPE,      /* a content type that we do not read: 415 */
	ERR_BUSY,      /* not now; the same again may work later: 503 */
	ERR_DB, /* the database refused what we said: a defect of ours: 500 */
	ERR_UPSTREAM, /* somebody whom we asked gave no good answer: 502 */
	ERR_BUG,      /* the impossible happened: 500 */
	ERR__MAX
};

/* The name as it stands in logs: "busy" for ERR_BUSY; never NULL. */
const char *err_name(enum err e);

#endif
