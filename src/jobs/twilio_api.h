/*
 * twilio_api: questions to Twilio's REST API, with our credentials.
 * Floor: jobs.
 */
#ifndef MAINLINE_JOBS_TWILIO_API_H
#define MAINLINE_JOBS_TWILIO_API_H

#include "base/arena.h"
#include "base/err.h"
#include "io/fetch.h"
#include "kinds.h"
#include "store/jobs.h"

/*
 * Asks with the API key if there is one, else with the account and each of its
 * tokens, since one of two may be new: `request` is without credentials, they
 * are filled in here.  Its URL is one of twilio/rest, at the configured host.
 * As fetch_open(): on ERR_OK fetch_close() must follow.  ERR_INPUT as well when
 * no account is configured.
 */
MUST_USE enum err twilio_api_ask(const struct jobs *jobs, struct arena *arena,
    struct fetch_request *request, struct fetch_response *out,
    const char **why);

/* Whose URL it is; NULL: no account is configured. */
const char *twilio_api_account(const struct jobs *jobs);

/*
 * A job's end where Twilio gave no good answer: tried again, and not before
 * Twilio says.
 */
struct job_end twilio_api_refused(struct arena *arena, const struct job *job,
    const struct fetch_response *got);

#endif
