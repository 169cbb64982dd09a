/* conf: what is printed, where a value comes from, and which of two wins. */
#include "folder_testing.h"
#include "io/conf.h"

#include <stdio.h>

#define AC "AC0123456789abcdef0123456789abcdef"

/* conf_load() of these variables, which must do. */
static const struct conf *
load(struct arena *arena, const char *const *variables)
{
	char *env[64] = { NULL };
	struct conf_errors errors;
	const struct conf *conf = NULL;

	for (size_t i = 0; variables[i] != NULL; i++)
		env[i] = str_cstr(arena, str_of(variables[i]));
	if (conf_load(arena, env, &errors, &conf) != ERR_OK)
		fail_msg("%.*s", STR_ARG(errors.list[0]));
	assert_int_equal(errors.n, 0);
	return conf;
}

static const char printed_defaults[] =
    "; DATABASE_URL is not set\n"
    "MAINLINE_API_WORKERS = 4\n"
    "; MAINLINE_CA_FILE is not set\n"
    "MAINLINE_DATA = var\n"
    "MAINLINE_DELETE_AT_TWILIO = no\n"
    "; MAINLINE_FORWARD_TO is not set\n"
    "MAINLINE_HTTPS_PORT = 8443\n"
    "MAINLINE_HTTP_PORT = 8080\n"
    "MAINLINE_JOBS_WORKERS = 2\n"
    "MAINLINE_KEEP_AUDIO_DAYS = 0\n"
    "MAINLINE_KEEP_CALLS_DAYS = 0\n"
    "MAINLINE_KEEP_EVENTS_DAYS = 0\n"
    "; MAINLINE_LINE is not set\n"
    "MAINLINE_LOG_LEVEL = info\n"
    "; MAINLINE_OAUTH2_PROXY is not set\n"
    "; MAINLINE_PUBLIC_CONNECT is not set\n"
    "; MAINLINE_PUBLIC_URL is not set\n"
    "MAINLINE_RUN = var/run\n"
    "; MAINLINE_S3_KEY is not set\n"
    "MAINLINE_S3_REGION = us-east-1\n"
    "; MAINLINE_S3_SECRET is not set\n"
    "; MAINLINE_S3_URL is not set\n"
    "; MAINLINE_SMTP_FROM is not set\n"
    "; MAINLINE_SMTP_PASSWORD is not set\n"
    "; MAINLINE_SMTP_URL is not set\n"
    "; MAINLINE_SMTP_USER is not set\n"
    "; MAINLINE_SOCKET_GROUP is not set\n"
    "MAINLINE_SPOOL_MB = 512\n"
    "; MAINLINE_USER is not set\n"
    "; MAINLINE_WEBHOOK_SECRET is not set\n"
    "MAINLINE_WORKERS = 24\n"
    "MAINLINE_WORKER_REQUESTS = 20000\n"
    "; TWILIO_ACCOUNT_SID is not set\n"
    "; TWILIO_API_KEY is not set\n"
    "; TWILIO_API_SECRET is not set\n"
    "TWILIO_API_URL = https://api.twilio.com\n"
    "; TWILIO_AUTH_TOKEN is not set\n";

static const char *const everything[] = {
	"DATABASE_URL=postgresql://anna:S3cret@db.example/calls",
	"MAINLINE_API_WORKERS=3",
	"MAINLINE_DATA=/srv/mainline",
	"MAINLINE_DELETE_AT_TWILIO=yes",
	"MAINLINE_FORWARD_TO=+15550100777",
	"MAINLINE_HTTPS_PORT=443",
	"MAINLINE_HTTP_PORT=80",
	"MAINLINE_JOBS_WORKERS=3",
	"MAINLINE_KEEP_AUDIO_DAYS=1",
	"MAINLINE_KEEP_CALLS_DAYS=365",
	"MAINLINE_KEEP_EVENTS_DAYS=3",
	"MAINLINE_LINE=+15550100001",
	"MAINLINE_LOG_LEVEL=debug",
	"MAINLINE_OAUTH2_PROXY=http://sign-in:4180",
	"MAINLINE_PUBLIC_CONNECT=127.0.0.1:8443",
	"MAINLINE_PUBLIC_URL=https://phone.example.com",
	"MAINLINE_CA_FILE=/dev/null",
	"MAINLINE_S3_KEY=AKIA",
	"MAINLINE_S3_REGION=eu-central-1",
	"MAINLINE_S3_SECRET=S3cret",
	"MAINLINE_S3_URL=https://s3.example.com/audio",
	"MAINLINE_SMTP_FROM=Our phone <phone@example.com>",
	"MAINLINE_SMTP_PASSWORD=S3cret",
	"MAINLINE_SMTP_URL=smtp://mail.example.com:587",
	"MAINLINE_SMTP_USER=phone",
	"MAINLINE_WEBHOOK_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	"MAINLINE_SOCKET_GROUP=www-data",
	"MAINLINE_SPOOL_MB=64",
	"MAINLINE_USER=mainline",
	"MAINLINE_WORKERS=16",
	"MAINLINE_WORKER_REQUESTS=1000",
	"TWILIO_ACCOUNT_SID=" AC,
	"TWILIO_API_KEY=SK0123456789abcdef0123456789abcdef",
	"TWILIO_API_SECRET=S3cret",
	"TWILIO_API_URL=http://127.0.0.1:4010",
	"TWILIO_AUTH_TOKEN=t0ken, t1ken",
	"PATH=/bin",
	NULL,
};

