/* journal_clients: the workers that are connected to the journal.
 * Floor: process. */
#include "journal_clients.h"

#include "base/err.h"
#include "io/channel.h"
#include "journal_queue.h"
#include "store/event_row.h"
#include "store/journal.h"

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

struct client {
	int fd;          /* -1: nobody */
	uint64_t serial; /* of the connection: another one for each */
	bool ready;      /* something has come, or it has gone */
};

struct journal_clients {
	int listen_fd;
	size_t n; /* connected */
	size_t next;
	uint64_t serial;
	struct client list[JOURNAL_CLIENTS_MAX];
	char buffer[CHANNEL_HEAD_BYTES + CHANNEL_BODY_MAX];
};

struct journal_clients *
journal_clients_new(int listen_fd)
{
	struct journal_clients *const c = calloc(1, sizeof(*c));

	if (c == NULL)
		abort();
	c->listen_fd = listen_fd;
	for (size_t i = 0; i < JOURNAL_CLIENTS_MAX; i++)
		c->list[i].fd = -1;
	return c;
}

static void
hang_up(struct journal_clients *c, struct client *client)
{
	(void)close(client->fd);
	*client = (struct client){ .fd = -1 };
	c->n--;
}

void
journal_clients_free(struct journal_clients *c)
{
	for (size_t i = 0; i < JOURNAL_CLIENTS_MAX; i++) {
		if (c->list[i].fd >= 0)
			hang_up(c, &c->list[i]);
	}
	(void)close(c->listen_fd);
	free(c);
}

size_t
journal_clients_poll(const struct journal_clients *c, struct pollfd *fds)
{
	size_t n = 0;

	/* Who is one too many waits until another has gone. */
	fds[n++] = (struct pollfd){
		.fd = c->n < JOURNAL_CLIENTS_MAX ? c->listen_fd : -1,
		.events = POLLIN,
	};
	for (size_t i = 0; i < JOURNAL_CLIENTS_MAX; i++) {
		if (c->list[i].fd >= 0)
			fds[n++] = (struct pollfd){
				.fd = c->list[i].fd,
				.events = POLLIN,
			};
	}
	return n;
}

static void
take_new(struct journal_clients *c)
{
	for (size_t i = 0; i < JOURNAL_CLIENTS_MAX; i++) {
		int fd;

		if (c->list[i].fd >= 0)
			continue;
		if ((fd = channel_accept(c->listen_fd)) < 0)
			return;
		/* Who connects asks at once. */
		c->list[i] = (struct client){
			.fd = fd,
			.serial = ++c->serial,
			.ready = true,
		};
		c->n++;
	}
}

void
journal_clients_ready(
    struct journal_clients *c, const struct pollfd *fds, size_t n)
{
	size_t at = 1;

	for (size_t i = 0; i < JOURNAL_CLIENTS_MAX && at < n; i++) {
		if (c->list[i].fd != fds[at].fd)
			continue;
		c->list[i].ready = fds[at].revents != 0;
		at++;
	}
	if (n > 0 && fds[0].revents != 0)
		take_new(c);
	c->next = 0;
}

/* ERR_NOT_FOUND: nothing of use has come. */
static enum err
receive(struct journal_clients *c, size_t i, struct waiting **out)
{
	struct client *const client = &c->list[i];
	struct channel_question question;
	enum err e = channel_receive(
	    client->fd, c->buffer, sizeof(c->buffer), &question);

	client->ready = false;
	if (e == ERR_OK)
		e = waiting_new(question.body, out);
	if (e == ERR_INPUT)
		hang_up(c, client);
	if (e != ERR_OK)
		return ERR_NOT_FOUND;
	(*out)->deadline_ms = question.deadline_ms;
	(*out)->client = i;
	(*out)->client_serial = client->serial;
	return ERR_OK;
}

struct waiting *
journal_clients_next(struct journal_clients *c)
{
	struct waiting *waiting;

	for (; c->next < JOURNAL_CLIENTS_MAX; c->next++) {
		if (c->list[c->next].ready &&
		    receive(c, c->next, &waiting) == ERR_OK)
			return waiting;
	}
	return NULL;
}

static struct client *
who_waits(struct journal_clients *c, const struct waiting *waiting)
{
	struct client *const client = &c->list[waiting->client];

	return client->serial == waiting->client_serial ? client : NULL;
}

void
journal_clients_answer(struct journal_clients *c, const struct waiting *waiting,
    enum journal_answer answer)
{
	struct client *const client = who_waits(c, waiting);

	if (client != NULL &&
	    channel_answer(client->fd, waiting->row.field[ROW_KEY],
		(unsigned char)answer) != ERR_OK)
		hang_up(c, client);
}

void
journal_clients_drop(struct journal_clients *c, const struct waiting *waiting)
{
	struct client *const client = who_waits(c, waiting);

	if (client != NULL)
		hang_up(c, client);
}

size_t
journal_clients_count(const struct journal_clients *c)
{
	return c->n;
}
