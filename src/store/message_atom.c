/* message_atom: messages as an Atom feed.  Floor: store. */
#include "store/message_atom.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/form.h"
#include "codec/phone.h"
#include "codec/uuid.h"
#include "codec/xml.h"
#include "io/pg.h"
#include "store/feed_links.h"

#include <stddef.h>
#include <stdint.h>

#define SUMMARY_MAX_BYTES ((size_t)256 * 1024)

/* One entry as it is written. */
struct entry {
	const struct message_feed *feed;
	struct xml *x;
	struct arena *arena;
	size_t row;
};

static void
element(struct xml *x, const char *name, struct str text)
{
	xml_open(x, name);
	xml_text(x, text);
	xml_close(x);
}

static struct str
column(const struct entry *e, enum message_column which)
{
	return pg_str(e->feed->rows, e->row, (size_t)which);
}

static struct str
moment(const struct entry *e, enum message_column which)
{
	return date_rfc3339(
	    e->arena, pg_int(e->feed->rows, e->row, (size_t)which, 0));
}

/* "?key=...", or nothing. */
static struct str
query_of(struct arena *arena, const struct message_feed *feed)
{
	const struct str key = form_escape(arena, feed->key);

	return feed->key.p == NULL
	    ? STR("")
	    : str_format(arena, "?key=%.*s", STR_ARG(key));
}

/* A number that can be called; who has none may have an address. */
static struct str
number_of(const struct entry *e)
{
	const struct str from = column(e, MESSAGE_COLUMN_FROM);

	if (phone_is_caller(from))
		return phone_grouped(e->arena, from);
	return str_find(from, ':') < from.n ? from : STR("Unknown caller");
}

/* "Jane Doe, +1 555 010 0009": one of them at least. */
static struct str
caller(const struct entry *e)
{
	const struct str name = column(e, MESSAGE_COLUMN_NAME);
	const struct str number = number_of(e);

	return str_is_empty(name) ? number
				  : str_format(e->arena, "%.*s, %.*s",
					STR_ARG(name), STR_ARG(number));
}

/* "0:34"; absent when it is not known. */
static struct str
length(const struct entry *e)
{
	const int64_t s =
	    pg_int(e->feed->rows, e->row, MESSAGE_COLUMN_DURATION_S, -1);

	return s < 0 ? STR_ABSENT : date_length(e->arena, s);
}

static struct str
title(const struct entry *e)
{
	const struct str who = caller(e);
	const struct str how_long = length(e);

	if (how_long.p == NULL)
		return str_format(e->arena, "Message from %.*s", STR_ARG(who));
	return str_format(e->arena, "Message from %.*s (%.*s)", STR_ARG(who),
	    STR_ARG(how_long));
}

static void
line(struct buf *out, const char *name, struct str value)
{
	if (!str_is_empty(value))
		buf_addf(out, "%s%s: %.*s", out->n == 0 ? "" : "\n", name,
		    STR_ARG(value));
}

/* Those of the three that are known, with commas between. */
static struct str
place(const struct entry *e)
{
	static const enum message_column parts[] = { MESSAGE_COLUMN_CITY,
		MESSAGE_COLUMN_REGION, MESSAGE_COLUMN_COUNTRY };
	struct str out = STR("");

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const struct str part = column(e, parts[i]);

		if (!str_is_empty(part))
			out = str_format(e->arena, "%.*s%s%.*s", STR_ARG(out),
			    out.n == 0 ? "" : ", ", STR_ARG(part));
	}
	return out;
}

/* What was said, if a machine wrote it down; then who and when. */
static struct str
summary(const struct entry *e)
{
	const struct str said = column(e, MESSAGE_COLUMN_TRANSCRIPT);
	struct buf out;

	buf_init(&out, e->arena, SUMMARY_MAX_BYTES);
	if (!str_is_empty(said)) {
		buf_add(&out, said);
		buf_addc(&out, '\n');
	}
	line(&out, "From", caller(e));
	line(&out, "Place", place(e));
	line(&out, "Line",
	    phone_grouped(e->arena, column(e, MESSAGE_COLUMN_LINE)));
	line(&out, "When", moment(e, MESSAGE_COLUMN_STARTED_US));
	line(&out, "Length", length(e));
	return buf_str(&out);
}

