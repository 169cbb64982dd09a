/* spool_out: records on their way into one file.  Floor: io. */
#include "spool_out.h"

#include "base/str.h"
#include "io/spool.h"
#include "spool_frame.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static void
write_all(struct spool_out *out, struct str bytes)
{
	while (out->error == 0 && bytes.n > 0) {
		const ssize_t n = pwrite(out->fd, bytes.p, bytes.n, out->at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			out->error = n < 0 ? errno : ENOSPC;
			return;
		}
		out->at += n;
		bytes = str_slice(bytes, (size_t)n, bytes.n);
	}
}

static void
write_gathered(struct spool_out *out)
{
	write_all(out, (struct str){ out->bytes, out->n });
	out->n = 0;
}

static void
add(struct spool_out *out, struct str bytes)
{
	if (bytes.n > sizeof(out->bytes) - out->n)
		write_gathered(out);
	if (bytes.n > sizeof(out->bytes)) {
		write_all(out, bytes);
		return;
	}
	if (bytes.n > 0)
		memcpy(out->bytes + out->n, bytes.p, bytes.n);
	out->n += bytes.n;
}

void
spool_out_begin(struct spool_out *out, int fd, int64_t at, uint64_t mark)
{
	out->fd = fd;
	out->at = at;
	out->mark = mark;
	out->error = 0;
	out->n = 0;
	if (at == 0)
		add(out, STR(SPOOL_HEAD));
}

void
spool_out_record(struct spool_out *out, const struct spool_record *record)
{
	unsigned char frame[SPOOL_FRAME_BYTES];

	spool_frame_write(frame, out->mark, record->bytes, record->received_us);
	add(out, (struct str){ (const char *)frame, sizeof(frame) });
	add(out, record->bytes);
}

int64_t
spool_out_bytes(const struct spool_record *record)
{
	return SPOOL_FRAME_BYTES + (int64_t)record->bytes.n;
}

bool
spool_out_flush(struct spool_out *out)
{
	write_gathered(out);
	return out->error == 0;
}
