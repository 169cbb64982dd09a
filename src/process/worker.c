/*
 * worker: one thread that answers one request at a time.
 * Floor: process.
 *
 * Signals stay blocked and are read from a descriptor, beside the listening
 * socket: so they arrive between two requests and never in the middle of one,
 * where libfcgi would take them for the request's end.
 */
#include "process/worker.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "http/fcgi.h"
#include "http/figures.h"
#include "http/http.h"
#include "http/router.h"
#include "io/entropy.h"
#include "io/pg.h"
#include "journal_run.h"
#include "process/scoreboard.h"
#include "store/flow_cache.h"
#include "store/journal.h"
#include "store/statements.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define FIXED_BLOCK_BYTES ((size_t)4 * 1024)
#define REQUEST_BLOCK_BYTES ((size_t)32 * 1024)
#define PIECE_BLOCK_BYTES ((size_t)64 * 1024)

/* Of an answer in pieces: ten million calls to who has 20 Mbit/s. */
#define REST_MS (15 * 60 * 1000)

/* How long a connection may lie there whose worker died as it was woken. */
#define LOOK_AGAIN_MS 1000

enum order { ORDER_NONE, ORDER_RETIRE, ORDER_DRAIN };

struct serving {
	const struct worker *worker;
	struct log log;      /* names the present request */
	struct arena *fixed; /* of what lives as long as the worker */
	struct arena *arena; /* of the present request */
	struct fcgi *fcgi;
	struct pg *pg;
	struct flow_cache *flows;
	struct journal *journal;
	struct readiness readiness;
	int signal_fd;
	int epoll_fd;          /* of the listening socket and signal_fd */
	uint64_t last_request; /* after so many it ends */
};

/* A fifth more or less, so that a pool is not replaced all at once. */
static uint64_t
jittered(int requests)
{
	const uint32_t fifth = (uint32_t)requests / 5;

	return (uint64_t)requests - fifth + entropy_below(2 * fifth + 1);
}

static int
open_signal_fd(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, WORKER_DRAIN);
	(void)sigaddset(&set, WORKER_RETIRE);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static enum order
read_order(int signal_fd)
{
	struct signalfd_siginfo info;
	enum order order = ORDER_NONE;

	while (read(signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == WORKER_DRAIN)
			order = ORDER_DRAIN;
		else if (order == ORDER_NONE)
			order = ORDER_RETIRE;
	}
	return order;
}

/*
 * The listening socket is the whole pool's: exclusively, so that a connection
 * wakes one worker that waits and not all of them (measured with 24 that were
 * mostly idle: three times the CPU of a request).
 */