static void
author(const struct entry *e)
{
	const struct str name = column(e, MESSAGE_COLUMN_NAME);
	const struct str from = column(e, MESSAGE_COLUMN_FROM);

	xml_open(e->x, "author");
	element(e->x, "name", str_is_empty(name) ? number_of(e) : name);
	if (phone_is_caller(from))
		element(e->x, "uri",
		    str_format(e->arena, "tel:%.*s", STR_ARG(from)));
	xml_close(e->x);
}

static void
link_begin(struct xml *x, const char *rel, const char *type, struct str href)
{
	xml_open(x, "link");
	xml_attr(x, "rel", str_of(rel));
	xml_attr(x, "type", str_of(type));
	xml_attr(x, "href", href);
}

static void
links(const struct entry *e)
{
	const struct str call = column(e, MESSAGE_COLUMN_CALL_SID);
	const struct str recording = column(e, MESSAGE_COLUMN_RECORDING_SID);
	const struct str query = query_of(e->arena, e->feed);

	link_begin(e->x, "alternate", "text/html",
	    str_format(
		e->arena, "%s/calls/%.*s", e->feed->origin, STR_ARG(call)));
	xml_close(e->x);
	link_begin(e->x, "enclosure", "audio/mpeg",
	    str_format(e->arena, "%s/api/recordings/%.*s.mp3%.*s",
		e->feed->origin, STR_ARG(recording), STR_ARG(query)));
	xml_attr(e->x, "length", column(e, MESSAGE_COLUMN_BYTES));
	xml_close(e->x);
}

static void
entry(const struct entry *e)
{
	const struct str recording = column(e, MESSAGE_COLUMN_RECORDING_SID);

	xml_open(e->x, "entry");
	element(e->x, "id",
	    uuid_urn(e->arena,
		str_format(
		    e->arena, "mainline message %.*s", STR_ARG(recording))));
	element(e->x, "title", title(e));
	element(e->x, "published", moment(e, MESSAGE_COLUMN_STARTED_US));
	element(e->x, "updated", moment(e, MESSAGE_COLUMN_UPDATED_US));
	author(e);
	links(e);
	xml_open(e->x, "summary");
	xml_attr(e->x, "type", STR("text"));
	xml_text(e->x, summary(e));
	xml_close(e->x);
	xml_close(e->x);
}

/* When the latest of them came here. */
static struct str
updated(struct arena *arena, const struct pg_rows *rows)
{
	int64_t latest = 0;

	for (size_t i = 0; i < rows->n; i++) {
		const int64_t us =
		    pg_int(rows, i, MESSAGE_COLUMN_UPDATED_US, 0);

		latest = us > latest ? us : latest;
	}
	return date_rfc3339(arena, latest);
}

static void
head(const struct message_feed *feed, struct xml *x, struct arena *arena)
{
	const struct str query = query_of(arena, feed);

	element(x, "id",
	    uuid_urn(arena,
		str_format(arena, "mainline messages %s", feed->account)));
	element(x, "title", STR("Messages"));
	element(x, "updated", updated(arena, feed->rows));
	link_begin(x, "self", "application/atom+xml",
	    str_format(
		arena, "%s/api/feed.atom%.*s", feed->origin, STR_ARG(query)));
	xml_close(x);
	link_begin(x, "alternate", "text/html",
	    str_format(arena, "%s/", feed->origin));
	xml_close(x);
	element(x, "generator", STR("Mainline"));
	xml_open(x, "author");
	element(x, "name", STR("Mainline"));
	xml_close(x);
}

enum err
message_atom(const struct message_feed *feed, struct buf *out)
{
	struct xml x;
	struct entry e = { .feed = feed, .x = &x, .arena = out->arena };

	xml_init(&x, out);
	xml_open(&x, "feed");
	xml_attr(&x, "xmlns", STR("http://www.w3.org/2005/Atom"));
	xml_attr(&x, "xml:lang", STR("en"));
	head(feed, &x, out->arena);
	for (e.row = 0; e.row < feed->rows->n; e.row++)
		entry(&e);
	xml_close(&x);
	return xml_finish(&x);
}
