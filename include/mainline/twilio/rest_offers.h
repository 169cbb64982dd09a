/*
 * rest_offers: what we ask Twilio about telephone numbers that are for sale and
 * what they cost, and how the answers are read.  Sends nothing.  Pure.
 * Floor: twilio.
 * Source: https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource,
 * https://www.twilio.com/docs/phone-numbers/pricing
 */
#ifndef MAINLINE_TWILIO_REST_OFFERS_H
#define MAINLINE_TWILIO_REST_OFFERS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum number_type {
	NUMBER_LOCAL,
	NUMBER_TOLL_FREE,
	NUMBER_MOBILE,
	NUMBER_TYPE__MAX
};

/* "local", "toll-free", "mobile", as a command's option has it. */
const char *number_type_name(enum number_type type);

/* False: it is none of these words. */
MUST_USE bool number_type_parse(struct str word, enum number_type *out);

/* What is looked for.  Of those that can be called alone. */
struct rest_wanted {
	struct str country; /* two capital letters */
	enum number_type type;
	struct str area_code; /* digits; absent: any */
	struct str contains;  /* digits, "*" for any one; absent: any */
	int limit;            /* at least 1 */
};

struct rest_offer {
	struct str number;           /* E.164 */
	struct str locality, region; /* absent where Twilio tells none */
	struct str address; /* "none", "any", "local", "foreign": the address
			       that who buys it must have; absent: not told */
};

struct rest_offers {
	struct rest_offer *list;
	size_t n;
};

/* What numbers of a country cost a month, by type; absent: not sold. */
struct rest_prices {
	struct str unit;                      /* "USD" */
	struct str monthly[NUMBER_TYPE__MAX]; /* "1.15" */
};

/* Path and query below the API's origin.  The account's SID was checked. */
struct str rest_offers_path(struct arena *arena, struct str account_sid,
    const struct rest_wanted *wanted);

/* Path of the prices, below rest_pricing_origin(). */
struct str rest_prices_path(struct arena *arena, struct str country);

/*
 * Where the Pricing API is when the API is at `api` (an origin): Twilio has it
 * on a host of its own, "pricing" in the place of "api" in
 * https://api.twilio.com and in https://api.EDGE.REGION.twilio.com.  Anywhere
 * else, where Twilio is simulated, it is at the same origin: so credentials
 * reach no host that was not configured, but Twilio's own.
 */
struct str rest_pricing_origin(struct arena *arena, struct str api);

/*
 * Read the answers; what they tell lives in `arena`.  Offers that make no sense
 * are left out.  ERR_INPUT: it is not such an answer.
 */
MUST_USE enum err rest_offers_read(
    struct arena *arena, struct str json, struct rest_offers *out);
MUST_USE enum err rest_prices_read(
    struct arena *arena, struct str json, struct rest_prices *out);

#endif
