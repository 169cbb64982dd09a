/*
 * http: a request and its answer, as handlers see them.
 * Floor: http.
 */
#ifndef MAINLINE_HTTP_HTTP_H
#define MAINLINE_HTTP_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "codec/form.h"
#include "flow/flow_set.h"
#include "io/conf.h"
#include "io/pg.h"
#include "store/journal.h"
#include "store/tokens.h"
#include "store/watchers.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stdint.h>

#define HTTP_BODY_MAX_BYTES ((size_t)64 * 1024)
#define HTTP_RESPONSE_MAX_BYTES ((size_t)16 * 1024 * 1024)

struct figures; /* http/figures.h */

/* What /readyz found last, so that asking often costs the database nothing. */
struct readiness {
	int64_t checked_ms; /* monotonic; 0: never */
	enum err database;
};

/* What a worker has; one for its life, borrowed by every handler. */
struct ctx {
	const struct conf *conf;
	const struct flow_set *flows;
	struct journal *journal;
	struct pg *pg;
	struct readiness *readiness;
	const struct journal_gauges *gauges; /* shared by all processes */
	const struct figures *figures;       /* the same */
	struct watchers *watchers;           /* the same */
};

/* All strings are borrowed from the request's arena. */
struct req {
	struct arena *arena;
	struct log *log;
	int64_t received_us; /* wall clock */
	int64_t started_ms;  /* monotonic */
	int64_t started_us;  /* the same, finer */
	struct str method;
	struct str uri;   /* raw path and query, as nginx received it */
	struct str path;  /* the part before "?", raw */
	struct str query; /* the part behind it, raw; absent without "?" */
	struct str content_type;
	int content_length;   /* -1: not sent, or no number */
	struct str signature; /* X-Twilio-Signature */
	struct str authorization;
	struct str if_none_match;
	struct str range, if_range;
	struct str cookie;      /* the header, all of it */
	struct str fetch_site;  /* Sec-Fetch-Site: who made a browser ask */
	struct str origin;      /* the header: the page that did */
	struct str seen;        /* "scheme port host" as nginx met it: probes */
	struct str remote_user; /* whom nginx's oauth2-proxy has signed in */
	bool cut_off;    /* the body ended before its length: nobody is there */
	struct str body; /* read by the router, up to its row's cap */
	struct form form;      /* `body` decoded; webhooks only */
	enum event_kind event; /* webhooks: what the route is about */
	bool is_webhook;       /* its path is one that Twilio calls */
	bool is_signed;        /* and Twilio does, as was checked */
	struct str sid;      /* the path's variable part, if its row has one */
	struct str variable; /* the same with its %XX decoded */
	struct identity who; /* where somebody who is known was asked for */
	struct str key;      /* of a feed's address, where it says who asks */
};

/*
 * What follows `body` where an answer is too long to be held: asked for piece
 * by piece, while the last one is on its way.
 */
struct resp_rest {
	/*
	 * Adds the next piece to `out`, which is empty; nothing: it is still
	 * looked for.  `*over`: that was all.  NULL: there is no rest.  On an
	 * error the connection is cut, so that nobody takes what was sent for
	 * the whole.
	 */
	enum err (*next)(void *state, struct buf *out, bool *over);
	void (*end)(void *state); /* once, sent or not */
	void *state;              /* lives as long as the request's arena */
};

/* No piece is longer. */
#define RESP_PIECE_MAX_BYTES ((size_t)1024 * 1024)

struct resp {
	int status;              /* 0: not answered yet */
	struct str content_type; /* absent: no body */
	struct str body;
	struct resp_rest rest;
	struct buf headers; /* further ones, whole lines with CR LF */
};

/* A deadline of this many milliseconds from the request's beginning. */
int64_t req_deadline(const struct req *req, int ms);

void resp_init(struct resp *resp, struct arena *arena);

/* One more header; `value` is ours or has been checked: it is not escaped. */
void resp_header(struct resp *resp, const char *name, struct str value);

void resp_twiml(struct resp *resp, struct str twiml);
void resp_json(struct resp *resp, int status, struct str json);
void resp_empty(struct resp *resp, int status);

/*
 * Does the request's If-None-Match name this strong ETag, so that 304 is due?
 */
bool req_holds(const struct req *req, struct str etag);

/*
 * JSON with an ETag over it, or 304 without it where the client holds the same;
 * to be asked about each time.  Who has another type sets it behind.
 */
void resp_tagged(struct resp *resp, const struct req *req, struct str body);

/*
 * An RFC 9457 problem.  `code` is stable and for programs, the detail for
 * people: what is wrong and how to mend it.  Gives back `e`, so that a handler
 * can end with it.
 */
enum err resp_problem(struct resp *resp, const struct req *req, enum err e,
    const char *code, const char *fmt, ...) PRINTF_LIKE(5, 6);

/* The same about one parameter, which is named in the problem. */
enum err resp_bad_parameter(struct resp *resp, const struct req *req,
    struct str name, const char *detail);

/* The same about the first parameter of a path that takes none. */
enum err resp_no_parameters(struct resp *resp, const struct req *req);

/* The HTTP status of an error: the one table. */
int http_status(enum err e);

/* "Bad Request" for 400; "" when unknown. */
const char *http_reason(int status);

#endif
