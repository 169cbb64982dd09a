/* pg_hosts: one host of a connection string that names several.  Floor: io. */
#include "pg_hosts.h"

#include "base/arena.h"
#include "base/str.h"

#include <libpq-fe.h>
#include <stddef.h>
#include <string.h>

/* The lists as they stand in the string, with commas; NULL: not given. */
static struct pg_host
lists(const PQconninfoOption *options)
{
	struct pg_host out = { 0 };

	for (const PQconninfoOption *o = options; o->keyword != NULL; o++) {
		if (strcmp(o->keyword, "host") == 0)
			out.host = o->val;
		else if (strcmp(o->keyword, "hostaddr") == 0)
			out.hostaddr = o->val;
		else if (strcmp(o->keyword, "port") == 0)
			out.port = o->val;
	}
	return out;
}

static size_t
count(const char *list)
{
	size_t n = 1;

	if (list == NULL || *list == '\0')
		return 0;
	for (const char *p = list; *p != '\0'; p++)
		n += *p == ',';
	return n;
}

/* One port serves for all; of other lengths libpq has something to say. */
static size_t
count_of(const struct pg_host *all)
{
	const size_t hosts = count(all->host), addresses = count(all->hostaddr);
	const size_t ports = count(all->port);
	const size_t n = addresses > 0 ? addresses : hosts;

	if (n < 2 || (hosts > 0 && hosts != n) || (ports > 1 && ports != n))
		return 1;
	return n;
}

static const char *
item(struct arena *arena, const char *list, size_t which)
{
	const size_t n = count(list);
	struct str rest = str_of(list);
	struct str found = STR_ABSENT;

	if (n == 0)
		return NULL;
	for (size_t i = 0; i <= which && rest.p != NULL; i++)
		found = str_split(&rest, ',');
	return str_cstr(arena, n == 1 ? str_of(list) : found);
}

size_t
pg_hosts_count(const char *conninfo)
{
	PQconninfoOption *const options = PQconninfoParse(conninfo, NULL);
	struct pg_host all;
	size_t n;

	if (options == NULL)
		return 1;
	all = lists(options);
	n = count_of(&all);
	PQconninfoFree(options);
	return n;
}

struct pg_host
pg_hosts_pick(struct arena *arena, const char *conninfo, size_t which)
{
	PQconninfoOption *const options = PQconninfoParse(conninfo, NULL);
	struct pg_host out = { 0 };
	struct pg_host all;

	if (options == NULL)
		return out;
	all = lists(options);
	if (count_of(&all) > 1)
		out = (struct pg_host){
			.host = item(arena, all.host, which),
			.hostaddr = item(arena, all.hostaddr, which),
			.port = item(arena, all.port, which),
		};
	PQconninfoFree(options);
	return out;
}
