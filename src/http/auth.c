/* auth: who is it?  Floor: http. */
#include "http/auth.h"

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "codec/form.h"
#include "http/http.h"
#include "store/tokens.h"
#include "twilio/signature.h"

#include <stddef.h>
#include <stdint.h>

#define TOKEN_BUDGET_MS 1000

/* Signed with any of the tokens?  All are tried, whichever fits. */
static bool
is_signed(const struct ctx *ctx, const struct req *req)
{
	const struct signed_request request = {
		.url = str_format(req->arena, "%s%.*s", ctx->conf->public_url,
		    STR_ARG(req->uri)),
		.form = &req->form,
		.header = req->signature,
	};
	bool ok = false;

	for (size_t i = 0; i < ctx->conf->n_auth_tokens; i++)
		ok = signature_check(req->arena, ctx->conf->auth_tokens[i],
			 &request) == ERR_OK ||
		    ok;
	return ok;
}

enum err
auth_twilio(const struct ctx *ctx, struct req *req)
{
	const char *why = NULL;

	if (form_parse(req->arena, req->body, SIGNATURE_MAX_PAIRS,
		&req->form) != ERR_OK)
		return ERR_LIMIT;
	if (req->signature.p == NULL)
		why = "no X-Twilio-Signature";
	else if (!is_signed(ctx, req))
		why = "the signature does not match MAINLINE_PUBLIC_URL, the "
		      "path and TWILIO_AUTH_TOKEN";
	else if (!str_eq(form_get(&req->form, "AccountSid"),
		     str_of(ctx->conf->twilio_account_sid)))
		why = "AccountSid is not TWILIO_ACCOUNT_SID";
	if (why == NULL)
		return ERR_OK;
	log_event(req->log, LOG_REFUSED, ERR_FORBIDDEN, "%s", why);
	return ERR_FORBIDDEN;
}

enum err
auth_token(const struct ctx *ctx, struct req *req, enum scope scope)
{
	const struct str scheme = STR("Bearer ");
	const struct str given = str_slice(req->authorization, 0, scheme.n);
	const struct str token =
	    str_trim(str_slice(req->authorization, scheme.n, SIZE_MAX));
	enum err e;

	if (!str_eq_nocase(given, scheme))
		return ERR_AUTH;
	e = tokens_find(ctx->pg, req->arena, token,
	    req_deadline(req, TOKEN_BUDGET_MS), &req->scopes);
	if (e != ERR_OK)
		return e;
	return scopes_allow(req->scopes, scope) ? ERR_OK : ERR_FORBIDDEN;
}
