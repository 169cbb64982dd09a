/*
 * doctor_probe: a signed request of our own, sent to the public URL.  Private
 * to the jobs floor.
 *
 * It goes to a path that records nothing, and says what came of it on its way.
 */
#ifndef MAINLINE_JOBS_DOCTOR_PROBE_H
#define MAINLINE_JOBS_DOCTOR_PROBE_H

#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"

#include <stdbool.h>

/* What is varied, to see which part is refused. */
struct probe {
	struct str origin; /* what is signed, whatever is asked */
	struct str token;
	bool has_query; /* one that a careless proxy would write anew */
	bool has_text;  /* the same of the body */
};

enum probe_result {
	PROBE_SILENT,    /* nobody answers */
	PROBE_NO_TLS,    /* the connection broke off, or is not trusted */
	PROBE_OURS,      /* the signature holds */
	PROBE_REFUSED,   /* a worker of ours refuses the signature */
	PROBE_REDIRECT,  /* to `location` */
	PROBE_PLAIN,     /* nginx's plain port */
	PROBE_NO_WORKER, /* nginx, and nobody behind it */
	PROBE_OTHER      /* somebody else, or another path of ours */
};

struct probe_answer {
	enum probe_result result;
	int status;
	struct str location;           /* of a redirect */
	struct str body;               /* up to a few KiB; never absent */
	const char *why;               /* no answer: in words */
	struct str scheme, port, host; /* PROBE_OURS: as nginx met it */
	struct str body_sha256;
	struct str sent_sha256; /* of what was sent */
};

/* Sends it; takes DOCTOR_ASK_MS at most. */
void probe_send(
    struct doctor *d, const struct probe *probe, struct probe_answer *out);

/* What an answer is, by its status and body; fills in what PROBE_OURS told. */
enum probe_result probe_classify(struct doctor *d, struct probe_answer *answer);

/* It came through: as it was sent? */
void judge_probe(struct doctor *d, const struct probe_answer *answer);

#endif
