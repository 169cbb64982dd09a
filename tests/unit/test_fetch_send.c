/* fetch: what is sent, to whom, and what is not. */
#include "base/clock.h"
#include "io/fetch.h"
#include "server_testing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MUCH_BYTES (100 * 1024 * 1024)
#define SECRET "S3cret"

/* The number behind "Content-Length:", or 0. */
static size_t
told_length(const char *head)
{
	const char *const at = strstr(head, "Content-Length: ");

	return at == NULL ? 0 : strtoul(at + 16, NULL, 10);
}

/* "LENGTH SUM HEAD": what came, as the answer. */
static void
serve_echo(int fd)
{
	char head[4096];
	char piece[65536];
	char answer[8192];
	unsigned long sum = 0;
	size_t got = 0;

	while (server_hear(fd, head, sizeof(head))) {
		const size_t length = told_length(head);

		if (strstr(head, "Expect: 100-continue") != NULL)
			server_say(fd, "HTTP/1.1 100 Continue\r\n\r\n");
		for (got = 0, sum = 0; got < length;) {
			const ssize_t n = read(fd, piece, sizeof(piece));

			if (n <= 0)
				return;
			for (ssize_t i = 0; i < n; i++)
				sum = (sum * 31 + (unsigned char)piece[i]) %
				    1000003;
			got += (size_t)n;
		}
		(void)snprintf(answer, sizeof(answer),
		    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
		    strncmp(head, "HEAD", 4) == 0 ? (size_t)7
						  : strlen(head) + 18);
		server_say(fd, answer);
		if (strncmp(head, "HEAD", 4) == 0)
			continue;
		(void)snprintf(
		    answer, sizeof(answer), "%09zu%09lu%s", got, sum, head);
		server_say(fd, answer);
	}
}

/* What came of a request: its answer, and how it ended. */
struct answer {
	enum err opened;
	const char *why;
	struct fetch_response head;
	struct str body;
};

static struct answer
ask(void **state, struct fetcher *f, struct fetch_request request)
{
	struct answer a = { .body = STR_ABSENT };

	request.head_deadline_ms = clock_mono_ms() + 20000;
	request.deadline_ms = request.head_deadline_ms;
	a.opened = fetch_open(f, *state, &request, &a.head, &a.why);
	if (a.opened != ERR_OK) {
		print_message("  %s: %s\n", err_name(a.opened), a.why);
		return a;
	}
	assert_err(fetch_read_all(f, *state, 10000, &a.body), ERR_OK);
	fetch_close(f);
	return a;
}

static void
test_fetch_methods(void **state)
{
	const struct server server = server_begin(serve_echo);
	struct fetcher *const f = fetcher_new(NULL);
	const struct fetch_header headers[] = {
		{ "X-One", STR("1") },
		{ "X-Empty", STR("") },
	};
	struct fetch_request request = { .url = server.url,
		.headers = headers,
		.n_headers = ARRAY_LEN(headers) };
	struct answer a = ask(state, f, request);

	assert_true(
	    str_starts(a.body, STR("000000000000000000GET / HTTP/1.1")));
	assert_holds(a.body, "\r\nX-One: 1\r\n");
	assert_holds(a.body, "\r\nX-Empty:\r\n");
	assert_holds(a.body, "\r\nUser-Agent: mainline\r\n");
	request.method = FETCH_DELETE;
	a = ask(state, f, request);
	assert_true(str_starts(a.body, STR("000000000000000000DELETE / ")));
	request.method = FETCH_HEAD;
	a = ask(state, f, request);
	assert_int_equal(a.head.length, 7);
	assert_int_equal(a.body.n, 0);
	request.method = FETCH_POST;
	request.body = STR("a=b\0c");
	a = ask(state, f, request);
	assert_true(str_starts(a.body, STR("000000005")));
	assert_holds(a.body, "POST / HTTP/1.1\r\n");
	assert_holds(
	    a.body, "\r\nContent-Type: application/x-www-form-urlencoded\r\n");
	request.method = FETCH_PUT;
	request.content_type = STR("application/json");
	a = ask(state, f, request);
	assert_true(str_starts(a.body, STR("000000005")));
	assert_holds(a.body, "PUT / HTTP/1.1\r\n");
	assert_holds(a.body, "\r\nContent-Type: application/json\r\n");
	request.body = STR_ABSENT;
	a = ask(state, f, request);
	assert_true(str_starts(a.body, STR("000000000")));
	assert_holds(a.body, "\r\nContent-Length: 0\r\n");
	fetcher_free(f);
	server_end(&server);
}

