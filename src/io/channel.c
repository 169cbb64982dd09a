/* channel: a question and its answer between two processes.  Floor: io. */
#include "io/channel.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_BYTES (CHANNEL_KEY_BYTES + 1)
#define BACKLOG 1024
#define BUFFER_BYTES ((int)CHANNEL_BODY_MAX)

struct channel {
	const char *path;
	int fd; /* -1: not connected */
};

struct channel *
channel_new(struct arena *arena, const char *path)
{
	struct channel *const channel = ARENA_NEW(arena, struct channel);

	*channel = (struct channel){ path, -1 };
	return channel;
}

void
channel_close(struct channel *channel)
{
	if (channel->fd >= 0)
		(void)close(channel->fd);
	channel->fd = -1;
}

static bool
address_of(const char *path, struct sockaddr_un *out)
{
	const size_t n = strlen(path);

	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n >= sizeof(out->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(out->sun_path, path, n);
	return true;
}

static int
new_socket(void)
{
	return socket(
	    AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static enum err
connect_to(struct channel *channel)
{
	const int bytes = BUFFER_BYTES;
	struct sockaddr_un address;

	if (channel->fd >= 0)
		return ERR_OK;
	if (!address_of(channel->path, &address))
		return ERR_NOT_FOUND;
	channel->fd = new_socket();
	if (channel->fd < 0)
		return ERR_NOT_FOUND;
	/* As much as this machine allows: a long event fits then. */
	(void)setsockopt(
	    channel->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	if (connect(channel->fd, (const struct sockaddr *)&address,
		sizeof(address)) == 0)
		return ERR_OK;
	channel_close(channel);
	return ERR_NOT_FOUND;
}

/* False: not before the deadline. */
static bool
wait_for(int fd, short events, int64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		const int left = clock_left_ms(deadline_ms);
		const int n = poll(&p, 1, left);

		if (n > 0)
			return true;
		if (n == 0 && left == 0)
			return false;
	}
}

static void
write_deadline(unsigned char *out, int64_t deadline_ms)
{
	for (int i = 7; i >= 0; i--) {
		out[i] = (unsigned char)deadline_ms;
		deadline_ms >>= 8;
	}
}

static int64_t
read_deadline(const unsigned char *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | bytes[i];
	return (int64_t)value;
}

static enum err
send_question(int fd, const struct channel_question *question, int64_t wait_ms)
{
	unsigned char head[CHANNEL_HEAD_BYTES];
	struct iovec parts[] = {
		{ head, sizeof(head) },
		{ (void *)(uintptr_t)question->body.p, question->body.n },
	};
	const struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	write_deadline(head, question->deadline_ms);
	memcpy(head + 8, question->key.p, CHANNEL_KEY_BYTES);
	while (sendmsg(fd, &message, MSG_NOSIGNAL) < 0) {
		if (errno == EMSGSIZE)
			return ERR_LIMIT;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != ENOBUFS)
			return ERR_NOT_FOUND;
		if (!wait_for(fd, POLLOUT, wait_ms))
			return ERR_BUSY;
	}
	return ERR_OK;
}

static enum err
read_answer(int fd, struct str key, int64_t wait_ms, unsigned char *answer)
{
	unsigned char bytes[ANSWER_BYTES + 1];
	ssize_t n;

	do {
		if (!wait_for(fd, POLLIN, wait_ms))
			return ERR_BUSY;
		n = recv(fd, bytes, sizeof(bytes), 0);
	} while (n < 0 && (errno == EAGAIN || errno == EINTR));
	if (n != ANSWER_BYTES || memcmp(bytes, key.p, CHANNEL_KEY_BYTES) != 0)
		return ERR_NOT_FOUND;
	*answer = bytes[CHANNEL_KEY_BYTES];
	return ERR_OK;
}

enum err
channel_ask(struct channel *channel, const struct channel_question *question,
    int64_t wait_ms, unsigned char *answer)
{
	const bool was_connected = channel->fd >= 0;
	enum err e = connect_to(channel);

	if (e != ERR_OK)
		return e;
	e = send_question(channel->fd, question, wait_ms);
	if (e == ERR_OK)
		e = read_answer(channel->fd, question->key, wait_ms, answer);
	if (e != ERR_OK && e != ERR_LIMIT)
		channel_close(channel);
	/* A new one may be there in the place of the one that died. */
	if (e == ERR_NOT_FOUND && was_connected)
		return channel_ask(channel, question, wait_ms, answer);
	return e;
}

int
channel_listen(const char *path)
{
	const int fd = new_socket();
	struct sockaddr_un address;

	if (fd < 0)
		return -1;
	if (!address_of(path, &address) ||
	    (unlink(path) != 0 && errno != ENOENT) || fchmod(fd, 0600) != 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(fd, BACKLOG) != 0) {
		const int why = errno;

		(void)close(fd);
		errno = why;
		return -1;
	}
	return fd;
}

int
channel_accept(int listen_fd)
{
	const int fd = accept(listen_fd, NULL, NULL);

	if (fd >= 0 &&
	    (fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
		fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

enum err
channel_receive(
    int fd, char *buffer, size_t bytes, struct channel_question *out)
{
	ssize_t n;

	do {
		n = recv(fd, buffer, bytes, MSG_TRUNC);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return ERR_NOT_FOUND;
	if (n <= CHANNEL_HEAD_BYTES || (size_t)n > bytes)
		return ERR_INPUT;
	*out = (struct channel_question){
		.deadline_ms = read_deadline((const unsigned char *)buffer),
		.key = { buffer + 8, CHANNEL_KEY_BYTES },
		.body = { buffer + CHANNEL_HEAD_BYTES,
		    (size_t)n - CHANNEL_HEAD_BYTES },
	};
	return ERR_OK;
}

enum err
channel_answer(int fd, struct str key, unsigned char answer)
{
	unsigned char bytes[ANSWER_BYTES];

	memcpy(bytes, key.p, CHANNEL_KEY_BYTES);
	bytes[CHANNEL_KEY_BYTES] = answer;
	return send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL) == ANSWER_BYTES
	    ? ERR_OK
	    : ERR_INPUT;
}
