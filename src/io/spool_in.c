/*
 * spool_in: the records of one file, one after the other, past any damage.
 * Floor: io.
 */
#include "spool_in.h"

#include "base/err.h"
#include "base/str.h"
#include "codec/crc32c.h"
#include "spool_folder.h"
#include "spool_frame.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A place that the disk cannot read is damage, and ends the file. */
static void
give_up(struct spool_in *in)
{
	in->size = 0;
	in->bad++;
}

static void
window_fill(struct spool_in *in, int64_t at)
{
	in->window_at = at;
	in->window_n = 0;
	while (in->window_n < sizeof(in->window)) {
		const ssize_t n = pread(in->fd, in->window + in->window_n,
		    sizeof(in->window) - in->window_n,
		    at + (int64_t)in->window_n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			give_up(in);
		if (n <= 0)
			break;
		in->window_n += (size_t)n;
	}
}

/*
 * The bytes at `at`: `n`, or more, or fewer where the file ends, until the next
 * call.  `n` is no more than a window.
 */
static struct str
window_at(struct spool_in *in, int64_t at, size_t n)
{
	int64_t skip = at - in->window_at;

	if (skip < 0 || skip + (int64_t)n > (int64_t)in->window_n) {
		window_fill(in, at);
		skip = 0;
	}
	return (struct str){ (const char *)in->window + skip,
		in->window_n - (size_t)skip };
}

static enum err
err_of_open(void)
{
	switch (errno) {
	case ENOENT:
		return ERR_NOT_FOUND;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case EINTR:
		return ERR_BUSY;
	default:
		return ERR_INPUT;
	}
}

/* The beginning of a head, or none, and zeros where the rest should be? */
static bool
is_torn_head(struct str bytes, struct str head)
{
	size_t i = 0;

	while (i < bytes.n && bytes.p[i] == head.p[i])
		i++;
	while (i < bytes.n && bytes.p[i] == 0)
		i++;
	return i == bytes.n;
}

/*
 * A file whose head is not ours, perhaps of a later version, may still hold
 * records: its name says which.  Behind a torn
 * one no record was finished.  An own file that ends before its
 * record begins has lost it.
 */
static void
read_head(struct spool_in *in)
{
	const struct str head = STR(SPOOL_HEAD);
	const struct str bytes = str_slice(window_at(in, 0, head.n), 0, head.n);

	if (str_eq(bytes, head)) {
		in->at = SPOOL_HEAD_BYTES;
	} else if (bytes.n == head.n && !is_torn_head(bytes, head)) {
		in->at = SPOOL_HEAD_BYTES;
		in->bad++;
	}
	if (in->whole && in->at == in->size)
		in->bad++;
}

enum err
spool_in_open(struct spool_in *in, int folder, const struct spool_name *name,
    int64_t from)
{
	struct stat st;

	in->fd = spool_folder_open(folder, name, O_RDONLY);
	if (in->fd < 0)
		return err_of_open();
	if (fstat(in->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(in->fd);
		return ERR_INPUT;
	}
	in->mark = name->mark;
	in->whole = name->kind == SPOOL_OWN;
	in->size = st.st_size;
	in->at = from;
	in->bad = 0;
	in->doubtful = 0;
	in->is_torn = false;
	in->window_at = 0;
	in->window_n = 0;
	if (from == 0)
		read_head(in);
	return ERR_OK;
}

void
spool_in_close(const struct spool_in *in)
{
	(void)close(in->fd);
}

static bool
payload_is_good(struct spool_in *in, const struct spool_frame *frame)
{
	const int64_t begin = in->at + SPOOL_FRAME_BYTES;
	uint32_t crc = frame->so_far;

	for (size_t i = 0; i < frame->length;) {
		const struct str bytes = str_slice(
		    window_at(in, begin + (int64_t)i, 1), 0, frame->length - i);

		if (bytes.n == 0)
			return false;
		crc = crc32c_add(crc, bytes);
		i += bytes.n;
	}
	return crc == frame->crc;
}

/* Is there a good record, or the end mark, where one should begin? */
static bool
is_record(struct spool_in *in, struct spool_frame *frame)
{
	const struct str bytes = window_at(in, in->at, SPOOL_FRAME_BYTES);

	return bytes.n >= SPOOL_FRAME_BYTES &&
	    spool_frame_read((const unsigned char *)bytes.p, in->mark, frame) &&
	    payload_is_good(in, frame);
}

/* The place of the next mark in `bytes`, or bytes.n. */
static size_t
find_mark(struct str bytes, const unsigned char mark[SPOOL_MARK_BYTES])
{
	size_t i = 0;

	while (i + SPOOL_MARK_BYTES <= bytes.n) {
		i += str_find(str_slice(bytes, i, bytes.n), (char)mark[0]);
		if (i + SPOOL_MARK_BYTES <= bytes.n &&
		    memcmp(bytes.p + i, mark, SPOOL_MARK_BYTES) == 0)
			return i;
		i++;
	}
	return bytes.n;
}

/* On to the next mark behind `in->at`, or to the end of the file. */
static void
skip_damage(struct spool_in *in)
{
	unsigned char mark[SPOOL_MARK_BYTES];

	spool_mark_write(mark, in->mark);
	for (in->at++; in->at + SPOOL_MARK_BYTES <= in->size;) {
		const struct str bytes =
		    window_at(in, in->at, SPOOL_MARK_BYTES);
		const size_t i = find_mark(bytes, mark);

		if (i < bytes.n) {
			in->at += (int64_t)i;
			return;
		}
		if (bytes.n < SPOOL_MARK_BYTES)
			break;
		in->at += (int64_t)(bytes.n - SPOOL_MARK_BYTES + 1);
	}
	in->at = in->size;
}

bool
spool_in_next(struct spool_in *in, struct spool_found *out)
{
	while (in->at < in->size) {
		struct spool_frame frame;

		if (!is_record(in, &frame)) {
			in->doubtful++;
			skip_damage(in);
			continue;
		}
		out->payload_at = in->at + SPOOL_FRAME_BYTES;
		out->length = frame.length;
		out->received_us = frame.received_us;
		in->at = out->payload_at + frame.length;
		in->bad += in->doubtful;
		in->doubtful = 0;
		if (frame.length > 0)
			return true;
	}
	if (in->whole)
		in->bad += in->doubtful;
	else
		in->is_torn = in->doubtful > 0;
	in->doubtful = 0;
	return false;
}

bool
spool_in_payload(
    struct spool_in *in, const struct spool_found *found, char *out)
{
	for (size_t i = 0; i < found->length;) {
		const struct str bytes =
		    str_slice(window_at(in, found->payload_at + (int64_t)i, 1),
			0, found->length - i);

		if (bytes.n == 0)
			return false;
		memcpy(out + i, bytes.p, bytes.n);
		i += bytes.n;
	}
	return true;
}
