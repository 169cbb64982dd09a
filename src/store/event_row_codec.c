/* event_row: as one byte string, and its columns' types.  Floor: store. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/event_row.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VERSION 1
#define LENGTH_BYTES 4
#define ABSENT UINT32_MAX

enum type {
	TYPE_TEXT,
	TYPE_BYTEA,
	TYPE_BOOLEAN,
	TYPE_SMALLINT,
	TYPE_INTEGER,
	TYPE_BIGINT,
	TYPE_TIME
};

/* The OIDs are PostgreSQL's, fixed for ever: pg_type.dat. */
static const struct {
	const char *name;
	uint32_t oid;
	size_t bytes; /* 0: any number */
} types[] = {
	[TYPE_TEXT] = { "text", 25, 0 },
	[TYPE_BYTEA] = { "bytea", 17, 0 },
	[TYPE_BOOLEAN] = { "boolean", 16, 1 },
	[TYPE_SMALLINT] = { "smallint", 21, 2 },
	[TYPE_INTEGER] = { "integer", 23, 4 },
	[TYPE_BIGINT] = { "bigint", 20, 8 },
	[TYPE_TIME] = { "timestamptz", 1184, 8 },
};

/* What is not named here is text. */
static const enum type fields[ROW__MAX] = {
	[ROW_KEY] = TYPE_BYTEA,
	[ROW_RECEIVED] = TYPE_TIME,
	[ROW_BODY] = TYPE_BYTEA,
	[ROW_LEG_DURATION_S] = TYPE_INTEGER,
	[ROW_SEQUENCE] = TYPE_INTEGER,
	[ROW_SIP_CODE] = TYPE_INTEGER,
	[ROW_OCCURRED] = TYPE_TIME,
	[ROW_N] = TYPE_INTEGER,
	[ROW_VERSION_ENTRY] = TYPE_INTEGER,
	[ROW_VERSION_URL] = TYPE_INTEGER,
	[ROW_STATUS_RANK] = TYPE_SMALLINT,
	[ROW_DURATION_CALLBACK_S] = TYPE_INTEGER,
	[ROW_DURATION_REST_S] = TYPE_INTEGER,
	[ROW_STARTED_CALLBACK] = TYPE_TIME,
	[ROW_STARTED_REST] = TYPE_TIME,
	[ROW_ENDED_CALLBACK] = TYPE_TIME,
	[ROW_ENDED_REST] = TYPE_TIME,
	[ROW_COURSE_RANK] = TYPE_BIGINT,
	[ROW_FORWARDED_N] = TYPE_INTEGER,
	[ROW_FORWARDED_RANK] = TYPE_BIGINT,
	[ROW_BRIDGED] = TYPE_BOOLEAN,
	[ROW_ACCEPTED] = TYPE_BOOLEAN,
	[ROW_TALK_S] = TYPE_INTEGER,
	[ROW_RECORDING_SOURCE] = TYPE_SMALLINT,
	[ROW_RECORDING_STATUS] = TYPE_SMALLINT,
	[ROW_RECORDING_MESSAGE] = TYPE_BOOLEAN,
	[ROW_RECORDING_LENGTH_S] = TYPE_INTEGER,
	[ROW_ERROR_CODE] = TYPE_INTEGER,
	[ROW_RECONCILED] = TYPE_TIME,
};

const char *
row_field_type(enum row_field field)
{
	return types[fields[field]].name;
}

uint32_t
row_field_oid(enum row_field field)
{
	return types[fields[field]].oid;
}

size_t
row_field_bytes(enum row_field field)
{
	return types[fields[field]].bytes;
}

static char *
write_u32(char *p, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*p++ = (char)(unsigned char)(value >> shift);
	return p;
}

static uint32_t
read_u32(const char *p)
{
	uint32_t value = 0;

	for (size_t i = 0; i < LENGTH_BYTES; i++)
		value = value << 8 | (unsigned char)p[i];
	return value;
}

static uint64_t
read_u64(const char *p)
{
	return (uint64_t)read_u32(p) << 32 | read_u32(p + LENGTH_BYTES);
}

struct str
event_row_pack(struct arena *arena, const struct event_row *row)
{
	size_t n = 1;
	char *start;
	char *p;

	for (size_t f = 0; f < ROW__MAX; f++)
		n += LENGTH_BYTES + row->field[f].n;
	p = start = arena_alloc(arena, n);
	*p++ = VERSION;
	for (size_t f = 0; f < ROW__MAX; f++) {
		const struct str s = row->field[f];

		p = write_u32(p, s.p == NULL ? ABSENT : (uint32_t)s.n);
		if (s.n > 0)
			memcpy(p, s.p, s.n);
		p += s.n;
	}
	return (struct str){ start, n };
}

/* A number has the bytes of its type, or PostgreSQL would refuse the array. */
static bool
fits(enum row_field f, struct str s)
{
	return row_field_bytes(f) == 0 || row_field_bytes(f) == s.n;
}

/* The next field; false when there is no whole one, or none that fits. */
static bool
unpack_field(struct str *rest, enum row_field f, struct str *out)
{
	uint32_t n;

	if (rest->n < LENGTH_BYTES)
		return false;
	n = read_u32(rest->p);
	*rest = str_slice(*rest, LENGTH_BYTES, rest->n);
	*out = STR_ABSENT;
	if (n == ABSENT)
		return true;
	if (n > rest->n)
		return false;
	*out = (struct str){ rest->p, n };
	*rest = str_slice(*rest, n, rest->n);
	return fits(f, *out);
}

enum err
event_row_unpack(struct str record, struct event_row *out)
{
	struct str rest = str_slice(record, 1, record.n);

	*out = (struct event_row){ 0 };
	if (record.n == 0 || record.p[0] != VERSION)
		return ERR_INPUT;
	for (enum row_field f = 0; f < ROW__MAX && rest.n > 0; f++) {
		if (!unpack_field(&rest, f, &out->field[f]))
			return ERR_INPUT;
	}
	/* Without these it is neither an event nor can it be set aside. */
	if (out->field[ROW_KEY].n == 0 || out->field[ROW_RECEIVED].p == NULL ||
	    out->field[ROW_KIND].p == NULL || out->field[ROW_URI].p == NULL ||
	    out->field[ROW_BODY].p == NULL)
		return ERR_INPUT;
	if (out->field[ROW_ASIDE].p == NULL &&
	    (out->field[ROW_LINE].p == NULL ||
		out->field[ROW_CALL_SID].p == NULL))
		return ERR_INPUT;
	out->received_us =
	    (int64_t)read_u64(out->field[ROW_RECEIVED].p) + EVENT_ROW_EPOCH_US;
	return ERR_OK;
}
