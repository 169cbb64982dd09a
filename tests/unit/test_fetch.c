/* fetch: what a server may do, played by a child process on the loopback. */
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/fetch.h"
#include "testing.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define BODY_BYTES 300000

struct server {
	pid_t pid;
	char url[64];
};

static void
say(int fd, const char *words)
{
	(void)!write(fd, words, strlen(words));
}

/* Reads a request's head; its first byte behind "GET /" says what to do. */
static char
hear(int fd, char *head, size_t room)
{
	size_t n = 0;

	while (n + 1 < room) {
		const ssize_t got = read(fd, head + n, room - 1 - n);

		if (got <= 0)
			return '\0';
		n += (size_t)got;
		head[n] = '\0';
		if (strstr(head, "\r\n\r\n") != NULL)
			return head[5];
	}
	return '\0';
}

static void
say_much(int fd)
{
	char line[1000];

	memset(line, 'x', sizeof(line));
	for (int i = 0; i < BODY_BYTES / (int)sizeof(line); i++)
		(void)!write(fd, line, sizeof(line));
}

static void
serve(int fd)
{
	char head[4096];

	switch (hear(fd, head, sizeof(head))) {
	case 'b': /* both credentials and a range, or nothing */
		if (strstr(head, "Authorization: Basic QUMxOnRva2Vu\r\n") &&
		    strstr(head, "Range: bytes=5-9\r\n"))
			say(fd,
			    "HTTP/1.1 206 Partial Content\r\nETag: \"e\"\r\n"
			    "Content-Range: bytes 5-9/20\r\n"
			    "Content-Type: audio/mpeg\r\n"
			    "Content-Length: 5\r\n\r\nhello");
		break;
	case 'm': /* much, its length told */
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n");
		say_much(fd);
		break;
	case 'u': /* much, until the connection ends */
		say(fd, "HTTP/1.1 200 OK\r\n\r\n");
		say_much(fd);
		break;
	case 'c': /* cut off */
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
		break;
	case 'e': /* empty */
		say(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
		break;
	case 'r': /* elsewhere */
		say(fd,
		    "HTTP/1.1 302 Found\r\nLocation: /m\r\n"
		    "Content-Length: 0\r\n\r\n");
		break;
	case 'g': /* no HTTP */
		say(fd, "SSH-2.0-nonsense\r\n\r\n");
		break;
	case 's': /* a body that stops */
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
		(void)pause();
		break;
	case 'n': /* nothing */
		(void)pause();
		break;
	default:
		break;
	}
}

static struct server
server_begin(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof(at);
	struct server server;
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	(void)snprintf(server.url, sizeof(server.url), "http://127.0.0.1:%d/",
	    ntohs(at.sin_port));
	server.pid = fork();
	if (server.pid == 0) {
		(void)setpgid(0, 0); /* so that all of it can be ended */
		for (;;) {
			const int peer = accept(fd, NULL, NULL);

			if (fork() == 0) {
				serve(peer);
				_exit(0);
			}
			(void)close(peer);
		}
	}
	(void)setpgid(server.pid, server.pid);
	(void)close(fd);
	return server;
}

static void
server_end(const struct server *server)
{
	(void)kill(-server->pid, SIGKILL);
	(void)waitpid(server->pid, NULL, 0);
}

/* What comes of asking for one letter. */
struct got {
	enum err opened;
	enum err ended;
	struct str why;
	struct fetch_response head;
	char body[BODY_BYTES + 1];
	size_t n;
	int64_t ms;
};

static void
read_all(struct fetcher *f, struct got *got)
{
	size_t n = 1;

	while (got->ended == ERR_OK && n > 0) {
		got->ended = fetch_read(f, got->body + got->n,
		    n % 7 == 0 ? 1 : sizeof(got->body) - got->n, &n);
		got->n += n;
	}
}

static void
ask(void **state, struct fetcher *f, const struct server *server,
    const char *letter, struct got *got)
{
	const int64_t began = clock_mono_ms();
	const struct fetch_request request = {
		.url = str_format(*state, "%s%s", server->url, letter).p,
		.user = STR("AC1"),
		.password = STR("token"),
		.range = *letter == 'b' ? STR("5-9") : STR_ABSENT,
		.head_deadline_ms = began + 300,
		.deadline_ms = began + 600,
	};
	const char *why;

	memset(got, 0, sizeof(*got));
	got->opened = fetch_open(f, *state, &request, &got->head, &why);
	got->why = str_of(why);
	print_message("  %s: %s\n", letter, why);
	if (got->opened == ERR_OK) {
		read_all(f, got);
		fetch_close(f);
	}
	got->ms = clock_mono_ms() - began;
}

static void
test_fetch(void **state)
{
	const struct server server = server_begin();
	struct fetcher *const f = fetcher_new();
	struct got *const got = malloc(sizeof(*got));

	ask(state, f, &server, "b", got);
	assert_err(got->opened, ERR_OK);
	assert_int_equal(got->head.status, 206);
	assert_text(got->head.content_type, "audio/mpeg");
	assert_text(got->head.content_range, "bytes 5-9/20");
	assert_text(got->head.etag, "\"e\"");
	assert_int_equal(got->head.length, 5);
	assert_text(((struct str){ got->body, got->n }), "hello");

	for (const char *letter = "mu"; *letter != '\0'; letter++) {
		const char name[] = { *letter, '\0' };

		ask(state, f, &server, name, got);
		assert_err(got->ended, ERR_OK);
		assert_int_equal(got->n, BODY_BYTES);
		assert_int_equal(strspn(got->body, "x"), BODY_BYTES);
	}
	ask(state, f, &server, "e", got);
	assert_int_equal(got->head.status, 404);
	assert_err(got->ended, ERR_OK);
	assert_int_equal(got->n, 0);
	ask(state, f, &server, "r", got);
	assert_int_equal(got->head.status, 302); /* and not followed */
	fetcher_free(f);
	free(got);
	server_end(&server);
}

static void
test_fetch_failures(void **state)
{
	const struct server server = server_begin();
	struct server nobody = { .url = "http://127.0.0.1:1/" };
	struct fetcher *const f = fetcher_new();
	struct got *const got = malloc(sizeof(*got));

	ask(state, f, &server, "c", got);
	/* Noticed at once or while it is read. */
	assert_err(
	    got->opened == ERR_OK ? got->ended : got->opened, ERR_UPSTREAM);
	ask(state, f, &server, "x", got); /* it hangs up */
	assert_err(got->opened, ERR_UPSTREAM);
	ask(state, f, &server, "g", got);
	assert_err(got->opened, ERR_UPSTREAM);
	ask(state, f, &server, "n", got);
	assert_err(got->opened, ERR_BUSY);
	assert_in_range(got->ms, 300, 599);
	ask(state, f, &server, "s", got);
	assert_err(got->ended, ERR_UPSTREAM);
	assert_in_range(got->ms, 600, 5000);
	ask(state, f, &nobody, "m", got);
	assert_err(got->opened, ERR_BUSY);
	assert_true(str_holds(got->why, "connect"));
	(void)snprintf(nobody.url, sizeof(nobody.url), "file:///etc/passwd");
	ask(state, f, &nobody, "", got);
	assert_err(got->opened, ERR_UPSTREAM);
	fetcher_free(f);
	free(got);
	server_end(&server);
}

/* Given up half way, and asked again at once. */
static void
test_fetch_given_up(void **state)
{
	const struct server server = server_begin();
	struct fetcher *const f = fetcher_new();
	const struct fetch_request request = {
		.url = str_format(*state, "%sm", server.url).p,
		.head_deadline_ms = clock_mono_ms() + 1000,
		.deadline_ms = clock_mono_ms() + 1000,
	};
	struct fetch_response head;
	const char *why;
	char some[10];
	size_t n;

	for (int i = 0; i < 5; i++) {
		assert_err(
		    fetch_open(f, *state, &request, &head, &why), ERR_OK);
		assert_err(fetch_read(f, some, sizeof(some), &n), ERR_OK);
		assert_int_equal(n, sizeof(some));
		if (i % 2 == 0)
			fetch_close(f);
	}
	fetcher_free(f);
	server_end(&server);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fetch),
		TEST(test_fetch_failures),
		TEST(test_fetch_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
