/* fetch: what a server may do, played by a child process on the loopback. */
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/fetch.h"
#include "server_testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BODY_BYTES 300000

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

	if (!server_hear(fd, head, sizeof(head)))
		return;
	switch (head[5]) { /* behind "GET /" */
	case 'b':          /* both credentials and a range, or nothing */
		if (strstr(head, "Authorization: Basic QUMxOnRva2Vu\r\n") &&
		    strstr(head, "Range: bytes=5-9\r\n"))
			server_say(fd,
			    "HTTP/1.1 206 Partial Content\r\nETag: \"e\"\r\n"
			    "Content-Range: bytes 5-9/20\r\n"
			    "Content-Type: audio/mpeg\r\n"
			    "Content-Length: 5\r\n\r\nhello");
		break;
	case 'm': /* much, its length told */
		server_say(
		    fd, "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n");
		say_much(fd);
		break;
	case 'u': /* much, until the connection ends */
		server_say(fd, "HTTP/1.1 200 OK\r\n\r\n");
		say_much(fd);
		break;
	case 'c': /* cut off */
		server_say(
		    fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
		break;
	case 'e': /* empty */
		server_say(
		    fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
		break;
	case 'r': /* elsewhere */
		server_say(fd,
		    "HTTP/1.1 302 Found\r\nLocation: /m\r\n"
		    "Content-Length: 0\r\n\r\n");
		break;
	case 'g': /* no HTTP */
		server_say(fd, "SSH-2.0-nonsense\r\n\r\n");
		break;
	case 's': /* a body that stops */
		server_say(
		    fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
		(void)pause();
		break;
	case 'n': /* nothing */
		(void)pause();
		break;
	default:
		break;
	}
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
	const struct server server = server_begin(serve);
	struct fetcher *const f = fetcher_new(NULL);
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
	const struct server server = server_begin(serve);
	struct server nobody = { .url = "http://127.0.0.1:1/" };
	struct fetcher *const f = fetcher_new(NULL);
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
	assert_err(got->opened, ERR_INPUT);
	fetcher_free(f);
	free(got);
	server_end(&server);
}

/* Given up half way, and asked again at once. */
static void
test_fetch_given_up(void **state)
{
	const struct server server = server_begin(serve);
	struct fetcher *const f = fetcher_new(NULL);
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

static const struct retry_row {
	const char *value; /* NULL: no header */
	int from, to;      /* what may be told */
} retries[] = {
	{ NULL, -1, -1 }, { "0", 0, 0 }, { "120", 120, 120 },
	{ "86400", 86400, 86400 }, { "86401", 86400, 86400 },
	{ "99999999999999999999", 86400, 86400 }, { "soon", -1, -1 },
	{ "-5", -1, -1 }, { "", -1, -1 },
	{ "Sun, 06 Nov 1994 08:49:37 GMT", 0, 0 },
	{ "Fri, 31 Dec 9999 23:59:59 GMT", 86400, 86400 },
	{ "+60", 58, 60 }, /* stands for a date in 60 s, see below */
};

/* The row is the path. */
static void
serve_retry(int fd)
{
	char head[4096];
	char value[64] = "";
	char answer[512];
	const struct retry_row *row;
	const time_t soon = (time_t)(clock_wall_us() / 1000000 + 60);
	struct tm tm;

	if (!server_hear(fd, head, sizeof(head)))
		return;
	row = &retries[strtoul(strchr(head, '/') + 1, NULL, 10)];
	if (row->value != NULL)
		(void)snprintf(
		    value, sizeof(value), "Retry-After: %s\r\n", row->value);
	if (row->from == 58 && gmtime_r(&soon, &tm) != NULL)
		(void)strftime(value, sizeof(value),
		    "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n", &tm);
	(void)snprintf(answer, sizeof(answer),
	    "HTTP/1.1 429 Later\r\n%sContent-Length: 5\r\n\r\nlater", value);
	server_say(fd, answer);
}

/* The head of the answer to that path; the exchange stays open. */
static struct fetch_response
open_path(
    void **state, struct fetcher *f, const struct server *server, size_t path)
{
	const int64_t soon = clock_mono_ms() + 2000;
	const struct fetch_request request = {
		.url = str_format(*state, "%s%zu", server->url, path).p,
		.head_deadline_ms = soon,
		.deadline_ms = soon,
	};
	struct fetch_response head;
	const char *why;

	assert_err(fetch_open(f, *state, &request, &head, &why), ERR_OK);
	return head;
}

static void
test_fetch_retry_after(void **state)
{
	const struct server server = server_begin(serve_retry);
	struct fetcher *const f = fetcher_new(NULL);

	for (size_t i = 0; i < ARRAY_LEN(retries); i++) {
		const struct retry_row *const row = &retries[i];
		const int got = open_path(state, f, &server, i).retry_after_s;

		print_message(
		    "  %s: %d\n", row->value ? row->value : "none", got);
		assert_true(got >= row->from && got <= row->to);
	}
	fetcher_free(f);
	server_end(&server);
}

static void
test_fetch_read_all(void **state)
{
	const struct server server = server_begin(serve_retry);
	struct fetcher *const f = fetcher_new(NULL);

	for (size_t max = 0; max < 8; max++) {
		struct str body = STR("left alone");

		(void)open_path(state, f, &server, 0);
		assert_err(fetch_read_all(f, *state, max, &body),
		    max < 5 ? ERR_LIMIT : ERR_OK);
		assert_text(body, max < 5 ? "left alone" : "later");
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
		TEST(test_fetch_retry_after),
		TEST(test_fetch_read_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
