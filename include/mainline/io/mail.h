/*
 * mail: letters to people, through one mail server.
 * Floor: io.
 *
 * Over TLS with a certificate that is checked: smtps:// from the beginning,
 * smtp:// by STARTTLS before anything else is said, except to this machine
 * itself (url_is_loopback()), where it may be plain.  An attachment is sent
 * while it is read, so that a long recording needs no memory.
 */
#ifndef MAINLINE_IO_MAIL_H
#define MAINLINE_IO_MAIL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"

#include <stddef.h>
#include <stdint.h>

#define MAIL_MAX_RECIPIENTS 32

struct mail_attachment {
	struct str name; /* what is not a letter, digit, ".", "-", "_" or blank
			    becomes "_" */
	struct str content_type; /* "audio/mpeg" */
	int fd;                  /* a regular file; borrowed */
	int64_t length;          /* its first bytes */
};

struct mail_header {
	const char *name; /* not one that mail_send() writes itself */
	struct str value; /* any text */
};

struct mail {
	const struct str *to; /* "user@host" each, no names */
	size_t n_to;          /* 1 to MAIL_MAX_RECIPIENTS */
	struct str subject;   /* any text; what cannot be shown is cleaned */
	struct str text;      /* the same, lines ended by "\n" */
	/* "notice-1@phone.example.com", without "<>": the same at each try. */
	struct str message_id;
	int64_t date_us;
	const struct mail_attachment *attachment; /* NULL: none */
	const struct mail_header *headers;        /* more of them; NULL */
	size_t n_headers;
};

/*
 * Sends a letter from conf->smtp_from through conf->smtp_url, which are set,
 * and waits for the server's word until the monotonic `deadline_ms`.
 *
 * ERR_OK    the server has taken it, for all who are named in `to`
 * ERR_BUSY  not now: nobody answers, it took too long, the server said 4xx,
 *           refuses our password, or offers no TLS that we trust
 * ERR_INPUT never so: an address or a header is none, the attachment cannot be
 *           read, or the server refused it for good (5xx); nobody got it
 *
 * `*why` (in `arena`) says more, with the server's own words, never with a
 * credential.  A letter may arrive twice when the connection breaks between the
 * server's taking it and its word; the message id tells.
 */
MUST_USE enum err mail_send(struct arena *arena, const struct conf *conf,
    const struct mail *mail, int64_t deadline_ms, const char **why);

#endif