static long
peak_kib(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* Its beginning, wherever the descriptor stands, and no memory for it. */
static void
test_fetch_file(void **state)
{
	const struct server server = server_begin(serve_echo);
	struct fetcher *const f = fetcher_new(NULL);
	char name[] = "/tmp/fetch-test-XXXXXX";
	const int fd = mkstemp(name);
	const struct fetch_file much = { fd, MUCH_BYTES };
	const struct fetch_file more = { fd, (int64_t)MUCH_BYTES + 1 };
	const struct fetch_file some = { fd, 3 };
	struct fetch_request request = {
		.url = server.url, .method = FETCH_PUT, .file = &some
	};
	struct answer a;
	long before;

	(void)unlink(name);
	assert_int_equal(write(fd, "abcdef", 6), 6);
	a = ask(state, f, request);
	assert_true(str_starts(a.body, STR("000000003000096354")));
	before = peak_kib();
	assert_int_equal(ftruncate(fd, MUCH_BYTES), 0);
	request.file = &much;
	a = ask(state, f, request);
	assert_true(str_starts(a.body, STR("104857600")));
	assert_true(peak_kib() - before < 4096);
	request.method = FETCH_POST;
	a = ask(state, f, request);
	assert_true(str_starts(a.body, STR("104857600")));
	request.file = &more;
	a = ask(state, f, request);
	assert_err(a.opened, ERR_INPUT);
	assert_holds(str_of(a.why), "shorter than told");
	(void)close(fd);
	fetcher_free(f);
	server_end(&server);
}

/* A kept connection that has died is noticed while the body is sent. */
static void
serve_once(int fd)
{
	char head[4096];
	char body[16];

	if (server_hear(fd, head, sizeof(head)) &&
	    read(fd, body, sizeof(body)) == 5)
		server_say(
		    fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

static void
test_fetch_sends_again(void **state)
{
	const struct server server = server_begin(serve_once);
	struct fetcher *const f = fetcher_new(NULL);
	const struct timespec a_moment = { .tv_nsec = 20000000 };

	for (int i = 0; i < 5; i++) {
		const struct answer a = ask(state, f,
		    (struct fetch_request){ .url = server.url,
			.method = i % 2 == 0 ? FETCH_POST : FETCH_PUT,
			.body = STR("hello") });

		assert_err(a.opened, ERR_OK);
		assert_text(a.body, "ok");
		(void)nanosleep(&a_moment, NULL);
	}
	fetcher_free(f);
	server_end(&server);
}

static char canary_url[64]; /* told to the children by fork() */

static void
serve_redirect(int fd)
{
	char head[4096];
	char answer[512];

	if (!server_hear(fd, head, sizeof(head)))
		return;
	(void)snprintf(answer, sizeof(answer),
	    "HTTP/1.1 %.3s Elsewhere\r\nLocation: %s\r\n"
	    "Content-Length: 0\r\n\r\n",
	    strchr(head, '/') + 1, canary_url);
	server_say(fd, answer);
}

/* Whatever the redirect: nobody comes to the host that it names. */
static void
test_fetch_keeps_credentials(void **state)
{
	static const char *const statuses[] = { "300", "301", "302", "303",
		"305", "307", "308" };
	struct server canary;
	const int fd = server_listen(&canary);
	struct fetcher *const f = fetcher_new(NULL);
	struct server server;

	(void)snprintf(canary_url, sizeof(canary_url), "%s", canary.url);
	server = server_begin(serve_redirect);
	for (size_t i = 0; i < ARRAY_LEN(statuses) * 5; i++) {
		const char *const status = statuses[i / 5];
		const struct str url =
		    str_format(*state, "%s%s", server.url, status);
		const struct answer a = ask(state, f,
		    (struct fetch_request){ .url = url.p,
			.method = (enum fetch_method)(i % 5),
			.user = STR("AC1"),
			.password = STR(SECRET),
			.body = STR("body") });

		assert_err(a.opened, ERR_OK);
		assert_int_equal(a.head.status, atol(status));
	}
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(accept(fd, NULL, NULL), -1);
	assert_int_equal(errno, EAGAIN);
	(void)close(fd);
	fetcher_free(f);
	server_end(&server);
}

/* Refused before anybody is looked up. */
static void
test_fetch_refuses(void **state)
{
	static const char *const urls[] = { "http://example.com/",
		"http://localhost@example.com/", "http://127.0.0.1.evil/",
		"smtp://localhost/", "ftp://localhost/", "localhost", "" };
	static const struct fetch_header bad[] = {
		{ "X: y\r\nZ", STR_INIT("1") },
		{ "", STR_INIT("1") },
		{ "X", STR_INIT("1\r\nAuthorization: x") },
		{ "X", STR_INIT("1\n2") },
		{ "X", STR_INIT("1\0002") },
	};
	struct fetcher *const f = fetcher_new(NULL);
	struct fetch_request request = { .url = "http://localhost:1/" };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		request.headers = &bad[i];
		request.n_headers = 1;
		assert_err(ask(state, f, request).opened, ERR_INPUT);
	}
	request.n_headers = 0;
	request.content_type = STR("a/b\r\nX: y");
	assert_err(ask(state, f, request).opened, ERR_INPUT);
	request.content_type = STR_ABSENT;
	request.range = STR("0-\r\nX: y");
	assert_err(ask(state, f, request).opened, ERR_INPUT);
	request.range = STR_ABSENT;
	assert_err(ask(state, f, request).opened, ERR_BUSY);
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct answer a;

		request.url = urls[i];
		request.password = STR(SECRET);
		a = ask(state, f, request);
		print_message("  %s: %s\n", urls[i], a.why);
		assert_err(a.opened, ERR_INPUT);
		assert_false(str_holds(str_of(a.why), SECRET));
	}
	fetcher_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fetch_methods),
		TEST(test_fetch_file),
		TEST(test_fetch_sends_again),
		TEST(test_fetch_keeps_credentials),
		TEST(test_fetch_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
