/* journal: the one door to durability.  Floor: store. */
#include "store/journal.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "codec/utf8.h"
#include "flow/facts.h"
#include "flow/flow_step.h"
#include "io/pg.h"
#include "store/statements.h"
#include "twilio/webhook.h"
#include "twilio/words.h"

#include <stddef.h>
#include <stdint.h>

#define EVENT_PARAMS 51
#define RANK_LEFT 0 /* below every rank_of(): see step_word.rank */

struct journal {
	struct pg *pg;
};

/* Builds a parameter list in the statement's order. */
struct params {
	struct arena *arena;
	struct pg_param list[EVENT_PARAMS];
	int n;
};

static void
add(struct params *p, struct pg_param param)
{
	p->list[p->n++] = param;
}

/* The database takes no NUL and nothing but UTF-8. */
static void
add_text(struct params *p, struct str value)
{
	add(p, pg_text(utf8_clean(p->arena, value)));
}

static void
add_fact(struct params *p, int value)
{
	add(p, pg_number_or_null(p->arena, value, FACT_NONE));
}

static void
add_none(struct params *p)
{
	add(p, pg_text(STR_ABSENT));
}

static struct str
key_of(const struct event *ev)
{
	return (struct str){ (const char *)ev->key, sizeof(ev->key) };
}

/*
 * The first 63 bits of the key, inverted: the greatest of these is that of the
 * smallest key, which settles two events of one step.
 */
static int64_t
rank_of(const struct event *ev)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < 8; i++)
		bits = bits << 8 | ev->key[i];
	return (int64_t)(~bits >> 1);
}

/* See call_status_word() in migrations/0001_calls.sql. */
static int
status_rank(enum call_status status, enum fact_source source)
{
	static const int going_on[CALL__MAX] = {
		[CALL_QUEUED] = 1,
		[CALL_INITIATED] = 2,
		[CALL_RINGING] = 3,
		[CALL_IN_PROGRESS] = 4,
	};
	static const int over[CALL__MAX] = {
		[CALL_CANCELED] = 1,
		[CALL_FAILED] = 2,
		[CALL_NO_ANSWER] = 3,
		[CALL_BUSY] = 4,
		[CALL_COMPLETED] = 5,
	};

	if (over[status] > 0)
		return 100 + 10 * (int)source + over[status];
	if (going_on[status] > 0)
		return 4 * going_on[status] + (int)source;
	return FACT_NONE;
}

/* See recording_status_word() in migrations/0001_calls.sql. */
static int
recording_rank(enum recording_status status)
{
	static const int ranks[RECORDING__MAX] = {
		[RECORDING_UNKNOWN] = 2,
		[RECORDING_IN_PROGRESS] = 1,
		[RECORDING_PROCESSING] = 2,
		[RECORDING_FAILED] = 3,
		[RECORDING_ABSENT] = 4,
		[RECORDING_COMPLETED] = 5,
	};

	return ranks[status];
}

static void
add_event(struct params *p, const struct event *ev, const struct reply *reply)
{
	add_text(p, ev->line);
	add_text(p, ev->call_sid);
	add(p, pg_bytea(key_of(ev)));
	add(p, pg_text(str_of(event_kind_name(ev->kind))));
	add(p, pg_time(p->arena, ev->received_us));
	add_text(p, ev->uri);
	add(p, pg_bytea(ev->body.p == NULL ? STR("") : ev->body));
	add_text(p, reply->twiml);
}

static void
add_leg(struct params *p, const struct event *ev, const struct facts *facts)
{
	const bool own = facts->leg_sid.p != NULL && !ev->inbound_leg;

	add_text(p, facts->leg_sid);
	add_text(p, facts->leg_phone);
	add_text(p, own ? ev->to : STR_ABSENT);
	add(p, pg_text(str_of(call_status_word(facts->leg_status))));
	add_fact(p, facts->leg_duration_s);
	add_fact(p, own ? ev->sequence : FACT_NONE);
	add_fact(p, ev->sip_code);
	add(p, pg_time(p->arena, ev->timestamp_us));
}

