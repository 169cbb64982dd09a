/* probe: does a signed request come through?  Private to the http floor. */
#ifndef MAINLINE_HTTP_PROBE_H
#define MAINLINE_HTTP_PROBE_H

#include "http/http.h"

/*
 * POST /twilio/doctor: what came of a request on its way here, as JSON: how
 * nginx met it, and the SHA-256 of its body.  The router has checked it as it
 * does a webhook, so only who holds the account's token learns it.  Nothing is
 * recorded.
 */
enum err probe_answer(
    const struct ctx *ctx, struct req *req, struct resp *resp);

#endif
