/* service: sockets that systemd has bound, and what it is told of us. */
#include "folder_testing.h"
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD 3
#define MANY 1000000000 /* a number of no process of ours */

/* An environment of up to seven variables, and the process's own number. */
struct env {
	char text[8][128];
	char *list[9];
	size_t n;
};

static void
set(struct env *env, const char *name, const char *value)
{
	char *const text = env->text[env->n];

	(void)snprintf(text, sizeof(env->text[0]), "%s=%s", name, value);
	env->list[env->n++] = text;
}

static void
set_number(struct env *env, const char *name, long value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%ld", value);
	set(env, name, text);
}

static struct sockaddr_un
address_of(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	assert_true(strlen(path) < sizeof(address.sun_path));
	(void)memcpy(address.sun_path, path, strlen(path) + 1);
	return address;
}

static int
bound(const char *path, int type)
{
	const struct sockaddr_un address = address_of(path);
	const int fd = socket(AF_UNIX, type, 0);

	assert_true(fd >= 0);
	assert_int_equal(
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Puts `fd` where the first passed descriptors are, whatever was there. */
static void
pass(int fd, int as)
{
	assert_int_equal(dup2(fd, as), as);
	if (fd != as)
		(void)close(fd);
}

static void
pass_two(const struct folder *f)
{
	const int hook = bound(folder_path(f, "hook"), SOCK_STREAM);
	const int api = bound(folder_path(f, "api"), SOCK_STREAM);

	assert_int_equal(listen(hook, 1), 0);
	assert_int_equal(listen(api, 1), 0);
	/* Above both first, so that neither is in the other's way. */
	pass(fcntl(hook, F_DUPFD, 10), FIRST_FD + 1);
	pass(fcntl(api, F_DUPFD, 10), FIRST_FD);
}

static void
test_service_socket(void **state)
{
	const struct folder *const f = *state;
	struct env env = { .n = 0 };
	struct sockaddr_un address;
	socklen_t n = sizeof(address);
	int fd = 0;

	pass_two(f);
	set_number(&env, "LISTEN_PID", getpid());
	set(&env, "LISTEN_FDS", "2");
	set(&env, "LISTEN_FDNAMES", "api:hook");
	assert_err(service_socket(env.list, "hook", &fd), ERR_OK);
	assert_int_equal(fd, FIRST_FD + 1);
	assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &n), 0);
	assert_string_equal(address.sun_path, folder_path(f, "hook"));
	assert_err(service_socket(env.list, "api", &fd), ERR_OK);
	assert_int_equal(fd, FIRST_FD);
	assert_err(service_socket(env.list, "other", &fd), ERR_OK);
	assert_int_equal(fd, -1);
}

/* What was meant for another process is not touched. */
static void
test_service_socket_of_another(void **state)
{
	const struct folder *const f = *state;
	struct env none = { .n = 0 };
	struct env parents = { .n = 0 };
	int fd = 0;

	pass_two(f);
	set_number(&parents, "LISTEN_PID", MANY);
	set(&parents, "LISTEN_FDS", "2");
	set(&parents, "LISTEN_FDNAMES", "hook:api");
	assert_err(service_socket(parents.list, "hook", &fd), ERR_OK);
	assert_int_equal(fd, -1);
	assert_int_equal(fcntl(FIRST_FD, F_GETFD) & FD_CLOEXEC, 0);
	fd = 0;
	assert_err(service_socket(none.list, "hook", &fd), ERR_OK);
	assert_int_equal(fd, -1);
}

static void
test_service_socket_of_another_kind(void **state)
{
	const struct folder *const f = *state;
	struct env env = { .n = 0 };
	int fd = 0;

	set_number(&env, "LISTEN_PID", getpid());
	set(&env, "LISTEN_FDS", "1");
	set(&env, "LISTEN_FDNAMES", "hook");
	pass(bound(folder_path(f, "datagrams"), SOCK_DGRAM), FIRST_FD);
	assert_err(service_socket(env.list, "hook", &fd), ERR_INPUT);
	pass(bound(folder_path(f, "deaf"), SOCK_STREAM), FIRST_FD);
	assert_err(service_socket(env.list, "hook", &fd), ERR_INPUT);
	pass(open("/dev/null", O_RDWR), FIRST_FD);
	assert_err(service_socket(env.list, "hook", &fd), ERR_INPUT);
	(void)close(FIRST_FD);
	assert_err(service_socket(env.list, "hook", &fd), ERR_INPUT);
}

static void
assert_hears(int fd, const char *wanted)
{
	char text[64] = { 0 };

	(void)recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
	assert_string_equal(text, wanted);
}

static void
test_service_notify(void **state)
{
	const struct folder *const f = *state;
	const int ears = bound(folder_path(f, "notify"), SOCK_DGRAM);
	struct env env = { .n = 0 };
	struct service service;

	set(&env, "NOTIFY_SOCKET", folder_path(f, "notify"));
	set_number(&env, "WATCHDOG_PID", getpid());
	set(&env, "WATCHDOG_USEC", "30000000");
	service = service_new(env.list);
	assert_int_equal(service.watchdog_ms, 15000);
	service_say_ready(&service);
	assert_hears(ears, "READY=1");
	service_say_ready(&service); /* that is known */
	assert_hears(ears, "");
	service_tend(&service);
	assert_hears(ears, "WATCHDOG=1");
	service_tend(&service); /* not before half of the time is over */
	assert_hears(ears, "");
	service.next_ms = 0;
	service_tend(&service);
	assert_hears(ears, "WATCHDOG=1");
	service_say_stopping(&service);
	assert_hears(ears, "STOPPING=1");
	(void)close(ears);
	(void)close(service.fd);
}

/* Nobody to be told, or one who is gone, is no harm. */
static void
test_service_notify_nobody(void **state)
{
	const struct folder *const f = *state;
	struct env env = { .n = 0 };
	struct service service = service_new(env.list);

	assert_int_equal(service.fd, -1);
	assert_int_equal(service.watchdog_ms, 0);
	service_say_ready(&service);
	service_tend(&service);
	set(&env, "NOTIFY_SOCKET", folder_path(f, "nobody"));
	set_number(&env, "WATCHDOG_PID", MANY);
	set(&env, "WATCHDOG_USEC", "30000000");
	service = service_new(env.list);
	assert_int_equal(service.watchdog_ms, 0);
	service_say_ready(&service);
	service_say_stopping(&service);
	(void)close(service.fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_service_socket),
		FOLDER_TEST(test_service_socket_of_another),
		FOLDER_TEST(test_service_socket_of_another_kind),
		FOLDER_TEST(test_service_notify),
		FOLDER_TEST(test_service_notify_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
