/* conf: the configuration of a deployment.  Floor: io. */
#include "io/conf.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "conf_keys.h"
#include "io/files.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define FILE_VARIABLE "MAINLINE_CONFIG"
#define OURS "MAINLINE_"
#define SECRET_MAX_BYTES 4096
#define FILE_MAX_BYTES ((size_t)64 * 1024)
#define PRINT_MAX_BYTES ((size_t)64 * 1024)
#define MASK "****"

struct loader {
	struct arena *arena;
	struct conf *conf;
	struct conf_errors *errors;
	const char *file; /* of the INI file, for messages */
};

static void
add_error(struct loader *l, struct str text)
{
	if (l->errors->n < CONF_MAX_ERRORS)
		l->errors->list[l->errors->n++] = text;
}

static const char **
string_at(struct conf *conf, size_t offset)
{
	return (const char **)(void *)((char *)conf + offset);
}

static const char **
string_of(struct conf *conf, const struct conf_key *key)
{
	return string_at(conf, key->offset);
}

static int *
int_of(struct conf *conf, const struct conf_key *key)
{
	return (int *)(void *)((char *)conf + key->offset);
}

/* Sets a key; an empty value unsets it. */
static void
set(struct loader *l, const struct conf_key *key, const char *value)
{
	const char *wrong = NULL;
	int number = 0;

	if (*value == '\0') {
		if (key->type == CONF_STRING)
			*string_of(l->conf, key) = NULL;
		return;
	}
	if (key->type == CONF_INT) {
		if (!str_to_int(str_of(value), key->max, &number) ||
		    number < key->min)
			add_error(l,
			    str_format(l->arena,
				"%s: must be a whole number from %d to %d",
				key->name, key->min, key->max));
		*int_of(l->conf, key) = number;
	} else {
		*string_of(l->conf, key) =
		    arena_copy(l->arena, value, strlen(value));
	}
	if (key->check != NULL)
		wrong = key->check(l->arena, value);
	if (wrong != NULL)
		add_error(l, str_format(l->arena, "%s: %s", key->name, wrong));
}

/* The value of a variable, or NULL. */
static const char *
env_get(char *const *env, const char *name)
{
	const size_t n = strlen(name);

	for (; *env != NULL; env++) {
		if (strncmp(*env, name, n) == 0 && (*env)[n] == '=')
			return *env + n + 1;
	}
	return NULL;
}

/* A value ends at a comment: a ";" behind a blank. */
static struct str
without_comment(struct str s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == ';' && (s.p[i - 1] == ' ' || s.p[i - 1] == '\t'))
			return str_slice(s, 0, i);
	}
	return s;
}

/* The file of a secret: its first line. */
static void
load_secret(struct loader *l, const struct conf_key *key, const char *path)
{
	struct str text;

	if (files_read(l->arena, path, SECRET_MAX_BYTES, &text) != ERR_OK) {
		add_error(l,
		    str_format(l->arena,
			"%s_FILE: cannot read %s; check its name and rights",
			key->name, path));
		return;
	}
	set(l, key,
	    str_cstr(l->arena,
		str_trim(str_slice(text, 0, strcspn(text.p, "\r\n")))));
}

static void
load_line(struct loader *l, struct str line, int number)
{
	const size_t equals = str_find(line, '=');
	const struct str name = str_trim(str_slice(line, 0, equals));
	const struct str value =
	    str_trim(without_comment(str_slice(line, equals + 1, line.n)));
	const struct conf_key *const key = conf_key_find(name);
	const struct conf_key *const secret = conf_key_of_file(name);

	if (line.p[0] == '[')
		add_error(l,
		    str_format(l->arena,
			"%s: has a section %.*s; write the keys without one",
			l->file, STR_ARG(line)));
	else if (equals == line.n || name.n == 0)
		add_error(l,
		    str_format(l->arena,
			FILE_VARIABLE ": %s, line %d, is not KEY = value",
			l->file, number));
	else if (secret != NULL && value.n > 0)
		load_secret(l, secret, str_cstr(l->arena, value));
	else if (key == NULL && secret == NULL)
		add_error(l,
		    str_format(l->arena,
			"%.*s: is no key, in %s; mainline config --help lists them",
			STR_ARG(name), l->file));
	else if (key != NULL)
		set(l, key, str_cstr(l->arena, value));
}

