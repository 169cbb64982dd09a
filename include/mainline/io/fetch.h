/*
 * fetch: HTTP requests of ours to others, one at a time; the only user of
 * libcurl.
 * Floor: io.
 *
 * A response is read while it comes, so that a long recording needs no memory.
 * Certificates are checked, redirects are not followed, proxies are not used,
 * and no protocol but http and https is spoken.  Connections are kept.
 */
#ifndef MAINLINE_IO_FETCH_H
#define MAINLINE_IO_FETCH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct fetcher;

struct fetch_request {
	const char *url; /* ours: no part of it is taken on trust */
	struct str user; /* Basic; absent: no credentials */
	struct str password;
	struct str range;         /* of a Range header; absent: the whole */
	int64_t head_deadline_ms; /* monotonic: until the response begins */
	int64_t deadline_ms;      /* monotonic: until it has ended */
};

/* Strings live in the arena that was given; what was not sent is absent. */
struct fetch_response {
	int status;
	struct str content_type, content_range, etag;
	int64_t length; /* of the body; -1: not told */
};

/* One a process, never before a fork.  Freed with fetcher_free(). */
struct fetcher *fetcher_new(void);
void fetcher_free(struct fetcher *fetcher);

/*
 * Sends a GET and waits for the response's head.  On ERR_OK fetch_close() must
 * follow.  ERR_BUSY: no answer before the deadline, or nobody listens.
 * ERR_UPSTREAM: it cannot be spoken to (TLS, no HTTP).  `*why` says more
 * (in `arena`), and never holds a credential.
 */
MUST_USE enum err fetch_open(struct fetcher *fetcher, struct arena *arena,
    const struct fetch_request *request, struct fetch_response *out,
    const char **why);

/*
 * Reads the next `n` bytes of the body at most; `*got` is 0 at its end.
 * ERR_UPSTREAM: it ended too early, stood still for three seconds, or its
 * deadline has passed.
 */
MUST_USE enum err fetch_read(
    struct fetcher *fetcher, char *out, size_t n, size_t *got);

/* Ends the exchange, at whatever point it is. */
void fetch_close(struct fetcher *fetcher);

#endif