static const char printed_everything[] =
    "DATABASE_URL = user=anna password=**** dbname=calls host=db.example\n"
    "MAINLINE_API_WORKERS = 3\n"
    "MAINLINE_CA_FILE = /dev/null\n"
    "MAINLINE_DATA = /srv/mainline\n"
    "MAINLINE_DELETE_AT_TWILIO = yes\n"
    "MAINLINE_FORWARD_TO = +15550100777\n"
    "MAINLINE_HTTPS_PORT = 443\n"
    "MAINLINE_HTTP_PORT = 80\n"
    "MAINLINE_JOBS_WORKERS = 3\n"
    "MAINLINE_KEEP_AUDIO_DAYS = 1\n"
    "MAINLINE_KEEP_CALLS_DAYS = 365\n"
    "MAINLINE_KEEP_EVENTS_DAYS = 3\n"
    "MAINLINE_LINE = +15550100001\n"
    "MAINLINE_LOG_LEVEL = debug\n"
    "MAINLINE_OAUTH2_PROXY = http://sign-in:4180\n"
    "MAINLINE_PUBLIC_CONNECT = 127.0.0.1:8443\n"
    "MAINLINE_PUBLIC_URL = https://phone.example.com\n"
    "MAINLINE_RUN = /srv/mainline/run\n"
    "MAINLINE_S3_KEY = AKIA\n"
    "MAINLINE_S3_REGION = eu-central-1\n"
    "MAINLINE_S3_SECRET = ****\n"
    "MAINLINE_S3_URL = https://s3.example.com/audio\n"
    "MAINLINE_SMTP_FROM = Our phone <phone@example.com>\n"
    "MAINLINE_SMTP_PASSWORD = ****\n"
    "MAINLINE_SMTP_URL = smtp://mail.example.com:587\n"
    "MAINLINE_SMTP_USER = phone\n"
    "MAINLINE_SOCKET_GROUP = www-data\n"
    "MAINLINE_SPOOL_MB = 64\n"
    "MAINLINE_USER = mainline\n"
    "MAINLINE_WEBHOOK_SECRET = ****\n"
    "MAINLINE_WORKERS = 16\n"
    "MAINLINE_WORKER_REQUESTS = 1000\n"
    "TWILIO_ACCOUNT_SID = " AC "\n"
    "TWILIO_API_KEY = SK0123456789abcdef0123456789abcdef\n"
    "TWILIO_API_SECRET = ****\n"
    "TWILIO_API_URL = http://127.0.0.1:4010\n"
    "TWILIO_AUTH_TOKEN = ****\n";

static void
test_conf_print(void **state)
{
	const struct folder *const f = *state;
	static const char *const nothing[] = { NULL };

	assert_text(
	    conf_print(f->arena, load(f->arena, nothing)), printed_defaults);
	assert_text(conf_print(f->arena, load(f->arena, everything)),
	    printed_everything);
}

static void
test_conf_load(void **state)
{
	const struct folder *const f = *state;
	const struct conf *const conf = load(f->arena, everything);

	assert_string_equal(conf->data, "/srv/mainline");
	assert_string_equal(conf->run, "/srv/mainline/run");
	assert_int_equal(conf->workers, 16);
	assert_int_equal(conf->log_level, LOG_LEVEL_DEBUG);
	assert_int_equal(conf->n_auth_tokens, 2);
	assert_text(conf->auth_tokens[0], "t0ken");
	assert_text(conf->auth_tokens[1], "t1ken");
}