/*
 * KEY = value a line; comments begin with ";" or "#".  (Libraries for INI files
 * cut lines after some 200 bytes, which a list of tokens may have.)
 */
static void
load_file(struct loader *l, char *const *env)
{
	const char *const path = env_get(env, FILE_VARIABLE);
	struct str rest;

	if (path == NULL || *path == '\0')
		return;
	l->file = path;
	if (files_read(l->arena, path, FILE_MAX_BYTES, &rest) != ERR_OK) {
		add_error(l,
		    str_format(l->arena,
			FILE_VARIABLE
			": cannot read %s; check its name and rights",
			path));
		return;
	}
	for (int number = 1; rest.p != NULL; number++) {
		struct str line = str_split(&rest, '\n');

		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		line = str_trim(line);
		if (line.n > 0 && line.p[0] != ';' && line.p[0] != '#')
			load_line(l, line, number);
	}
}

static void
load_env(struct loader *l, char *const *env)
{
	for (size_t i = 0; i < conf_n_keys; i++) {
		const struct conf_key *const key = &conf_keys[i];
		const char *const value = env_get(env, key->name);
		const char *file = NULL;

		if (key->secret)
			file = env_get(env,
			    str_cstr(l->arena,
				str_format(l->arena, "%s_FILE", key->name)));
		if (value != NULL)
			set(l, key, value);
		if (file != NULL && *file != '\0')
			load_secret(l, key, file);
	}
}

/* A variable of ours that no key stands for is a slip of the pen. */
static void
refuse_unknown_env(struct loader *l, char *const *env)
{
	for (; *env != NULL; env++) {
		const struct str name =
		    str_slice(str_of(*env), 0, strcspn(*env, "="));

		if (!str_starts(name, STR(OURS)) ||
		    str_eq(name, STR(FILE_VARIABLE)) ||
		    conf_key_find(name) != NULL ||
		    conf_key_of_file(name) != NULL)
			continue;
		add_error(l,
		    str_format(l->arena,
			"%.*s: is no key; mainline config --help lists them",
			STR_ARG(name)));
	}
}

static void
derive(struct loader *l)
{
	struct conf *const conf = l->conf;
	struct str rest = str_of(conf->twilio_auth_token);

	if (conf->data == NULL)
		conf->data = "var";
	if (conf->run == NULL)
		conf->run = str_cstr(
		    l->arena, str_format(l->arena, "%s/run", conf->data));
	while (rest.p != NULL && conf->n_auth_tokens < CONF_MAX_TOKENS)
		conf->auth_tokens[conf->n_auth_tokens++] =
		    str_trim(str_split(&rest, ','));
	conf->delete_at_twilio =
	    str_eq(str_of(conf->delete_at_twilio_word), STR("yes"));
	if (conf->log_level_name == NULL ||
	    !log_level_parse(str_of(conf->log_level_name), &conf->log_level))
		conf->log_level = LOG_LEVEL_INFO;
}

struct pair {
	size_t one; /* offset in struct conf, of a string */
	size_t other;
	bool both_ways; /* else only `one` needs the other */
	struct str wrong;
};

#define PAIR(one, other)                                                       \
	offsetof(struct conf, one), offsetof(struct conf, other)

static const struct pair pairs[] = {
	{ PAIR(twilio_api_key, twilio_api_secret), true,
	    STR_INIT("TWILIO_API_KEY: goes with TWILIO_API_SECRET; set both or "
		     "none") },
	{ PAIR(s3_key, s3_secret), true,
	    STR_INIT("MAINLINE_S3_KEY: goes with MAINLINE_S3_SECRET; set both "
		     "or none") },
	{ PAIR(s3_url, s3_key), false,
	    STR_INIT("MAINLINE_S3_URL: needs MAINLINE_S3_KEY and "
		     "MAINLINE_S3_SECRET; set all three") },
	{ PAIR(smtp_user, smtp_password), true,
	    STR_INIT("MAINLINE_SMTP_USER: goes with MAINLINE_SMTP_PASSWORD; "
		     "set both or none") },
	{ PAIR(smtp_url, smtp_from), false,
	    STR_INIT("MAINLINE_SMTP_URL: needs MAINLINE_SMTP_FROM, the address "
		     "that mails are from") },
};

