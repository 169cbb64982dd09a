/* flow_set: the versions that a worker knows.  Floor: flow. */
#include "flow/flow_set.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/json.h"
#include "codec/jsonw.h"
#include "flow/block_list.h"
#include "flow/flow.h"
#include "twilio/state.h"

#include <stddef.h>
#include <stdint.h>

#define SCRATCH_BYTES ((size_t)64 * 1024)

struct flow_set *
flow_set_new(struct arena *arena, const struct flow *builtin)
{
	struct flow_set *const set = ARENA_NEW(arena, struct flow_set);

	set->builtin = builtin;
	return set;
}

enum err
flow_set_render(struct arena *arena, const struct flow_version *versions,
    size_t n, struct str blocks, struct str *out)
{
	struct buf buf;
	struct jsonw w;
	enum err e;

	buf_init(&buf, arena, FLOW_SET_MAX_BYTES);
	jsonw_init(&w, &buf);
	jsonw_object(&w, NULL);
	jsonw_array(&w, "versions");
	for (size_t i = 0; i < n; i++) {
		jsonw_object(&w, NULL);
		jsonw_int(&w, "version", versions[i].version);
		jsonw_time(&w, "published_at", versions[i].published_us);
		jsonw_str(&w, "document", versions[i].document);
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	jsonw_str(&w, "blocks", blocks.p == NULL ? STR("") : blocks);
	jsonw_object_end(&w);
	if ((e = buf_close(&buf)) == ERR_OK)
		*out = buf_str(&buf);
	return e;
}

/* One version of the snapshot at the end of `set`. */
static enum err
parse_version(struct arena *arena, const struct json *json,
    struct flow_set *set, struct str *why)
{
	const struct json *const version = json_member(json, STR("version"));
	const struct json *const time = json_member(json, STR("published_at"));
	const struct json *const document = json_member(json, STR("document"));
	struct flow_errors errors;

	if (version == NULL || version->type != JSON_NUMBER || time == NULL ||
	    document == NULL || document->type != JSON_STRING ||
	    version->number < 1 || version->number > STATE_VERSION_MAX ||
	    date_parse_rfc3339(time->string, &set->published_us[set->n]) !=
		ERR_OK) {
		*why = STR("a version lacks its number, time or document");
		return ERR_INPUT;
	}
	if (flow_parse(arena, document->string, (int)version->number, &errors,
		&set->flows[set->n]) != ERR_OK) {
		*why = str_format(arena, "version %d: %.*s %.*s",
		    (int)version->number, STR_ARG(errors.list[0].path),
		    STR_ARG(errors.list[0].text));
		return ERR_INPUT;
	}
	set->n++;
	return ERR_OK;
}

static enum err
parse_blocks(struct arena *arena, const struct json *json, struct flow_set *set,
    struct str *why)
{
	if (json == NULL)
		return ERR_OK;
	if (json->type == JSON_STRING &&
	    block_list_parse(arena, json->string, &set->blocks) == ERR_OK)
		return ERR_OK;
	*why = STR("its blocks are no numbers, or too many");
	return ERR_INPUT;
}

static size_t
count(const struct json *array)
{
	size_t n = 0;

	for (const struct json *i = array->child; i != NULL; i = i->next)
		n++;
	return n;
}

static enum err
parse_root(struct arena *arena, const struct json *root, struct flow_set *set,
    struct str *why)
{
	const struct json *const versions = json_member(root, STR("versions"));
	enum err e;

	if (versions == NULL || versions->type != JSON_ARRAY) {
		*why = STR("it has no versions");
		return ERR_INPUT;
	}
	set->flows = ARENA_ARRAY(arena, count(versions), const struct flow *);
	set->published_us = ARENA_ARRAY(arena, count(versions), int64_t);
	for (const struct json *i = versions->child; i != NULL; i = i->next) {
		if ((e = parse_version(arena, i, set, why)) != ERR_OK)
			return e;
	}
	return parse_blocks(arena, json_member(root, STR("blocks")), set, why);
}

enum err
flow_set_parse(
    struct arena *arena, struct str json, struct flow_set *set, struct str *why)
{
	/* Of the text and its tree a worker keeps nothing. */
	struct arena *const scratch = arena_new(SCRATCH_BYTES);
	struct flow_set fresh = { .builtin = set->builtin };
	struct json_error error;
	const struct json *root;
	enum err e = ERR_INPUT;

	if (json_parse(scratch, json, &error, &root) != ERR_OK)
		*why = str_format(arena, "line %d, column %d: %s", error.line,
		    error.column, error.what);
	else
		e = parse_root(arena, root, &fresh, why);
	if (e == ERR_OK)
		*set = fresh;
	arena_free(scratch);
	return e;
}

const struct flow *
flow_set_entry(const struct flow_set *set, int64_t now_us)
{
	const struct flow *entry = set->n == 0 ? set->builtin : set->flows[0];

	for (size_t i = 0; i < set->n; i++) {
		if (set->published_us[i] + FLOW_SET_DELAY_US <= now_us)
			entry = set->flows[i];
	}
	return entry;
}

const struct flow *
flow_set_at(const struct flow_set *set, int version)
{
	for (size_t i = 0; i < set->n; i++) {
		if (set->flows[i]->version == version)
			return set->flows[i];
	}
	return set->builtin;
}
