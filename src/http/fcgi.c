/* fcgi: requests from nginx over FastCGI.  Floor: http. */
#include "http/fcgi.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "http/http.h"

#include <errno.h>
#include <fcgiapp.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h> /* IWYU pragma: keep (timeval) */

#define FCGI_PIECE_MS 4000 /* below SUPERVISOR_REQUEST_MS */
#define BIT_BYTES ((size_t)8 * 1024)

struct fcgi {
	FCGX_Request request;
};

void
fcgi_init(void)
{
	/*
	 * A silent peer costs a worker so long; only nginx can connect, and it
	 * does when it has the whole request.  Shorter, and a starved nginx
	 * would lose its request.  What was exported wins.
	 */
	(void)setenv("LIBFCGI_IS_AF_UNIX_KEEPER_POLL_TIMEOUT", "1000", 0);
	(void)setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "100", 0);
}

struct fcgi *
fcgi_new(struct arena *arena, int listen_fd)
{
	struct fcgi *const fcgi = ARENA_NEW(arena, struct fcgi);

	if (FCGX_Init() != 0 ||
	    FCGX_InitRequest(
		&fcgi->request, listen_fd, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		abort();
	return fcgi;
}

void
fcgi_close(struct fcgi *fcgi)
{
	FCGX_Free(&fcgi->request, 1);
}

/*
 * FCGX_GetParam() searches, so each parameter is looked up once; what it gives
 * dies with the request, the log line about it comes after.
 */
static struct str
param(const struct fcgi *fcgi, struct arena *arena, const char *name)
{
	return str_copy(arena, str_of(FCGX_GetParam(name, fcgi->request.envp)));
}

/* A header that nginx passes on; an empty one counts as absent. */
static struct str
header(const struct fcgi *fcgi, struct arena *arena, const char *name)
{
	const struct str value = param(fcgi, arena, name);

	return value.n == 0 ? STR_ABSENT : value;
}

static void
read_head(const struct fcgi *fcgi, struct req *req)
{
	struct arena *const arena = req->arena;
	struct str rest;

	req->method = param(fcgi, arena, "REQUEST_METHOD");
	req->uri = param(fcgi, arena, "REQUEST_URI");
	rest = req->uri;
	req->path = str_split(&rest, '?');
	req->query = rest;
	req->content_type = header(fcgi, arena, "CONTENT_TYPE");
	req->content_length = -1;
	if (!str_to_int(param(fcgi, arena, "CONTENT_LENGTH"), INT_MAX,
		&req->content_length))
		req->content_length = -1;
	req->signature = header(fcgi, arena, "HTTP_X_TWILIO_SIGNATURE");
	req->authorization = header(fcgi, arena, "HTTP_AUTHORIZATION");
	req->if_none_match = header(fcgi, arena, "HTTP_IF_NONE_MATCH");
	req->range = header(fcgi, arena, "HTTP_RANGE");
	req->if_range = header(fcgi, arena, "HTTP_IF_RANGE");
	req->cookie = header(fcgi, arena, "HTTP_COOKIE");
	req->fetch_site = header(fcgi, arena, "HTTP_SEC_FETCH_SITE");
	req->origin = header(fcgi, arena, "HTTP_ORIGIN");
	req->remote_user = header(fcgi, arena, "REMOTE_USER");
	req->seen = header(fcgi, arena, "SEEN");
	req->log->req = header(fcgi, arena, "REQUEST_ID");
	req->log->route =
	    STR_ABSENT; /* the router's pattern: paths hold numbers */
	req->log->call_sid = STR_ABSENT;
}

enum err
fcgi_accept(
    struct fcgi *fcgi, struct arena *arena, struct log *log, struct req *req)
{
	const int rc = FCGX_Accept_r(&fcgi->request);
	int64_t started_us;

	if (rc == -EAGAIN || rc == -EINTR || rc == -ECONNABORTED ||
	    rc == -EMFILE || rc == -ENFILE)
		return ERR_BUSY;
	if (rc < 0)
		return ERR_BUG;
	started_us = clock_mono_us();
	*req = (struct req){
		.arena = arena,
		.log = log,
		.received_us = clock_wall_us(),
		.started_ms = started_us / 1000,
		.started_us = started_us,
	};
	/* Asked for so that an answer's end is told from a cut; never done. */
	fcgi->request.keepConnection = 0;
	read_head(fcgi, req);
	/* An aborted request looks like success with an empty environment. */
	if (FCGX_GetError(fcgi->request.in) != 0 || req->method.p == NULL ||
	    req->uri.p == NULL) {
		fcgi_abort(fcgi);
		return ERR_INPUT;
	}
	return ERR_OK;
}

enum err
fcgi_read_body(struct fcgi *fcgi, struct req *req)
{
	const int wanted = req->content_length < 0 ? 0 : req->content_length;
	char *const bytes = arena_alloc(req->arena, (size_t)wanted + 1);
	const int got = FCGX_GetStr(bytes, wanted, fcgi->request.in);

	/* A short body comes without an error as well. */
	if (got != wanted || FCGX_GetError(fcgi->request.in) != 0) {
		req->cut_off = true;
		return ERR_INPUT;
	}
	req->body = (struct str){ bytes, (size_t)got };
	return ERR_OK;
}

static void
put(struct fcgi *fcgi, struct str s)
{
	if (s.n > 0 && s.n <= INT_MAX)
		(void)FCGX_PutStr(s.p, (int)s.n, fcgi->request.out);
}

static void
put_head(struct fcgi *fcgi, const struct resp *resp)
{
	FCGX_Stream *const out = fcgi->request.out;

	(void)FCGX_FPrintF(
	    out, "Status: %d %s\r\n", resp->status, http_reason(resp->status));
	if (resp->content_type.p != NULL) {
		put(fcgi, STR("Content-Type: "));
		put(fcgi, resp->content_type);
		put(fcgi, STR("\r\n"));
	}
	/* libfcgi's own printf, which does not know %zu. */
	if (resp->content_type.p != NULL && resp->rest.next == NULL)
		(void)FCGX_FPrintF(
		    out, "Content-Length: %lld\r\n", (long long)resp->body.n);
	put(fcgi, buf_str(&resp->headers));
	put(fcgi, STR("\r\n"));
}

/* Writes into the buffer succeed for ever; only this tells. */
static bool
is_taken(struct fcgi *fcgi)
{
	FCGX_Stream *const out = fcgi->request.out;

	return FCGX_FFlush(out) == 0 && FCGX_GetError(out) == 0;
}

enum err
fcgi_finish(struct fcgi *fcgi, const struct resp *resp, bool head)
{
	enum err e;

	put_head(fcgi, resp);
	if (!head)
		put(fcgi, resp->body);
	e = is_taken(fcgi) ? ERR_OK : ERR_INPUT;
	FCGX_Finish_r(&fcgi->request);
	return e;
}

/*
 * Puts so much that the socket takes it at once, when it is ready for more:
 * each write by itself has a deadline as well, but who takes a few bytes before
 * each of them would be waited for without end.
 */
static enum err
put_bit(struct fcgi *fcgi, struct str bit, int64_t deadline_ms)
{
	struct pollfd fd = { .fd = fcgi->request.ipcFd, .events = POLLOUT };

	if (poll(&fd, 1, clock_left_ms(deadline_ms)) != 1)
		return ERR_INPUT;
	put(fcgi, bit);
	return is_taken(fcgi) ? ERR_OK : ERR_INPUT;
}

enum err
fcgi_begin(struct fcgi *fcgi, const struct resp *resp)
{
	const struct timeval patience = { .tv_sec = FCGI_PIECE_MS / 1000 };

	/* Where nginx takes no more, as its client does not, we would hang. */
	if (setsockopt(fcgi->request.ipcFd, SOL_SOCKET, SO_SNDTIMEO, &patience,
		sizeof(patience)) != 0)
		return ERR_BUG;
	put_head(fcgi, resp);
	return fcgi_piece(fcgi, resp->body);
}

enum err
fcgi_piece(struct fcgi *fcgi, struct str piece)
{
	const int64_t deadline_ms = clock_mono_ms() + FCGI_PIECE_MS;
	enum err e = ERR_OK;

	for (size_t at = 0; at < piece.n && e == ERR_OK; at += BIT_BYTES)
		e = put_bit(fcgi, str_slice(piece, at, BIT_BYTES), deadline_ms);
	return e;
}

void
fcgi_end(struct fcgi *fcgi)
{
	FCGX_Finish_r(&fcgi->request);
}

void
fcgi_abort(struct fcgi *fcgi)
{
	FCGX_Free(&fcgi->request, 1);
}