/* What no key can tell alone. */
static void
check_together(struct loader *l)
{
	const struct str line = str_of(l->conf->line);

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		const struct pair *const p = &pairs[i];
		const bool one = *string_at(l->conf, p->one) != NULL;
		const bool other = *string_at(l->conf, p->other) != NULL;

		if (one != other && (one || p->both_ways))
			add_error(l, p->wrong);
	}
	if (line.p != NULL && str_eq(line, str_of(l->conf->forward_to)))
		add_error(l,
		    STR("MAINLINE_FORWARD_TO: is MAINLINE_LINE itself, so a "
			"call would go round in circles; name the phone of a "
			"colleague"));
}

enum err
conf_load(struct arena *arena, char *const *env, struct conf_errors *errors,
    const struct conf **out)
{
	struct loader l = {
		.arena = arena,
		.conf = ARENA_NEW(arena, struct conf),
		.errors = errors,
	};

	errors->n = 0;
	for (size_t i = 0; i < conf_n_keys; i++) {
		if (conf_keys[i].otherwise != NULL)
			set(&l, &conf_keys[i], conf_keys[i].otherwise);
	}
	load_file(&l, env);
	load_env(&l, env);
	refuse_unknown_env(&l, env);
	if (errors->n == 0)
		check_together(&l);
	if (errors->n > 0)
		return ERR_INPUT;
	derive(&l);
	*out = l.conf;
	return ERR_OK;
}

/* A key's value as text; absent when it is not set. */
static struct str
value_of(
    struct arena *arena, const struct conf *conf, const struct conf_key *key)
{
	const char *const at = (const char *)conf + key->offset;

	if (key->type == CONF_INT)
		return str_format(arena, "%d", *(const int *)(const void *)at);
	return str_of(*(const char *const *)(const void *)at);
}

enum err
conf_require(struct arena *arena, const struct conf *conf,
    const char *const *keys, struct conf_errors *errors)
{
	errors->n = 0;
	for (; *keys != NULL && errors->n < CONF_MAX_ERRORS; keys++) {
		const struct conf_key *const key = conf_key_find(str_of(*keys));

		if (key == NULL || value_of(arena, conf, key).p != NULL)
			continue;
		errors->list[errors->n++] = str_format(
		    arena, "%s: is not set; it is %s", key->name, key->help);
	}
	return errors->n == 0 ? ERR_OK : ERR_INPUT;
}

struct str
conf_print(struct arena *arena, const struct conf *conf)
{
	struct buf out;

	buf_init(&out, arena, PRINT_MAX_BYTES);
	for (size_t i = 0; i < conf_n_keys; i++) {
		const struct conf_key *const key = &conf_keys[i];
		struct str value = value_of(arena, conf, key);

		if (value.p == NULL) {
			buf_addf(&out, "; %s is not set\n", key->name);
			continue;
		}
		if (key->offset == offsetof(struct conf, database_url))
			value = pg_conninfo_masked(arena, value.p);
		else if (key->secret)
			value = STR(MASK);
		buf_addf(&out, "%s = %.*s\n", key->name, STR_ARG(value));
	}
	return buf_str(&out);
}

struct str
conf_help(struct arena *arena)
{
	struct buf out;

	buf_init(&out, arena, PRINT_MAX_BYTES);
	for (size_t i = 0; i < conf_n_keys; i++) {
		const struct conf_key *const key = &conf_keys[i];

		buf_addf(&out, "  %-25s %s", key->name, key->help);
		if (key->otherwise != NULL)
			buf_addf(&out, " (%s)", key->otherwise);
		buf_add(&out, key->secret ? STR(" *\n") : STR("\n"));
	}
	return buf_str(&out);
}
