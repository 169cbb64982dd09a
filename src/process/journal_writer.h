/*
 * journal_writer: what gathers goes into the database, or into the spool.
 * Private to the process floor.
 *
 * One connection, one statement at a time, one breaker: while the database is
 * away everything is spooled at once, and it is asked from time to time whether
 * it is back; then what was spooled is written beside what is new.
 */
#ifndef MAINLINE_PROCESS_JOURNAL_WRITER_H
#define MAINLINE_PROCESS_JOURNAL_WRITER_H

#include "base/log.h"
#include "io/conf.h"
#include "io/spool.h"
#include "journal_queue.h"
#include "store/journal.h"

#include <poll.h>
#include <stdint.h>

struct journal_writer;

struct journal_writer_options {
	const struct conf *conf;
	const struct log *log;
	struct spool *spool;
	struct journal_gauges *gauges;
	/* Tells who waits for an event; it is freed afterwards. */
	void (*answer)(void *arg, const struct waiting *waiting,
	    enum journal_answer answer);
	void *arg;
};

/* What `options` point to is borrowed. */
struct journal_writer *journal_writer_new(
    const struct journal_writer_options *options);
void journal_writer_free(struct journal_writer *writer);

/* Takes an event over.  ERR_LIMIT: too many wait; it is still the caller's. */
MUST_USE enum err journal_writer_add(
    struct journal_writer *writer, struct waiting *waiting);

/*
 * Does all that can be done without waiting.  To be called when the descriptor
 * of journal_writer_poll() is ready, when its time has come, and after
 * journal_writer_add().
 */
void journal_writer_step(struct journal_writer *writer);

/* What to wait for, and until when (monotonic); fd -1: for no descriptor. */
struct pollfd journal_writer_poll(
    const struct journal_writer *writer, int64_t *until_ms);

/* Is nothing under way that somebody waits for? */
bool journal_writer_is_idle(const struct journal_writer *writer);

#endif