/* An empty variable takes a value back. */
static void
test_conf_empty_values(void **state)
{
	const struct folder *const f = *state;
	static const char *const variables[] = { "MAINLINE_DATA=",
		"MAINLINE_WORKERS=", "MAINLINE_LOG_LEVEL=",
		"TWILIO_AUTH_TOKEN=", "TWILIO_AUTH_TOKEN_FILE=",
		"MAINLINE_CONFIG=", "MAINLINE_LINE=", NULL };
	const struct conf *const conf = load(f->arena, variables);

	assert_string_equal(conf->data, "var");
	assert_int_equal(conf->workers, 24);
	assert_int_equal(conf->log_level, LOG_LEVEL_INFO);
	assert_null(conf->twilio_auth_token);
	assert_int_equal(conf->n_auth_tokens, 0);
	assert_null(conf->line);
}

static const char *
variable(const struct folder *f, const char *name, const char *value)
{
	return str_cstr(f->arena, str_format(f->arena, "%s=%s", name, value));
}

/* Default < INI file < environment < the file that KEY_FILE names. */
static void
test_conf_precedence(void **state)
{
	const struct folder *const f = *state;
	const char *const ini = variable(f, "MAINLINE_CONFIG",
	    folder_file(f, "ini",
		"MAINLINE_WORKERS = 3\nTWILIO_AUTH_TOKEN = of-the-ini\n"
		"MAINLINE_DATA = /of/the/ini\n"));
	const char *const secret = variable(f, "TWILIO_AUTH_TOKEN_FILE",
	    folder_file(f, "secret", "of-the-file\nand no more\n"));
	const char *variables[] = { NULL, NULL, NULL, NULL, NULL };
	const struct conf *conf;

	variables[0] = ini;
	conf = load(f->arena, variables);
	assert_int_equal(conf->workers, 3);
	assert_string_equal(conf->data, "/of/the/ini");
	assert_string_equal(conf->twilio_auth_token, "of-the-ini");

	variables[1] = "MAINLINE_WORKERS=4";
	variables[2] = "TWILIO_AUTH_TOKEN=of-the-environment";
	conf = load(f->arena, variables);
	assert_int_equal(conf->workers, 4);
	assert_string_equal(conf->data, "/of/the/ini");
	assert_string_equal(conf->twilio_auth_token, "of-the-environment");

	variables[3] = secret;
	assert_string_equal(
	    load(f->arena, variables)->twilio_auth_token, "of-the-file");
}

static const struct {
	const char *name, *text, *want;
} secrets[] = {
	{ "one line", "abc", "abc" },
	{ "a line's end", "abc\n", "abc" },
	{ "one of Windows", "abc\r\n", "abc" },
	{ "blanks around it", " \tabc \n", "abc" },
	{ "only its first line", "abc\ndef\n", "abc" },
};

static void
test_conf_secret_files(void **state)
{
	const struct folder *const f = *state;

	for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
		const char *const variables[] = {
			variable(f, "TWILIO_AUTH_TOKEN_FILE",
			    folder_file(f, "secret", secrets[i].text)),
			NULL
		};

		print_message("  %s\n", secrets[i].name);
		assert_string_equal(
		    load(f->arena, variables)->twilio_auth_token,
		    secrets[i].want);
	}
}

/* Every secret may come from a file, those too whose names we choose. */
static void
test_conf_secret_files_of_ours(void **state)
{
	const struct folder *const f = *state;
	const char *const variables[] = {
		variable(f, "MAINLINE_SMTP_PASSWORD_FILE",
		    folder_file(f, "password", "sesame\n")),
		variable(f, "MAINLINE_S3_SECRET_FILE",
		    folder_file(f, "secret", "hush\n")),
		"MAINLINE_SMTP_USER=u", "MAINLINE_S3_KEY=k", NULL
	};
	const struct conf *const conf = load(f->arena, variables);

	assert_string_equal(conf->smtp_password, "sesame");
	assert_string_equal(conf->s3_secret, "hush");
}

static void
test_conf_help(void **state)
{
	const struct folder *const f = *state;
	const struct str help = conf_help(f->arena);
	struct str rest = str_of(printed_everything);

	while (rest.n > 0) {
		struct str line = str_split(&rest, '\n');
		const struct str key = str_trim(str_split(&line, '='));

		assert_holds(help, str_cstr(f->arena, key));
	}
	assert_holds(help, "(8443)");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_conf_print),
		FOLDER_TEST(test_conf_load),
		FOLDER_TEST(test_conf_empty_values),
		FOLDER_TEST(test_conf_precedence),
		FOLDER_TEST(test_conf_secret_files),
		FOLDER_TEST(test_conf_secret_files_of_ours),
		FOLDER_TEST(test_conf_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
