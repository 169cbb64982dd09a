/* channel: questions and answers, late ones, and nobody there. */
#include "base/clock.h"
#include "folder_testing.h"
#include "io/channel.h"
#include "testing.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEY "0123456789abcdef0123456789abcdef"
#define OTHER_KEY "fedcba9876543210fedcba9876543210"
#define SLACK_MS 300

static void
pause_ms(long ms)
{
	const struct timespec nap = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&nap, NULL);
}

/* What the other side does with one question. */
enum manner { ANSWERS, ANSWERS_LATE, ANSWERS_ANOTHER, SAYS_NOTHING, DIES };

static void
answer_one(int fd, enum manner manner)
{
	static char buffer[CHANNEL_HEAD_BYTES + CHANNEL_BODY_MAX];
	struct channel_question question;

	while (channel_receive(fd, buffer, sizeof(buffer), &question) != ERR_OK)
		pause_ms(1);
	if (manner == DIES)
		_exit(0);
	if (manner == ANSWERS_LATE)
		pause_ms(200);
	if (manner == ANSWERS_ANOTHER)
		question.key = STR(OTHER_KEY);
	if (manner != SAYS_NOTHING &&
	    channel_answer(fd, question.key,
		(unsigned char)(question.body.p[0])) != ERR_OK)
		return; /* nobody waits for it any more */
}

/* A process at `path` that answers every connection in this manner. */
static pid_t
start(const char *path, enum manner manner)
{
	const int listen_fd = channel_listen(path);
	const pid_t pid = fork();

	assert_true(listen_fd >= 0);
	if (pid == 0) {
		for (;;) {
			const int fd = channel_accept(listen_fd);

			if (fd >= 0)
				answer_one(fd, manner);
			pause_ms(1);
		}
	}
	assert_int_equal(close(listen_fd), 0);
	return pid;
}

static void
stop(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static enum err
ask(struct channel *channel, struct str body, int ms, unsigned char *answer)
{
	const struct channel_question question = {
		.deadline_ms = clock_mono_ms() + ms,
		.key = STR(KEY),
		.body = body,
	};

	return channel_ask(channel, &question, clock_mono_ms() + ms, answer);
}

static void
test_channel_asks(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_path(f, "socket");
	const pid_t pid = start(path, ANSWERS);
	struct channel *const channel = channel_new(f->arena, path);
	unsigned char answer = 0;

	assert_err(ask(channel, STR("a"), 2000, &answer), ERR_OK);
	assert_int_equal(answer, 'a');
	channel_close(channel);
	stop(pid);
}

/* As long as a large request and its answer: the kernel's buffer holds it. */
static void
test_channel_of_a_long_question(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_path(f, "socket");
	const pid_t pid = start(path, ANSWERS);
	struct channel *const channel = channel_new(f->arena, path);
	char *const body = arena_alloc(f->arena, 150000);
	unsigned char answer = 0;

	memset(body, 'x', 150000);
	assert_err(ask(channel, bytes_of(body, 150000), 2000, &answer), ERR_OK);
	assert_int_equal(answer, 'x');
	channel_close(channel);
	stop(pid);
}

/* More than any socket takes is said at once, and the next question fits. */
static void
test_channel_of_too_long_a_question(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_path(f, "socket");
	const pid_t pid = start(path, ANSWERS);
	struct channel *const channel = channel_new(f->arena, path);
	const size_t n = (size_t)64 * 1024 * 1024;
	char *const body = calloc(1, n);
	unsigned char answer = 0;

	assert_non_null(body);
	assert_err(ask(channel, bytes_of(body, n), 2000, &answer), ERR_LIMIT);
	assert_err(ask(channel, STR("b"), 2000, &answer), ERR_OK);
	free(body);
	channel_close(channel);
	stop(pid);
}

static const struct silence {
	const char *name;
	enum manner manner;
	enum err want;
	int64_t at_least_ms;
} silences[] = {
	{ "an answer that comes too late", ANSWERS_LATE, ERR_BUSY, 100 },
	{ "no answer", SAYS_NOTHING, ERR_BUSY, 100 },
	{ "another question's answer", ANSWERS_ANOTHER, ERR_NOT_FOUND, 0 },
	{ "one that dies of it", DIES, ERR_NOT_FOUND, 0 },
};

static void
test_channel_of_silence(void **state)
{
	const struct folder *const f = *state;

	for (size_t i = 0; i < ARRAY_LEN(silences); i++) {
		const struct silence *const s = &silences[i];
		const char *const path = folder_path(f, "socket");
		const pid_t pid = start(path, s->manner);
		struct channel *const channel = channel_new(f->arena, path);
		const int64_t before = clock_mono_ms();
		unsigned char answer = 0;

		print_message("  %s\n", s->name);
		assert_err(ask(channel, STR("a"), 100, &answer), s->want);
		assert_in_range(
		    clock_mono_ms() - before, s->at_least_ms, 100 + SLACK_MS);
		channel_close(channel);
		stop(pid);
	}
}

/* Late answers are never taken for the next question's. */
static void
test_channel_after_a_late_answer(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_path(f, "socket");
	const pid_t pid = start(path, ANSWERS_LATE);
	struct channel *const channel = channel_new(f->arena, path);
	unsigned char answer = 0;

	assert_err(ask(channel, STR("a"), 50, &answer), ERR_BUSY);
	assert_err(ask(channel, STR("b"), 2000, &answer), ERR_OK);
	assert_int_equal(answer, 'b');
	channel_close(channel);
	stop(pid);
}

static void
test_channel_to_nobody(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_path(f, "socket");
	struct channel *const channel = channel_new(f->arena, path);
	unsigned char answer = 0;
	pid_t pid;

	assert_err(ask(channel, STR("a"), 2000, &answer), ERR_NOT_FOUND);
	pid = start(path, ANSWERS);
	stop(pid); /* its socket is still there */
	assert_err(ask(channel, STR("a"), 2000, &answer), ERR_NOT_FOUND);
	pid = start(path, ANSWERS); /* in the place of the dead one's */
	assert_err(ask(channel, STR("a"), 2000, &answer), ERR_OK);
	stop(pid);
	pid = start(path, ANSWERS);
	assert_err(ask(channel, STR("a"), 2000, &answer), ERR_OK);
	channel_close(channel);
	stop(pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_channel_asks),
		FOLDER_TEST(test_channel_of_a_long_question),
		FOLDER_TEST(test_channel_of_too_long_a_question),
		FOLDER_TEST(test_channel_of_silence),
		FOLDER_TEST(test_channel_after_a_late_answer),
		FOLDER_TEST(test_channel_to_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
