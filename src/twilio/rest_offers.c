/* rest_offers: numbers for sale, and their prices.  Floor: twilio. */
#include "twilio/rest_offers.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/form.h"
#include "codec/json.h"
#include "codec/phone.h"
#include "rest_json.h"

#include <stdbool.h>
#include <stddef.h>

#define PATH_MAX_BYTES 1024

static const struct {
	struct str name;  /* of ours */
	const char *path; /* of a list */
	struct str price; /* of a price */
} types[] = {
	[NUMBER_LOCAL] = { STR_INIT("local"), "Local", STR_INIT("local") },
	[NUMBER_TOLL_FREE] = { STR_INIT("toll-free"), "TollFree",
	    STR_INIT("toll free") },
	[NUMBER_MOBILE] = { STR_INIT("mobile"), "Mobile", STR_INIT("mobile") },
};

const char *
number_type_name(enum number_type type)
{
	return types[type].name.p;
}

bool
number_type_parse(struct str word, enum number_type *out)
{
	for (int i = 0; i < NUMBER_TYPE__MAX; i++) {
		if (str_eq(word, types[i].name)) {
			*out = (enum number_type)i;
			return true;
		}
	}
	return false;
}

static void
add_wish(struct buf *path, const char *name, struct str value)
{
	if (str_is_empty(value))
		return;
	buf_addf(path, "&%s=", name);
	buf_add(path, form_escape(path->arena, value));
}

struct str
rest_offers_path(struct arena *arena, struct str account_sid,
    const struct rest_wanted *wanted)
{
	struct buf path;

	buf_init(&path, arena, PATH_MAX_BYTES);
	buf_addf(&path,
	    REST_ACCOUNTS "%.*s/AvailablePhoneNumbers/%.*s/%s.json"
			  "?VoiceEnabled=true&PageSize=%d",
	    STR_ARG(account_sid), STR_ARG(wanted->country),
	    types[wanted->type].path, wanted->limit);
	add_wish(&path, "AreaCode", wanted->area_code);
	add_wish(&path, "Contains", wanted->contains);
	return buf_str(&path);
}

struct str
rest_prices_path(struct arena *arena, struct str country)
{
	return str_format(
	    arena, "/v1/PhoneNumbers/Countries/%.*s", STR_ARG(country));
}

struct str
rest_pricing_origin(struct arena *arena, struct str api)
{
	return rest_other_origin(arena, api, "pricing");
}

static bool
read_offer(const struct json *object, struct rest_offer *out)
{
	*out = (struct rest_offer){
		.number = rest_text(object, "phone_number"),
		.locality = rest_text(object, "locality"),
		.region = rest_text(object, "region"),
		.address = rest_text(object, "address_requirements"),
	};
	return phone_is_e164(out->number);
}

enum err
rest_offers_read(struct arena *arena, struct str json, struct rest_offers *out)
{
	struct rest_offers offers = { 0 };
	struct rest_page page;

	/* Twilio gives no second page of these. */
	if (rest_page(arena, json, STR("-"), "available_phone_numbers",
		&page) != ERR_OK)
		return ERR_INPUT;
	offers.list = ARENA_ARRAY(arena, page.n, struct rest_offer);
	for (const struct json *e = page.first; e != NULL; e = e->next)
		offers.n += read_offer(e, &offers.list[offers.n]);
	*out = offers;
	return ERR_OK;
}

/* Twilio's examples have a string, its description a number. */
static struct str
price_of(struct arena *arena, const struct json *object)
{
	const struct json *const price =
	    json_member(object, STR("current_price"));

	if (price != NULL && price->type == JSON_NUMBER)
		return str_format(arena, "%.2f", price->number);
	return rest_text(object, "current_price");
}

static void
read_price(
    struct arena *arena, const struct json *object, struct rest_prices *out)
{
	const struct str word = rest_text(object, "number_type");
	const struct str price = price_of(arena, object);

	for (int i = 0; i < NUMBER_TYPE__MAX; i++) {
		if (str_eq(word, types[i].price))
			out->monthly[i] = price;
	}
}

enum err
rest_prices_read(struct arena *arena, struct str json, struct rest_prices *out)
{
	struct rest_prices prices = { 0 };
	const struct json *document;
	const struct json *list;

	if (rest_object(arena, json, &document) != ERR_OK)
		return ERR_INPUT;
	list = json_member(document, STR("phone_number_prices"));
	if (list == NULL || list->type != JSON_ARRAY)
		return ERR_INPUT;
	prices.unit = rest_text(document, "price_unit");
	for (const struct json *e = list->child; e != NULL; e = e->next)
		read_price(arena, e, &prices);
	*out = prices;
	return ERR_OK;
}