static void
add_call(struct params *p, const struct facts *facts)
{
	add_fact(p, facts->version_entry);
	add_fact(p, facts->version_url);
	add_fact(p, status_rank(facts->status, facts->status_source));
	add_fact(p, facts->duration_s);
	add_none(p); /* duration_rest_s */
	add(p, pg_time(p->arena, facts->started_us));
	add_none(p); /* started_rest */
	add(p, pg_time(p->arena, facts->ended_us));
	add_none(p); /* ended_rest */
	add_text(p, facts->from);
	add_text(p, facts->to);
	add_text(p, facts->caller_name);
	add_text(p, facts->city);
	add_text(p, facts->region);
	add_text(p, facts->country);
	add_text(p, facts->verstat);
}

/* False is told as well: it contradicts a key that was pressed. */
static struct pg_param
bridged_param(enum bridged bridged)
{
	if (bridged == BRIDGED_UNKNOWN)
		return pg_text(STR_ABSENT);
	return pg_text(bridged == BRIDGED_YES ? STR("t") : STR("f"));
}

static void
add_course(struct params *p, const struct event *ev, const struct facts *facts)
{
	const char key[] = { facts->menu_key, '\0' };

	add(p,
	    pg_number(p->arena, facts->caller_left ? RANK_LEFT : rank_of(ev)));
	add(p, pg_text(str_of(place_name(facts->place))));
	add(p, pg_text(str_of(why_name(facts->why))));
	add(p,
	    pg_text(
		*key == '\0' ? STR_ABSENT : str_copy(p->arena, str_of(key))));
	add(p, pg_number(p->arena, facts->forwarded_n));
	add(p, pg_number(p->arena, facts->forwarded_rank));
	add_text(p, facts->forwarded_to);
	add(p, bridged_param(facts->bridged));
	add(p, pg_flag(facts->accepted));
	add_fact(p, facts->talk_s);
}

static void
add_recording(struct params *p, const struct recording_fact *recording)
{
	add_text(p, recording->sid);
	add(p, pg_number(p->arena, recording->source));
	add(p, pg_number(p->arena, recording_rank(recording->status)));
	add(p, pg_text(recording->message ? STR("t") : STR("f")));
	add_fact(p, recording->duration_s);
}

/* The parameters of STMT_EVENT_ADD, in its order. */
static void
make_params(struct params *p, const struct event *ev, const struct reply *reply)
{
	const struct facts *const facts = &reply->facts;

	add_event(p, ev, reply);
	add_leg(p, ev, facts);
	add_fact(p, facts->n);
	add_text(p, facts->step);
	add_call(p, facts);
	add_course(p, ev, facts);
	add_recording(p, &facts->recording);
	add_text(p, facts->transcript);
	add_fact(p, facts->error_code);
}

static enum err
set_aside(struct journal *journal, struct arena *arena,
    const struct journal_entry *entry, const char *why)
{
	const struct event *const ev = entry->ev;
	const struct pg_param params[] = {
		pg_bytea(key_of(ev)),
		pg_time(arena, ev->received_us),
		pg_text(str_of(event_kind_name(ev->kind))),
		pg_text(utf8_clean(arena, ev->uri)),
		pg_bytea(ev->body.p == NULL ? STR("") : ev->body),
		pg_text(str_of(why)),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_EVENT_ASIDE),
		.params = params,
		.deadline_ms = entry->deadline_ms,
	};
	struct pg_rows rows;

	return pg_run(journal->pg, arena, &query, &rows);
}

static const char *
missing_identity(const struct event *ev)
{
	if (ev->call_sid.p == NULL)
		return "no call SID";
	return ev->line.p == NULL ? "no line" : NULL;
}

struct journal *
journal_new(struct arena *arena, struct pg *pg)
{
	struct journal *const journal = ARENA_NEW(arena, struct journal);

	journal->pg = pg;
	return journal;
}

enum err
journal_add(struct journal *journal, struct arena *arena, const struct log *log,
    const struct journal_entry *entry)
{
	struct params p = { .arena = arena };
	const struct pg_query query = {
		.statement = stmt(STMT_EVENT_ADD),
		.params = p.list,
		.deadline_ms = entry->deadline_ms,
	};
	const char *why = missing_identity(entry->ev);
	struct pg_rows rows;
	enum err e = ERR_OK;

	if (why == NULL) {
		make_params(&p, entry->ev, entry->reply);
		e = pg_run(journal->pg, arena, &query, &rows);
		if (e == ERR_INPUT || e == ERR_CONFLICT)
			why = "no row can hold it";
	}
	if (why == NULL)
		return e;
	log_event(
	    log, LOG_ASIDE, e, "%s: %s", event_kind_name(entry->ev->kind), why);
	return set_aside(journal, arena, entry, why);
}
