/*
 * conf: the configuration of a deployment, from one table of keys.
 * Floor: io.
 *
 * Default < INI file < environment < file named by KEY_FILE (secrets only) of
 * the environment; in the INI file KEY_FILE is a line like any other.  An
 * unknown key is refused.  Nothing here is global: who needs a value is handed
 * it, and a reload replaces the workers.
 */
#ifndef MAINLINE_IO_CONF_H
#define MAINLINE_IO_CONF_H

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"

#include <stdbool.h>

#define CONF_MAX_TOKENS 8
#define CONF_MAX_ERRORS 32

struct conf {
	const char *database_url;       /* libpq connection string; NULL */
	const char *twilio_account_sid; /* NULL */
	const char *twilio_auth_token;  /* as configured; NULL */
	struct str auth_tokens[CONF_MAX_TOKENS]; /* the same, taken apart */
	size_t n_auth_tokens;
	const char *twilio_api_key;    /* SK...; NULL: account and token */
	const char *twilio_api_secret; /* its secret; NULL */
	const char *twilio_api_url;    /* an origin */
	const char *public_url;        /* "https://host[:port]"; NULL */
	const char *public_connect; /* "host:port"; NULL: as public_url says */
	const char *data;           /* folder of what is kept */
	const char *run;            /* folder of the sockets */
	const char *line;           /* E.164, or NULL */
	const char *forward_to;     /* E.164, or NULL */
	const char *user;           /* to become when started as root; NULL */
	const char *socket_group;   /* who may connect beside us; NULL */
	const char *ca_file;        /* authorities beside the system's; NULL */
	const char *s3_url;         /* "https://host/bucket"; NULL: no bucket */
	const char *s3_region;      /* of it */
	const char *s3_key;         /* with s3_url, else NULL */
	const char *s3_secret;      /* the same */
	const char *smtp_url;       /* smtp:// or smtps://; NULL: no mail */
	const char *smtp_user;      /* NULL: not asked for */
	const char *smtp_password;  /* with smtp_user, else NULL */
	const char *smtp_from;      /* with smtp_url: "a@b" or "Name <a@b>" */
	const char *webhook_secret; /* "whsec_..."; NULL: none */
	const char *oauth2_proxy;   /* an origin; NULL: nobody is asked */
	const char *delete_at_twilio_word;
	bool delete_at_twilio; /* what is kept here */
	const char *log_level_name;
	enum log_level log_level;
	int https_port, http_port; /* nginx's; for script/server */
	int workers, api_workers, jobs_workers;
	int keep_calls_days, keep_audio_days,
	    keep_events_days; /* 0: for ever */
	int spool_mb;         /* what the spool may take of the disk */
	int worker_requests;  /* after about that many it is replaced */
};

struct conf_errors {
	struct str list[CONF_MAX_ERRORS]; /* "KEY: what is wrong; the mend" */
	size_t n;
};

/*
 * Reads the configuration.  `env` is the process's environment (environ); the
 * INI file is the one that MAINLINE_CONFIG names there, if it does.  All of it
 * is copied into `arena`, beginning with `*out`, which is written on ERR_OK
 * only.
 *
 * ERR_INPUT: `*errors` names every key that is wrong, with its mend.
 */
MUST_USE enum err conf_load(struct arena *arena, char *const *env,
    struct conf_errors *errors, const struct conf **out);

/* What `mainline serve` cannot do without. */
extern const char *const conf_serve_keys[];

/*
 * Are these keys set?  `keys` is a NULL-ended list.  ERR_INPUT: `*errors` names
 * the missing ones.
 */
MUST_USE enum err conf_require(struct arena *arena, const struct conf *conf,
    const char *const *keys, struct conf_errors *errors);

/* All keys with their values, "KEY = value" a line; secrets are masked. */
struct str conf_print(struct arena *arena, const struct conf *conf);

/* All keys with their meaning and default, a table for --help. */
struct str conf_help(struct arena *arena);

#endif
