/*
 * fetch: HTTP requests of ours to others, one at a time.
 * Floor: io.
 *
 * A response is read while it comes, and a file is sent while it is read, so
 * that a long recording needs no memory.  Certificates are checked, redirects
 * are not followed, proxies are not used, and only https is spoken, except with
 * this machine itself (url_is_private()): so a credential reaches the host that
 * was named, and nobody else.  Connections are kept.
 */
#ifndef MAINLINE_IO_FETCH_H
#define MAINLINE_IO_FETCH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

#define FETCH_RETRY_MAX_S 86400

struct fetcher;

enum fetch_method {
	FETCH_GET,
	FETCH_HEAD,
	FETCH_POST,
	FETCH_PUT,
	FETCH_DELETE
};

struct fetch_header {
	const char *name; /* not one of those that fetch itself writes */
	struct str value;
};

/* The first `length` bytes of a regular file, wherever its offset stands. */
struct fetch_file {
	int fd; /* borrowed until fetch_close() */
	int64_t length;
};

struct fetch_request {
	const char *url; /* ours: no part of it is taken on trust */
	enum fetch_method method;
	struct str user; /* Basic; absent: no credentials */
	struct str password;
	/*
	 * "aws:amz:REGION:s3": `user` and `password` are a key and its secret,
	 * which sign the request and are not sent.  The header
	 * x-amz-content-sha256 must then be among `headers`, and no name among
	 * them may begin with the whole of another's.  Keep to URLs
	 * without a query and to paths that need no escaping: libcurl 7.88
	 * signs those as they are written, 8.14 in their canonical form.
	 */
	const char *aws_sigv4; /* NULL: Basic */
	struct str range;      /* of a Range header; absent: the whole */
	const struct fetch_header *headers; /* more of them; NULL */
	size_t n_headers;
	/*
	 * Of POST and PUT alone: the body, from memory (borrowed until
	 * fetch_close()) or, when `file` is not NULL, from there.
	 */
	struct str body;
	const struct fetch_file *file;
	struct str content_type; /* absent: for POST, that of a form */
	/*
	 * "host:port" to connect to in place of what the URL names, which is
	 * asked for, and whose certificate is wanted, all the same; NULL.
	 */
	const char *connect_to;
	int64_t head_deadline_ms; /* monotonic: until the response begins, the
				     sending of the body included */
	int64_t deadline_ms;      /* monotonic: until it has ended */
};

/* Strings live in the arena that was given; what was not sent is absent. */
struct fetch_response {
	int status;
	struct str content_type, content_range, etag, location;
	int64_t length;    /* of the body; -1: not told */
	int64_t date_us;   /* by its clock; -1: not told */
	int retry_after_s; /* 0 to FETCH_RETRY_MAX_S; -1: not told */
};

/*
 * One a process, never before a fork.  Freed with fetcher_free().  `ca_file`:
 * authorities beside the system's (borrowed), or NULL.
 */
struct fetcher *fetcher_new(const char *ca_file);
void fetcher_free(struct fetcher *fetcher);

/*
 * Sends a request and waits for the response's head.  On ERR_OK fetch_close()
 * must follow.  ERR_BUSY: no answer before the deadline, or nobody listens.
 * ERR_UPSTREAM: it cannot be spoken to (TLS, no HTTP).  ERR_INPUT: the request
 * may not be sent (another scheme, http to another machine, a line break in a
 * header) or its file cannot be read.  `*why` says more (in `arena`), and never
 * holds a credential.
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

/*
 * Reads all of the body, with a NUL behind it.  ERR_LIMIT: it has more than
 * `max` bytes.  ERR_UPSTREAM: as fetch_read().
 */
MUST_USE enum err fetch_read_all(
    struct fetcher *fetcher, struct arena *arena, size_t max, struct str *out);

/* Ends the exchange, at whatever point it is. */
void fetch_close(struct fetcher *fetcher);

#endif
