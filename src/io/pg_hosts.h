/*
 * pg_hosts: one host of a connection string that names several.
 * Private to the io floor.
 *
 * libpq asks them one after the other, but waits for each as long as the
 * kernel does: a machine without power keeps it from ever coming to the next.
 * So each is a connection of its own, with its own time.
 * Source: https://www.postgresql.org/docs/current/libpq-connect.html
 */
#ifndef MAINLINE_IO_PG_HOSTS_H
#define MAINLINE_IO_PG_HOSTS_H

#include "base/arena.h"

#include <stddef.h>

/* Values of libpq's parameters of these names; NULL: not given. */
struct pg_host {
	const char *host, *hostaddr, *port;
};

/*
 * How many hosts there are to be tried one by one: 1 also where the string
 * names none, or cannot be taken apart; it is libpq's as a whole then.
 */
size_t pg_hosts_count(const char *conninfo);

/*
 * The host of that number, from 0, in `arena`; nothing is given where
 * pg_hosts_count() is 1.
 */
struct pg_host pg_hosts_pick(
    struct arena *arena, const char *conninfo, size_t which);

#endif
