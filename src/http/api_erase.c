/*
 * api_erase: DELETE /api/calls/{sid}.  Floor: http.
 *
 * Here nothing is asked of anybody: the audio and what Twilio keeps are removed
 * by jobs, some seconds later.  A call that goes on is answered to its end, and
 * nothing of it is kept.
 */
#include "api.h"
#include "base/err.h"
#include "base/str.h"
#include "http/http.h"
#include "store/erasure.h"
#include "twilio/words.h"

#include <stddef.h>
#include <stdint.h>

#define BUDGET_MS 4000 /* a worker lives for 5 s */

enum err
api_calls_delete(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	const int64_t deadline_ms = req_deadline(req, BUDGET_MS);
	struct erasure_counts counts = { 0 };
	struct erasure_call *calls = NULL;
	enum err e = ERR_NOT_FOUND;
	size_t n = 0;

	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	if (sid_is(req->sid, "CA"))
		e = erasure_calls_of(
		    ctx->pg, req->arena, req->sid, deadline_ms, &calls, &n);
	if (e == ERR_NOT_FOUND)
		return resp_no_call(resp, req);
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = erasure_erase(
		    ctx->pg, req->arena, &calls[i], deadline_ms, &counts);
	if (e != ERR_OK)
		return e;
	resp_empty(resp, 204);
	return ERR_OK;
}
