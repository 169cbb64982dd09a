/* journal_run: the journal process.  Floor: process. */
#include "journal_run.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/channel.h"
#include "io/conf.h"
#include "io/spool.h"
#include "journal_clients.h"
#include "journal_queue.h"
#include "journal_writer.h"
#include "store/journal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)4 * 1024)
#define OPEN_AGAIN_MS 50
#define OPEN_MOST_MS 10000
#define MEGABYTE INT64_C(1048576)

/* The descriptors that are not a client's. */
enum { POLL_SIGNAL, POLL_DATABASE, POLL_CLIENTS };

struct journald {
	const struct journal_process *process;
	struct arena *fixed;
	struct spool *spool;
	struct journal_clients *clients;
	struct journal_writer *writer;
	int signal_fd;
	int64_t end_ms; /* TERM has come: the latest moment; INT64_MAX: not */
};

const char *
journal_socket_path(struct arena *arena, const struct conf *conf)
{
	return str_cstr(
	    arena, str_format(arena, "%s/" JOURNAL_SOCKET_NAME, conf->run));
}

const char *
journal_spool_path(struct arena *arena, const struct conf *conf)
{
	return str_cstr(
	    arena, str_format(arena, "%s/" JOURNAL_SPOOL_NAME, conf->data));
}

/* The one before us may still be at its end. */
static enum err
open_spool(struct journald *j)
{
	const struct timespec pause = { 0, OPEN_AGAIN_MS * 1000000L };
	const int64_t deadline_ms = clock_mono_ms() + OPEN_MOST_MS;
	const struct spool_options options = {
		.folder = journal_spool_path(j->fixed, j->process->conf),
		.quota_bytes = j->process->conf->spool_mb * MEGABYTE,
		.log = &j->process->log,
	};
	struct str why = STR("");
	enum err e;

	do {
		e = spool_open(j->fixed, &options, &j->spool, &why);
		if (e == ERR_CONFLICT)
			(void)nanosleep(&pause, NULL);
	} while (e == ERR_CONFLICT && clock_left_ms(deadline_ms) > 0);
	if (e != ERR_OK)
		log_event(&j->process->log, LOG_CONFIG, e, "the spool: %.*s",
		    STR_ARG(why));
	return e;
}

static void
answer(void *arg, const struct waiting *waiting, enum journal_answer answer)
{
	const struct journald *const j = arg;

	journal_clients_answer(j->clients, waiting, answer);
}

static enum err
open_socket(struct journald *j)
{
	const char *const path =
	    journal_socket_path(j->fixed, j->process->conf);
	const int fd = channel_listen(path);

	if (fd < 0) {
		log_event(&j->process->log, LOG_CONFIG, ERR_INPUT,
		    "cannot listen at %s: %s", path, strerror(errno));
		return ERR_INPUT;
	}
	j->clients = journal_clients_new(fd);
	return ERR_OK;
}

static bool
begin(struct journald *j)
{
	struct journal_writer_options options = {
		.conf = j->process->conf,
		.log = &j->process->log,
		.gauges = j->process->gauges,
		.answer = answer,
		.arg = j,
	};
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	j->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (j->signal_fd < 0 || open_spool(j) != ERR_OK ||
	    open_socket(j) != ERR_OK)
		return false;
	options.spool = j->spool;
	j->writer = journal_writer_new(&options);
	return true;
}

/* Takes what has come; what is too much is refused, and spooled elsewhere. */
static void
take_in(struct journald *j)
{
	struct waiting *waiting;

	while ((waiting = journal_clients_next(j->clients)) != NULL) {
		if (journal_writer_add(j->writer, waiting) == ERR_OK)
			continue;
		journal_clients_drop(j->clients, waiting);
		waiting_free(waiting);
	}
}

static bool
is_over(const struct journald *j)
{
	if (j->end_ms == INT64_MAX || !journal_writer_is_idle(j->writer))
		return false;
	return journal_clients_count(j->clients) == 0 ||
	    clock_left_ms(j->end_ms) == 0;
}

static void
read_signal(struct journald *j)
{
	struct signalfd_siginfo info;

	if (read(j->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info) &&
	    j->end_ms == INT64_MAX)
		j->end_ms = clock_mono_ms() + JOURNAL_LINGER_MS;
}

static void
serve(struct journald *j)
{
	struct pollfd fds[POLL_CLIENTS + JOURNAL_CLIENTS_FDS];

	while (!is_over(j)) {
		int64_t until_ms;
		size_t n;

		fds[POLL_SIGNAL] =
		    (struct pollfd){ .fd = j->signal_fd, .events = POLLIN };
		fds[POLL_DATABASE] = journal_writer_poll(j->writer, &until_ms);
		n = journal_clients_poll(j->clients, fds + POLL_CLIENTS);
		if (j->end_ms < until_ms)
			until_ms = j->end_ms;
		(void)poll(fds, POLL_CLIENTS + n, clock_left_ms(until_ms));
		/* It never waits for long, so its silence tells of a fault. */
		atomic_store(&j->process->slot->busy_since_ms, clock_mono_ms());
		if (fds[POLL_SIGNAL].revents != 0)
			read_signal(j);
		journal_clients_ready(j->clients, fds + POLL_CLIENTS, n);
		/* Else an end under load would never come. */
		if (clock_left_ms(j->end_ms) > 0)
			take_in(j);
		journal_writer_step(j->writer);
	}
}

int
journal_run(const struct journal_process *process)
{
	struct journald j = {
		.process = process,
		.fixed = arena_new(BLOCK_BYTES),
		.signal_fd = -1,
		.end_ms = INT64_MAX,
	};
	const bool begun = begin(&j);

	if (begun) {
		log_event(&process->log, LOG_WORKER_UP, ERR_OK, NULL);
		atomic_store(&process->slot->ready, true);
		serve(&j);
	}
	if (j.clients != NULL)
		journal_clients_free(j.clients);
	if (j.writer != NULL)
		journal_writer_free(j.writer);
	spool_close(j.spool);
	if (j.signal_fd >= 0)
		(void)close(j.signal_fd);
	arena_free(j.fixed);
	return begun ? 0 : 1;
}
