/* testing: what every test begins with. */
#include "testing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BLOCK_BYTES ((size_t)16 * 1024)
#define FILE_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define SHOWN_BYTES 2000 /* of a string that is not as it should be */

int
testing_setup(void **state)
{
	*state = arena_new(BLOCK_BYTES);
	return 0;
}

int
testing_teardown(void **state)
{
	arena_free(*state);
	return 0;
}

/* With what is no printable ASCII as \xHH. */
static void
show(const char *label, struct str s)
{
	print_error("%s", label);
	if (s.p == NULL)
		print_error("(absent)");
	for (size_t i = 0; i < s.n && i < SHOWN_BYTES; i++) {
		const unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c < 0x7f)
			print_error("%c", c);
		else
			print_error("\\x%02x", c);
	}
	print_error("%s\n", s.n > SHOWN_BYTES ? "..." : "");
}

void
testing_str(struct str got, struct str want, const char *file, int line)
{
	if (str_eq(got, want) && (got.p == NULL) == (want.p == NULL))
		return;
	show("got:  ", got);
	show("want: ", want);
	_fail(file, line);
}

struct str
bytes_of(const void *p, size_t n)
{
	return (struct str){ p, n };
}

bool
str_holds(struct str s, const char *part)
{
	const struct str wanted = str_of(part);

	for (size_t i = 0; i + wanted.n <= s.n; i++) {
		if (str_eq(str_slice(s, i, wanted.n), wanted))
			return true;
	}
	return false;
}

void
testing_holds(struct str s, const char *part, const char *file, int line)
{
	if (str_holds(s, part))
		return;
	show("got:        ", s);
	show("lacks this: ", str_of(part));
	_fail(file, line);
}

struct str
testing_file(struct arena *arena, const char *path)
{
	const struct str whole = str_format(arena, "%s/%s", TESTS_FOLDER, path);
	char *const bytes = arena_alloc(arena, FILE_MAX_BYTES + 1);
	FILE *const file = fopen(whole.p, "re");
	size_t n;

	if (file == NULL)
		fail_msg("cannot open %s", whole.p);
	n = fread(bytes, 1, FILE_MAX_BYTES, file);
	if (ferror(file) != 0 || fclose(file) != 0)
		fail_msg("cannot read %s", whole.p);
	return (struct str){ bytes, n };
}

struct random
random_begin(void)
{
	const char *const given = getenv("SEED");
	struct timespec now;
	struct random r;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	r.state = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	if (given != NULL)
		r.state = strtoull(given, NULL, 10);
	print_message("  SEED=%" PRIu64 "\n", r.state);
	return r;
}

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
uint64_t
random_next(struct random *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

size_t
random_below(struct random *r, size_t below)
{
	return (size_t)(random_next(r) % below);
}

struct str
random_bytes(struct random *r, struct arena *arena, size_t max)
{
	const size_t n = random_below(r, max + 1);
	char *const bytes = arena_alloc(arena, n);

	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(unsigned char)random_next(r);
	return (struct str){ bytes, n };
}

struct str
random_text(
    struct random *r, struct arena *arena, size_t max, const char *alphabet)
{
	const size_t n = random_below(r, max + 1);
	char *const bytes = arena_alloc(arena, n + 1);

	for (size_t i = 0; i < n; i++)
		bytes[i] = alphabet[random_below(r, strlen(alphabet))];
	return (struct str){ bytes, n };
}
