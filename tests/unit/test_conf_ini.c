/* conf: the INI file. */
#include "folder_testing.h"
#include "io/conf.h"

#include <string.h>

static enum err
load(const struct folder *f, const char *ini, struct conf_errors *errors,
    const struct conf **out)
{
	const char *const path = folder_file(f, "mainline.ini", ini);
	char *const env[] = {
		str_cstr(
		    f->arena, str_format(f->arena, "MAINLINE_CONFIG=%s", path)),
		NULL
	};

	return conf_load(f->arena, env, errors, out);
}

static const struct row {
	const char *name;
	const char *ini;
	const char *data;  /* MAINLINE_DATA then; NULL: refused */
	const char *error; /* a part of it */
} rows[] = {
	{ "a key", "MAINLINE_DATA = /srv\n", "/srv", NULL },
	{ "without blanks", "MAINLINE_DATA=/srv", "/srv", NULL },
	{ "comments and empty lines",
	    "; one\n# two\n\nMAINLINE_DATA = /srv ; three\n", "/srv", NULL },
	{ "the last of two counts", "MAINLINE_DATA = /a\nMAINLINE_DATA = /b\n",
	    "/b", NULL },
	{ "lines of Windows", "MAINLINE_DATA = /srv\r\n", "/srv", NULL },
	{ "an empty value takes it back",
	    "MAINLINE_DATA = /a\nMAINLINE_DATA =\n", "var", NULL },
	{ "an empty file", "", "var", NULL },
	{ "an unknown key", "MAINLINE_DATAS = /srv\n", NULL,
	    "MAINLINE_DATAS: is no key, in " },
	{ "a key of the file's own name", "MAINLINE_CONFIG = /x\n", NULL,
	    "MAINLINE_CONFIG: is no key, in " },
	{ "a section", "[mainline]\nMAINLINE_DATA = /srv\n", NULL,
	    "has a section [mainline]; write the keys without one" },
	{ "a line that is none", "MAINLINE_DATA = /srv\nnonsense\n", NULL,
	    "line 2, is not KEY = value" },
	{ "a wrong value", "MAINLINE_WORKERS = many\n", NULL,
	    "MAINLINE_WORKERS: must be a whole number" },
	{ "a KEY_FILE of what is no secret", "MAINLINE_DATA_FILE = /x\n", NULL,
	    "MAINLINE_DATA_FILE: is no key, in " },
	{ "a KEY_FILE that is not there",
	    "TWILIO_AUTH_TOKEN_FILE = /nonexistent/x\n", NULL,
	    "TWILIO_AUTH_TOKEN_FILE: cannot read /nonexistent/x" },
	{ "an empty KEY_FILE names none",
	    "TWILIO_AUTH_TOKEN_FILE =\nMAINLINE_DATA = /srv\n", "/srv", NULL },
	/* Nobody means to append to a value by indenting the next key. */
	{ "an indented key is a key",
	    "MAINLINE_WORKERS = 4\n  MAINLINE_DATA = /srv\n", "/srv", NULL },
	{ "an indented key does not change the one before",
	    "MAINLINE_DATA = /srv\n  MAINLINE_WORKERS = 4\n", "/srv", NULL },
};

static void
test_conf_ini(void **state)
{
	const struct folder *const f = *state;
	bool ok = true;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *const r = &rows[i];
		const struct conf *conf = NULL;
		struct conf_errors errors;
		const enum err e = load(f, r->ini, &errors, &conf);

		print_message("  %s\n", r->name);
		if (r->data != NULL && e != ERR_OK) {
			print_error("%.*s\n", STR_ARG(errors.list[0]));
			ok = false;
		} else if (r->data != NULL &&
		    strcmp(conf->data, r->data) != 0) {
			print_error("MAINLINE_DATA is %s\n", conf->data);
			ok = false;
		}
		if (r->error != NULL) {
			assert_err(e, ERR_INPUT);
			assert_holds(errors.list[0], r->error);
		}
	}
	assert_true(ok);
}

/* Eight tokens of Twilio's length, or a URL with its options, are a long line. */
static void
test_conf_ini_of_long_lines(void **state)
{
	const struct folder *const f = *state;
	struct str tokens = STR("0123456789abcdef0123456789abcdef");
	const struct conf *conf;
	struct conf_errors errors;

	for (size_t n = 1; n <= CONF_MAX_TOKENS; n++) {
		const struct str ini = str_format(
		    f->arena, "TWILIO_AUTH_TOKEN = %.*s\n", STR_ARG(tokens));

		if (load(f, ini.p, &errors, &conf) != ERR_OK)
			fail_msg(
			    "%zu tokens: %.*s", n, STR_ARG(errors.list[0]));
		assert_int_equal(conf->n_auth_tokens, n);
		assert_str(str_of(conf->twilio_auth_token), tokens);
		tokens =
		    str_format(f->arena, "%.*s,%032zu", STR_ARG(tokens), n);
	}
}

/* Secrets may lie apart from what everybody may read. */
static void
test_conf_ini_of_a_secret_file(void **state)
{
	const struct folder *const f = *state;
	const char *const secret = folder_file(
	    f, "token", "0123456789abcdef0123456789abcdef\nnot this\n");
	const struct str line =
	    str_format(f->arena, "TWILIO_AUTH_TOKEN_FILE = %s\n", secret);
	const struct conf *conf;
	struct conf_errors errors;

	assert_err(load(f, str_cstr(f->arena, line), &errors, &conf), ERR_OK);
	assert_string_equal(
	    conf->twilio_auth_token, "0123456789abcdef0123456789abcdef");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_conf_ini),
		FOLDER_TEST(test_conf_ini_of_long_lines),
		FOLDER_TEST(test_conf_ini_of_a_secret_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
