/*
 * signature: did Twilio send this request?  Pure.
 * Floor: twilio.
 * Source: https://www.twilio.com/docs/usage/security#validating-requests
 */
#ifndef MAINLINE_TWILIO_SIGNATURE_H
#define MAINLINE_TWILIO_SIGNATURE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/form.h"

#define SIGNATURE_MAX_PAIRS 1024 /* form pairs; a voice webhook sends ~30 */

struct signed_request {
	struct str url; /* as configured, path and query as they came */
	const struct form *form; /* decoded POST pairs, in any order */
	struct str header; /* X-Twilio-Signature as received; may be absent */
};

/*
 * Checks base64(HMAC-SHA1(token, url k1 v1 k2 v2 ...)), the pairs in byte
 * order, each different pair once.
 *
 *  token   an auth token of the account; borrowed, not kept and not logged
 *  url     the public origin as configured and the raw request URI; never
 *          rebuilt from the Host header, which the client controls.  Twilio
 *          signs https URLs without their port and others with it, its
 *          documents disagree, and so do its libraries: the URL without a port
 *          and with one (its own, or the scheme's) are both tried, as those do.
 *
 * ERR_OK        the signature matches (compared in constant time)
 * ERR_FORBIDDEN it does not, or there is none
 * Allocates from `scratch` only; the caller resets it.
 */
MUST_USE enum err signature_check(struct arena *scratch, struct str token,
    const struct signed_request *request);

/*
 * The same for a JSON body: the URL's query must hold bodySHA256=<64 lower-case
 * hexadecimal digits> of the body's bytes, and the signature covers the URL
 * alone.  `request->form` is not looked at.
 */
MUST_USE enum err signature_check_json(struct arena *scratch, struct str token,
    const struct signed_request *request, struct str body);

/* What Twilio would send for exactly this URL; for tests of the above. */
struct str signature_make(struct arena *scratch, struct str token,
    struct str url, const struct form *form);

#endif
