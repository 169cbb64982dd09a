/*
 * channel: a question and its answer between two processes of this machine,
 * over a unix SEQPACKET socket.
 * Floor: io.
 *
 * Neither side ever waits for the other beyond its deadline.  Who binds the
 * socket is who answers: of one that died, connecting is refused at once.
 *
 * On the wire a question is 8 bytes of deadline (monotonic milliseconds, which
 * are the whole machine's, the highest byte first), CHANNEL_KEY_BYTES that name
 * it, and a body; an answer is the key and one byte.
 */
#ifndef MAINLINE_IO_CHANNEL_H
#define MAINLINE_IO_CHANNEL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

#define CHANNEL_KEY_BYTES 32
#define CHANNEL_HEAD_BYTES (8 + CHANNEL_KEY_BYTES)

/* Beyond it the socket's buffer would refuse it anyway, on most machines. */
#define CHANNEL_BODY_MAX ((size_t)512 * 1024)

struct channel_question {
	int64_t deadline_ms; /* monotonic: until when it is of use */
	struct str key;      /* CHANNEL_KEY_BYTES, unlike any other's */
	struct str body;
};

/* The asking side: one connection, made when it is needed. */
struct channel;

/* Lives in `arena`, as `path` must; closed with channel_close(). */
struct channel *channel_new(struct arena *arena, const char *path);
void channel_close(struct channel *channel);

/*
 * Asks, and waits for the answer until `wait_ms` (monotonic).  An answer to
 * another question ends the connection, as does a deadline that has passed: so
 * a late answer is never taken for the next one's.
 *
 * ERR_OK        `*answer` is the byte
 * ERR_NOT_FOUND nobody answers there: it was refused, or broke off
 * ERR_BUSY      no answer in time; it may have been heard all the same
 * ERR_LIMIT     it is too long for the socket
 */
MUST_USE enum err channel_ask(struct channel *channel,
    const struct channel_question *question, int64_t wait_ms,
    unsigned char *answer);

/*
 * The answering side.  Binds the socket, mode 0600, in the place of any other
 * that lies there; -1: cannot (errno).  Non-blocking, like all that follows.
 */
int channel_listen(const char *path);

/* A connection, or -1: none waits. */
int channel_accept(int listen_fd);

/*
 * The next question of a connection; borrows from `buffer`.
 * ERR_NOT_FOUND: none waits.  ERR_INPUT: the connection has ended, or is of no
 * use; it is to be closed.
 */
MUST_USE enum err channel_receive(
    int fd, char *buffer, size_t bytes, struct channel_question *out);

/*
 * Answers.  ERR_INPUT: it does not take it, so the connection is to be closed.
 */
MUST_USE enum err channel_answer(int fd, struct str key, unsigned char answer);

#endif
