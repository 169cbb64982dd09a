/* webhooks: Twilio's requests.  Private to the http floor. */
#ifndef MAINLINE_HTTP_WEBHOOKS_H
#define MAINLINE_HTTP_WEBHOOKS_H

#include "http/http.h"

/*
 * POST /twilio/...: the route's row says which event (`req->event`).  The
 * router has checked the signature, and from here on the caller is always
 * answered with TwiML: parsing and deciding are total, nonsense leads to
 * voicemail.
 *
 * ERR_BUSY: the event could not be made durable.  The answer is then 503: a
 * caller is answered by nginx in our place, and a callback comes again.
 */
enum err webhook_answer(
    const struct ctx *ctx, struct req *req, struct resp *resp);

#endif
