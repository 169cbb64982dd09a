/* service: what systemd gives us, and hears of us.  Floor: process. */
#include "service.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD 3 /* SD_LISTEN_FDS_START */
#define FDS_MAX 64
#define US_PER_MS 1000

/* Empty when it is not set. */
static struct str
value_of(char *const *env, const char *name)
{
	const size_t n = strlen(name);

	for (; *env != NULL; env++) {
		if (strncmp(*env, name, n) == 0 && (*env)[n] == '=')
			return str_of(*env + n + 1);
	}
	return STR("");
}

/* Meant for this process, and not for one that started it. */
static bool
is_ours(char *const *env, const char *name)
{
	int pid;

	return str_to_int(value_of(env, name), INT_MAX, &pid) &&
	    pid == getpid();
}

static bool
option_is(int fd, int option, int wanted)
{
	int value = 0;
	socklen_t n = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &n) == 0 &&
	    value == wanted;
}

static bool
is_listening(int fd)
{
	return option_is(fd, SO_DOMAIN, AF_UNIX) &&
	    option_is(fd, SO_TYPE, SOCK_STREAM) &&
	    option_is(fd, SO_ACCEPTCONN, 1);
}

enum err
service_socket(char *const *env, const char *name, int *out)
{
	struct str names = value_of(env, "LISTEN_FDNAMES");
	int n;

	*out = -1;
	if (!is_ours(env, "LISTEN_PID") ||
	    !str_to_int(value_of(env, "LISTEN_FDS"), FDS_MAX, &n))
		return ERR_OK;
	for (int fd = FIRST_FD; fd < FIRST_FD + n; fd++) {
		if (!str_eq(str_split(&names, ':'), str_of(name)))
			continue;
		if (!is_listening(fd) || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
		    fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
			return ERR_INPUT;
		*out = fd;
		return ERR_OK;
	}
	return ERR_OK;
}

/* A name that begins with @ stands for one outside the file system. */
static int
open_notify(struct str path, struct sockaddr_un *out)
{
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (path.n == 0 || path.n >= sizeof(out->sun_path))
		return -1;
	(void)memcpy(out->sun_path, path.p, path.n);
	if (path.p[0] == '@')
		out->sun_path[0] = '\0';
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static void
say(const struct service *service, const char *what)
{
	const socklen_t n = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	    1 + strlen(service->address.sun_path + 1));

	if (service->fd >= 0)
		(void)sendto(service->fd, what, strlen(what), MSG_NOSIGNAL,
		    (const struct sockaddr *)&service->address, n);
}

struct service
service_new(char *const *env)
{
	struct service service = { .fd = -1 };
	int us;

	service.fd =
	    open_notify(value_of(env, "NOTIFY_SOCKET"), &service.address);
	/* Twice in the time, so that one that is late does not kill us. */
	if (is_ours(env, "WATCHDOG_PID") &&
	    str_to_int(value_of(env, "WATCHDOG_USEC"), INT_MAX, &us))
		service.watchdog_ms = us / US_PER_MS / 2;
	return service;
}

void
service_say_ready(struct service *service)
{
	if (service->is_ready)
		return;
	service->is_ready = true;
	say(service, "READY=1");
}

void
service_say_stopping(const struct service *service)
{
	say(service, "STOPPING=1");
}

void
service_tend(struct service *service)
{
	const int64_t now_ms = clock_mono_ms();

	if (service->watchdog_ms == 0 || now_ms < service->next_ms)
		return;
	service->next_ms = now_ms + service->watchdog_ms;
	say(service, "WATCHDOG=1");
}
