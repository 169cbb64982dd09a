/*
 * certificate: what a server shows who connects by TLS, and whether others
 * would trust it.
 * Floor: io.
 */
#ifndef MAINLINE_IO_CERTIFICATE_H
#define MAINLINE_IO_CERTIFICATE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct certificate_wish {
	const char *url;        /* https; the name that is asked for */
	const char *connect_to; /* "host:port" in place of it; NULL */
	const char *ca_file;    /* authorities beside the system's; NULL */
	int timeout_ms;         /* of each of three connections */
};

struct certificate {
	size_t n_chain; /* certificates that were sent */
	struct str subject, issuer;
	struct str names;          /* "DNS:a.example, IP Address:..."; absent */
	int64_t from_us, until_us; /* -1: it does not say */
	int verify_code; /* OpenSSL's X509_V_...; 0: whom we trust vouches */
	const char *why; /* where it is not 0, in words */
	bool name_fits;
};

/*
 * Connects, looks, and sends nothing.  ERR_BUSY: nobody answers.  ERR_UPSTREAM:
 * there is no TLS to be had.  `*why` says more then; all lives in `arena`.
 */
MUST_USE enum err certificate_look(struct arena *arena,
    const struct certificate_wish *wish, struct certificate *out,
    const char **why);

#endif
