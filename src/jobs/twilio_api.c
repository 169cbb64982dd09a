/* twilio_api: questions to Twilio's REST API.  Floor: jobs. */
#include "twilio_api.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "kinds.h"
#include "store/jobs.h"

#include <stdbool.h>
#include <stddef.h>

const char *
twilio_api_account(const struct jobs *jobs)
{
	return jobs->conf->twilio_account_sid;
}

enum err
twilio_api_ask(const struct jobs *jobs, struct arena *arena,
    struct fetch_request *request, struct fetch_response *out, const char **why)
{
	const struct conf *const conf = jobs->conf;
	const bool has_key = conf->twilio_api_key != NULL;
	const size_t n = has_key ? 1 : conf->n_auth_tokens;
	enum err e = ERR_INPUT;

	*why = "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set";
	if (conf->twilio_account_sid == NULL)
		return e;
	request->user =
	    str_of(has_key ? conf->twilio_api_key : conf->twilio_account_sid);
	for (size_t i = 0; i < n; i++) {
		request->password = has_key ? str_of(conf->twilio_api_secret)
					    : conf->auth_tokens[i];
		e = fetch_open(jobs->fetcher, arena, request, out, why);
		if (e != ERR_OK || out->status != 401)
			break;
	}
	return e;
}

struct job_end
twilio_api_refused(struct arena *arena, const struct job *job,
    const struct fetch_response *got)
{
	const bool is_ours = got->status == 401 || got->status == 403;

	return job_failed_for(
	    job_failed(arena, job, "Twilio answered %d%s", got->status,
		is_ours ? "; check TWILIO_API_KEY, or TWILIO_ACCOUNT_SID and "
			  "TWILIO_AUTH_TOKEN"
			: ""),
	    got->retry_after_s);
}
