/*
 * fetch: HTTP requests of ours to others.  Floor: io.
 *
 * libcurl pushes the body through a callback; the callers here pull.  So a
 * piece that nobody has read yet pauses the transfer.
 */
#include "io/fetch.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "curl_handle.h"
#include "fetch_request.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define STALL_MS 3000 /* a body that stands still so long has broken off */
#define KEPT_CONNECTIONS 2

struct fetcher {
	const char *ca_file; /* or NULL */
	CURLM *multi;
	CURL *easy; /* the exchange under way, or NULL */
	bool begun; /* its body has begun, or it has none */
	bool ended;
	CURLcode result; /* once it has ended */
	struct fetch_upload upload;
	struct curl_slist *headers, *connect_to;
	int64_t deadline_ms;
	char error[CURL_ERROR_SIZE];
	char piece[CURL_MAX_WRITE_SIZE]; /* of the body, not read yet */
	size_t piece_n, piece_read;
};

struct fetcher *
fetcher_new(const char *ca_file)
{
	struct fetcher *const f = calloc(1, sizeof(*f));

	if (f == NULL)
		abort();
	f->ca_file = ca_file;
	return f;
}

/* Not before it is needed: most workers never ask anybody. */
static void
begin(struct fetcher *f)
{
	if (f->multi == NULL) {
		curl_library_begin();
		f->multi = curl_multi_init();
		if (f->multi == NULL)
			abort();
		(void)curl_multi_setopt(
		    f->multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
	}
	f->easy = curl_handle_new(f->ca_file, f->error);
}

void
fetcher_free(struct fetcher *f)
{
	if (f == NULL)
		return;
	fetch_close(f);
	if (f->multi != NULL) {
		(void)curl_multi_cleanup(f->multi);
		curl_library_end();
	}
	free(f);
}

/* libcurl's: a piece of the body has come. */
static size_t
take_piece(char *bytes, size_t size, size_t n, void *arg)
{
	struct fetcher *const f = arg;

	f->begun = true;
	if (f->piece_n > 0 || size * n > sizeof(f->piece))
		return CURL_WRITEFUNC_PAUSE;
	memcpy(f->piece, bytes, size * n);
	f->piece_n = size * n;
	f->piece_read = 0;
	return size * n;
}

/* Whatever can be done now; then waits for more, up to `deadline_ms`. */
static enum err
advance(struct fetcher *f, int64_t deadline_ms)
{
	const int64_t left = deadline_ms - clock_mono_ms();
	CURLMsg *message;
	int running = 0;
	int queued = 0;

	if (left <= 0)
		return ERR_BUSY;
	if (curl_multi_perform(f->multi, &running) != CURLM_OK)
		return ERR_BUG;
	while ((message = curl_multi_info_read(f->multi, &queued)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		f->ended = true;
		f->begun = true;
		f->result = message->data.result;
	}
	if (f->ended || f->piece_n > 0)
		return ERR_OK;
	return curl_multi_poll(f->multi, NULL, 0, (int)left, NULL) == CURLM_OK
	    ? ERR_OK
	    : ERR_BUG;
}

static struct str
header(struct fetcher *f, struct arena *arena, const char *name)
{
	struct curl_header *found;

	if (curl_easy_header(f->easy, name, 0, CURLH_HEADER, -1, &found) !=
	    CURLHE_OK)
		return STR_ABSENT;
	return str_copy(arena, str_of(found->value));
}

/*
 * Seconds, or a date in any of HTTP's three forms (RFC 9110, 10.2.3).  What is
 * neither is as if it were not told.
 */
static int
retry_after(struct str value)
{
	int64_t seconds;
	int delta;

	if (value.p == NULL)
		return -1;
	if (value.n > 0 && strspn(value.p, "0123456789") == value.n)
		return str_to_int(value, FETCH_RETRY_MAX_S, &delta)
		    ? delta
		    : FETCH_RETRY_MAX_S;
	seconds = (int64_t)curl_getdate(value.p, NULL);
	if (seconds < 0)
		return -1;
	seconds -= clock_wall_us() / 1000000;
	if (seconds < 0)
		return 0;
	return seconds < FETCH_RETRY_MAX_S ? (int)seconds : FETCH_RETRY_MAX_S;
}

static int64_t
date(struct str value)
{
	const int64_t s =
	    value.p == NULL ? -1 : (int64_t)curl_getdate(value.p, NULL);

	return s < 0 ? -1 : s * 1000000;
}

static void
read_head(struct fetcher *f, struct arena *arena, struct fetch_response *out)
{
	curl_off_t length = -1;
	long status = 0;

	(void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(
	    f->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	*out = (struct fetch_response){
		.status = (int)status,
		.content_type = header(f, arena, "Content-Type"),
		.content_range = header(f, arena, "Content-Range"),
		.etag = header(f, arena, "ETag"),
		.location = header(f, arena, "Location"),
		.length = length,
		.date_us = date(header(f, arena, "Date")),
		.retry_after_s = retry_after(header(f, arena, "Retry-After")),
	};
}

static enum err
failure(const struct fetcher *f, struct arena *arena, const char **why)
{
	*why = f->error[0] == '\0' ? curl_easy_strerror(f->result)
				   : str_cstr(arena, str_of(f->error));
	switch ((int)f->result) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
		return ERR_BUSY;
	case CURLE_ABORTED_BY_CALLBACK:
		*why = "the file to be sent is shorter than told";
		return ERR_INPUT;
	default:
		return ERR_UPSTREAM;
	}
}

enum err
fetch_open(struct fetcher *f, struct arena *arena,
    const struct fetch_request *request, struct fetch_response *out,
    const char **why)
{
	enum err e;

	fetch_close(f);
	e = fetch_request_check(request, why);
	if (e != ERR_OK)
		return e;
	begin(f);
	f->deadline_ms = request->deadline_ms;
	f->headers = fetch_request_apply(f->easy, arena, request, &f->upload);
	f->connect_to = curl_handle_connect_to(f->easy, request->connect_to);
	(void)curl_easy_setopt(f->easy, CURLOPT_WRITEFUNCTION, take_piece);
	(void)curl_easy_setopt(f->easy, CURLOPT_WRITEDATA, f);
	(void)curl_multi_add_handle(f->multi, f->easy);
	while (e == ERR_OK && !f->begun)
		e = advance(f, request->head_deadline_ms);
	if (e != ERR_OK)
		*why = e == ERR_BUSY ? "no answer in time" : "libcurl failed";
	else if (f->ended && f->result != CURLE_OK)
		e = failure(f, arena, why);
	if (e == ERR_OK)
		read_head(f, arena, out);
	else
		fetch_close(f);
	return e;
}

enum err
fetch_read(struct fetcher *f, char *out, size_t n, size_t *got)
{
	const int64_t stalled_ms = clock_mono_ms() + STALL_MS;
	const int64_t until_ms =
	    stalled_ms < f->deadline_ms ? stalled_ms : f->deadline_ms;
	size_t left;

	*got = 0;
	while (f->piece_n == 0 && !f->ended) {
		/* It may deliver what was held back, or end, at once. */
		(void)curl_easy_pause(f->easy, CURLPAUSE_CONT);
		if (f->piece_n == 0 && advance(f, until_ms) != ERR_OK)
			return ERR_UPSTREAM;
	}
	if (f->piece_n == 0)
		return f->result == CURLE_OK ? ERR_OK : ERR_UPSTREAM;
	left = f->piece_n - f->piece_read;
	*got = n < left ? n : left;
	memcpy(out, f->piece + f->piece_read, *got);
	f->piece_read += *got;
	if (f->piece_read == f->piece_n)
		f->piece_n = 0;
	return ERR_OK;
}

enum err
fetch_read_all(
    struct fetcher *f, struct arena *arena, size_t max, struct str *out)
{
	char piece[4096];
	struct buf all;
	size_t n = 1;

	buf_init(&all, arena, max);
	buf_add(&all, STR("")); /* so that it is never absent */
	while (n > 0) {
		const enum err e = fetch_read(f, piece, sizeof(piece), &n);

		if (e != ERR_OK)
			return e;
		buf_add(&all, (struct str){ piece, n });
		if (buf_close(&all) != ERR_OK)
			return ERR_LIMIT;
	}
	*out = buf_str(&all);
	return ERR_OK;
}

void
fetch_close(struct fetcher *f)
{
	if (f->easy == NULL)
		return;
	(void)curl_multi_remove_handle(f->multi, f->easy);
	curl_handle_free(f->easy);
	f->easy = NULL;
	curl_slist_free_all(f->headers);
	f->headers = NULL;
	curl_slist_free_all(f->connect_to);
	f->connect_to = NULL;
	f->begun = false;
	f->ended = false;
	f->result = CURLE_OK;
	f->piece_n = 0;
	f->error[0] = '\0';
}
