/*
 * journal_clients: the workers that are connected to the journal.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_JOURNAL_CLIENTS_H
#define MAINLINE_PROCESS_JOURNAL_CLIENTS_H

#include "journal_queue.h"
#include "store/journal.h"

#include <poll.h>
#include <stddef.h>

/* Two generations of 256 workers each, and some that are about to leave. */
#define JOURNAL_CLIENTS_MAX 600
#define JOURNAL_CLIENTS_FDS (JOURNAL_CLIENTS_MAX + 1)

struct journal_clients;

/* Of the listening socket, which it closes in the end. */
struct journal_clients *journal_clients_new(int listen_fd);
void journal_clients_free(struct journal_clients *clients);

/* Fills in what to wait for: at most JOURNAL_CLIENTS_FDS; gives the number. */
size_t journal_clients_poll(
    const struct journal_clients *clients, struct pollfd *fds);

/* What poll(2) has said of them. */
void journal_clients_ready(
    struct journal_clients *clients, const struct pollfd *fds, size_t n);

/* The next event that has come; NULL: none. */
struct waiting *journal_clients_next(struct journal_clients *clients);

/* Tells who waits for it, if it is still there. */
void journal_clients_answer(struct journal_clients *clients,
    const struct waiting *waiting, enum journal_answer answer);

/* Hangs up on who waits for it, who then sees to it by itself. */
void journal_clients_drop(
    struct journal_clients *clients, const struct waiting *waiting);

size_t journal_clients_count(const struct journal_clients *clients);

#endif