static int
open_epoll(int listen_fd, int signal_fd)
{
	struct epoll_event connection = { .events = EPOLLIN | EPOLLEXCLUSIVE,
		.data.fd = listen_fd };
	struct epoll_event order = { .events = EPOLLIN, .data.fd = signal_fd };
	const int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0)
		return -1;
	if (epoll_ctl(fd, EPOLL_CTL_ADD, listen_fd, &connection) == 0 &&
	    epoll_ctl(fd, EPOLL_CTL_ADD, signal_fd, &order) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/* Waits for a connection or an order, whichever comes. */
static enum order
wait_for_work(const struct serving *s)
{
	struct epoll_event events[2];
	const int n =
	    epoll_wait(s->epoll_fd, events, ARRAY_LEN(events), LOOK_AGAIN_MS);

	for (int i = 0; i < n; i++) {
		if (events[i].data.fd == s->signal_fd)
			return read_order(s->signal_fd);
	}
	return ORDER_NONE;
}

/* Whoever watches counts from now on. */
static void
begin_part(const struct serving *s)
{
	atomic_store(&s->worker->slot->busy_since_ms, clock_mono_ms());
}

/*
 * An answer that is longer than what we hold: making a piece and sending it
 * each have the time that a whole request has elsewhere, so who takes it slowly
 * is waited for, and who takes nothing is not.  Not for ever: others wait for
 * this worker.
 */
static enum err
send_rest(struct serving *s, const struct resp *resp)
{
	struct arena *const arena = arena_new(PIECE_BLOCK_BYTES);
	const int64_t deadline_ms = clock_mono_ms() + REST_MS;
	struct buf piece;
	bool over = false;
	enum err e;

	begin_part(s);
	e = fcgi_begin(s->fcgi, resp);
	while (e == ERR_OK && !over) {
		begin_part(s);
		arena_reset(arena);
		buf_init(&piece, arena, RESP_PIECE_MAX_BYTES);
		e = resp->rest.next(resp->rest.state, &piece, &over);
		begin_part(s);
		if (e == ERR_OK)
			e = clock_left_ms(deadline_ms) == 0
			    ? ERR_INPUT
			    : fcgi_piece(s->fcgi, buf_str(&piece));
	}
	if (e == ERR_OK)
		fcgi_end(s->fcgi);
	else
		fcgi_abort(s->fcgi);
	arena_free(arena);
	return e;
}

/* ERR_INPUT: nobody took it.  Else why it could not be sent to its end. */
static enum err
send_answer(struct serving *s, const struct resp *resp, bool head)
{
	enum err e;

	if (resp->rest.next == NULL)
		return fcgi_finish(s->fcgi, resp, head);
	e = head ? fcgi_finish(s->fcgi, resp, true) : send_rest(s, resp);
	resp->rest.end(resp->rest.state);
	return e;
}

static const char *
note_of(enum err sent)
{
	if (sent == ERR_OK)
		return NULL;
	return sent == ERR_INPUT ? "nobody took the answer"
				 : "the answer was cut off";
}

static void
answer(struct serving *s, struct req *req)
{
	const struct ctx ctx = {
		.conf = s->worker->conf,
		.flows = flow_cache_set(s->flows),
		.journal = s->journal,
		.pg = s->pg,
		.readiness = &s->readiness,
		.gauges = s->worker->gauges,
		.figures = s->worker->figures,
		.watchers = s->worker->watchers,
	};
	struct resp resp;
	int64_t took_us;
	enum err e;
	enum err sent;

	resp_init(&resp, s->arena);
	e = router_answer(&ctx, s->fcgi, req, &resp);
	if (req->cut_off) {
		fcgi_abort(s->fcgi);
		log_event(&s->log, LOG_BROKEN, e, "the body was cut off");
		return;
	}
	sent = send_answer(s, &resp, str_eq(req->method, STR("HEAD")));
	took_us = clock_mono_us() - req->started_us;
	figures_add(s->worker->figures, req, resp.status, took_us);
	log_request(&s->log, e == ERR_OK && sent != ERR_INPUT ? sent : e,
	    resp.status, took_us / 1000, note_of(sent));
}

/*
 * Takes and answers one request.  ERR_OK and ERR_INPUT: go on; ERR_BUSY: none
 * is waiting; ERR_BUG: end.
 */
static enum err
serve_one(struct serving *s)
{
	struct slot *const slot = s->worker->slot;
	struct req req;
	enum err e;

	/* Reading it may take for ever: the clock runs from here. */
	atomic_store(&slot->busy_since_ms, clock_mono_ms());
	s->log = s->worker->log;
	e = fcgi_accept(s->fcgi, s->arena, &s->log, &req);
	if (e == ERR_OK) {
		flow_cache_refresh(s->flows);
		answer(s, &req);
		(void)atomic_fetch_add(&slot->requests, 1);
	} else if (e != ERR_BUSY) {
		log_event(&s->log, LOG_BROKEN, e,
		    e == ERR_BUG ? "the listening socket is of no use"
				 : "the request was cut off");
	}
	arena_reset(s->arena);
	atomic_store(&slot->busy_since_ms, 0);
	return e;
}

static int
serve(struct serving *s)
{
	bool draining = false;

	atomic_store(&s->worker->slot->ready, true);
	for (;;) {
		enum order order = ORDER_NONE;
		enum err e;

		if (!draining) {
			order = wait_for_work(s);
			draining = order == ORDER_DRAIN;
		}
		e = serve_one(s);
		if (e == ERR_BUG)
			return 1;
		/* Only now: a connection may have woken this worker alone. */
		if (order == ORDER_RETIRE || (draining && e == ERR_BUSY))
			return 0;
		if (!draining &&
		    atomic_load(&s->worker->slot->requests) >= s->last_request)
			return 0;
	}
}

int
worker_run(const struct worker *worker)
{
	struct serving s = {
		.worker = worker,
		.log = worker->log,
		.fixed = arena_new(FIXED_BLOCK_BYTES),
		.arena = arena_new(REQUEST_BLOCK_BYTES),
		.signal_fd = open_signal_fd(),
		.last_request = jittered(worker->conf->worker_requests),
	};
	const struct pg_options options = {
		.conninfo = worker->conf->database_url,
		.on_connect = stmt(STMT_SESSION_WORKER),
		.log = &s.log, /* names the request that a statement is for */
	};
	const struct journal_options journal = {
		.socket = journal_socket_path(s.fixed, worker->conf),
		.spool = journal_spool_path(s.fixed, worker->conf),
		.gauges = worker->gauges,
	};
	int status;

	s.pg = pg_new(&options);
	s.journal = journal_new(s.fixed, &journal);
	s.flows = flow_cache_new(worker->conf, &worker->log);
	s.fcgi = fcgi_new(s.fixed, worker->listen_fd);
	s.epoll_fd = open_epoll(worker->listen_fd, s.signal_fd);
	status = s.epoll_fd < 0 ? 1 : serve(&s);
	log_event(&worker->log, LOG_WORKER_DOWN, ERR_OK, "%llu requests",
	    (unsigned long long)atomic_load(&worker->slot->requests));
	fcgi_close(s.fcgi);
	flow_cache_free(s.flows);
	journal_close(s.journal);
	pg_free(s.pg);
	arena_free(s.arena);
	arena_free(s.fixed);
	if (s.epoll_fd >= 0)
		(void)close(s.epoll_fd);
	if (s.signal_fd >= 0)
		(void)close(s.signal_fd);
	return status;
}
