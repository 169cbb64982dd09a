/*
 * doors: what Mainline sends to others, done once for each line of input, so
 * that tests can hold it against servers and libraries of others.
 *
 * A line is a verb and its fields, separated by tabs, each field in
 * hexadecimal.  The answer is a line: the error's name, the result and why, the
 * last two in hexadecimal.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/webhook_sign.h"
#include "io/bucket.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "io/mail.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FIELDS 20
#define LINE_MAX_BYTES (4 * 1024 * 1024)

struct line {
	struct arena *arena;
	struct fetcher *fetcher;
	struct str fields[MAX_FIELDS]; /* decoded; the first is the verb */
	struct str result;
	const char *why;
};

static const char *
text(struct line *line, size_t i)
{
	return str_cstr(line->arena, line->fields[i]);
}

static const char *
text_or_null(struct line *line, size_t i)
{
	return line->fields[i].n == 0 ? NULL : text(line, i);
}

static int64_t
number(struct line *line, size_t i)
{
	return strtoll(text(line, i), NULL, 10);
}

/* secret, id, timestamp, body */
static enum err
do_sign(struct line *line)
{
	const struct webhook_message message = {
		.id = line->fields[2],
		.timestamp_s = number(line, 3),
		.body = line->fields[4],
	};
	struct str key;
	const enum err e =
	    webhook_secret_parse(line->arena, line->fields[1], &key);

	if (e == ERR_OK)
		line->result = webhook_sign(line->arena, key, &message);
	return e;
}

/* URL, region, key, secret; fields 1 to 4 of all about a bucket */
static enum err
open_bucket(struct line *line, struct bucket *out)
{
	const struct conf conf = {
		.s3_url = text(line, 1),
		.s3_region = text(line, 2),
		.s3_key = text(line, 3),
		.s3_secret = text(line, 4),
	};

	return bucket_open(line->arena, &conf, out);
}

/* ..., object, time, seconds */
static enum err
do_presign(struct line *line)
{
	struct bucket bucket;
	const struct bucket_grant grant = {
		.key = line->fields[5],
		.now_us = number(line, 6),
		.expires_s = (int)number(line, 7),
	};
	const enum err e = open_bucket(line, &bucket);

	return e == ERR_OK
	    ? bucket_presign(line->arena, &bucket, &grant, &line->result)
	    : e;
}

static struct bucket_call
call_of(struct line *line)
{
	return (struct bucket_call){
		.fetcher = line->fetcher,
		.arena = line->arena,
		.key = line->fields[5],
		.deadline_ms = clock_mono_ms() + 10000,
	};
}

static int64_t
file_length(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? (int64_t)st.st_size : -1;
}

static void
sum_file(int fd, unsigned char sum[DIGEST_SHA256_BYTES])
{
	struct digest digest;
	char piece[65536];
	ssize_t n;

	digest_begin(&digest);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		digest_add(&digest, (struct str){ piece, (size_t)n });
	digest_end(&digest, sum);
}

/* ..., object, file, content type, "wrong" for a sum that is not its own */
static enum err
do_put(struct line *line)
{
	const struct bucket_call call = call_of(line);
	const int fd = open(text(line, 6), O_RDONLY | O_CLOEXEC);
	struct bucket bucket;
	struct bucket_file file = {
		.file = { fd, file_length(fd) },
		.content_type = line->fields[7],
	};
	enum err e = open_bucket(line, &bucket);

	sum_file(fd, file.sha256);
	if (line->fields[8].n > 0)
		file.sha256[0] ^= 1;
	if (e == ERR_OK)
		e = bucket_put(&bucket, &call, &file, &line->why);
	(void)close(fd);
	return e;
}

static enum err
do_delete(struct line *line)
{
	const struct bucket_call call = call_of(line);
	struct bucket bucket;
	const enum err e = open_bucket(line, &bucket);

	return e == ERR_OK ? bucket_delete(&bucket, &call, &line->why) : e;
}

static enum err
do_head(struct line *line)
{
	const struct bucket_call call = call_of(line);
	struct bucket bucket;
	int64_t length = 0;
	enum err e = open_bucket(line, &bucket);

	if (e == ERR_OK)
		e = bucket_head(&bucket, &call, &length, &line->why);
	if (e == ERR_OK)
		line->result =
		    str_format(line->arena, "%lld", (long long)length);
	return e;
}

/*
 * URL, user, password, sender, authorities, milliseconds; recipients with
 * commas, subject, text, message id, time; name, type, file and excess bytes of
 * the attachment; name and value of a header
 */
static enum err
do_mail(struct line *line)
{
	const struct conf conf = {
		.smtp_url = text(line, 1),
		.smtp_user = text_or_null(line, 2),
		.smtp_password = text_or_null(line, 3),
		.smtp_from = text(line, 4),
		.ca_file = text_or_null(line, 5),
	};
	const bool has_file = line->fields[14].n > 0;
	const int fd =
	    has_file ? open(text(line, 14), O_RDONLY | O_CLOEXEC) : -1;
	const struct mail_attachment attachment = {
		.name = line->fields[12],
		.content_type = line->fields[13],
		.fd = fd,
		.length = file_length(fd) + number(line, 15),
	};
	const struct mail_header header = {
		.name = text(line, 16),
		.value = line->fields[17],
	};
	struct str to[MAIL_MAX_RECIPIENTS + 1];
	struct mail mail = {
		.to = to,
		.subject = line->fields[8],
		.text = line->fields[9],
		.message_id = line->fields[10],
		.date_us = number(line, 11),
		.attachment = has_file ? &attachment : NULL,
		.headers = &header,
		.n_headers = *header.name == '\0' ? 0 : 1,
	};
	struct str rest = line->fields[7];
	enum err e;

	while (rest.p != NULL && mail.n_to < ARRAY_LEN(to))
		to[mail.n_to++] = str_split(&rest, ',');
	e = mail_send(line->arena, &conf, &mail,
	    clock_mono_ms() + number(line, 6), &line->why);
	if (fd >= 0)
		(void)close(fd);
	return e;
}

static const struct verb {
	const char *name;
	enum err (*run)(struct line *line);
} verbs[] = {
	{ "sign", do_sign },
	{ "presign", do_presign },
	{ "put", do_put },
	{ "delete", do_delete },
	{ "head", do_head },
	{ "mail", do_mail },
};

static enum err
run(struct line *line)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (str_eq(line->fields[0], str_of(verbs[i].name)))
			return verbs[i].run(line);
	}
	return ERR_BUG;
}

static void
answer(struct arena *arena, struct fetcher *fetcher, struct str input)
{
	struct line line = { .arena = arena, .fetcher = fetcher, .why = "" };
	struct str rest = input;
	struct str result;
	struct str why;
	enum err e = ERR_OK;

	for (size_t i = 0; i < MAX_FIELDS; i++)
		line.fields[i] = STR("");
	for (size_t i = 0; rest.p != NULL && i < MAX_FIELDS; i++) {
		if (hex_decode(arena, str_split(&rest, '\t'),
			&line.fields[i]) != ERR_OK)
			e = ERR_BUG;
	}
	if (e == ERR_OK)
		e = run(&line);
	result = hex_encode(arena, line.result);
	why = hex_encode(arena, str_of(line.why));
	(void)printf(
	    "%s\t%.*s\t%.*s\n", err_name(e), STR_ARG(result), STR_ARG(why));
	(void)fflush(stdout);
}

int
main(void)
{
	struct arena *const arena = arena_new(65536);
	struct fetcher *const fetcher = fetcher_new(getenv("DOORS_CA"));
	char *const input = malloc(LINE_MAX_BYTES);

	if (input == NULL)
		abort();
	while (fgets(input, LINE_MAX_BYTES, stdin) != NULL) {
		answer(arena, fetcher,
		    (struct str){ input, strcspn(input, "\n") });
		arena_reset(arena);
	}
	free(input);
	fetcher_free(fetcher);
	arena_free(arena);
	return EXIT_SUCCESS;
}
