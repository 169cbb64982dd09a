/* rest_numbers and rest_offers: what is asked of Twilio about numbers. */
#include "testing.h"
#include "twilio/rest.h"
#include "twilio/rest_numbers.h"
#include "twilio/rest_offers.h"

#define AC "AC0123456789abcdef0123456789abcdef"
#define PN "PN0123456789abcdef0123456789abcdef"
#define AP "AP0123456789abcdef0123456789abcdef"
#define TK "TK0123456789abcdef0123456789abcdef"
#define HOME "/2010-04-01/Accounts/" AC

static void
test_rest_number_paths(void **state)
{
	const struct str account = STR(AC);
	const struct rest_wanted wanted = {
		.country = STR("US"),
		.type = NUMBER_TOLL_FREE,
		.contains = STR("+1888*"),
		.limit = 5,
	};

	assert_text(rest_numbers_path(*state, account, STR_ABSENT),
	    HOME "/IncomingPhoneNumbers.json?PageSize=200");
	assert_text(rest_numbers_path(*state, account, STR("+15550100001")),
	    HOME "/IncomingPhoneNumbers.json?PhoneNumber=%2B15550100001"
		 "&PageSize=200");
	assert_text(rest_number_path(*state, account, STR(PN)),
	    HOME "/IncomingPhoneNumbers/" PN ".json");
	assert_text(rest_applications_path(*state, account, STR("a b&c")),
	    HOME "/Applications.json?FriendlyName=a%20b%26c&PageSize=200");
	assert_text(rest_application_path(*state, account, STR(AP)),
	    HOME "/Applications/" AP ".json");
	assert_text(rest_offers_path(*state, account, &wanted),
	    HOME "/AvailablePhoneNumbers/US/TollFree.json?VoiceEnabled=true"
		 "&PageSize=5&Contains=%2B1888%2A");
	assert_text(rest_prices_path(*state, STR("DE")),
	    "/v1/PhoneNumbers/Countries/DE");
}

static const struct {
	const char *api, *want;
} origins[] = {
	{ "https://api.twilio.com", "https://pricing.twilio.com" },
	{ "https://api.dublin.ie1.twilio.com",
	    "https://pricing.dublin.ie1.twilio.com" },
	{ "http://127.0.0.1:8090", "http://127.0.0.1:8090" },
	{ "https://api.twilio.com.evil.example",
	    "https://api.twilio.com.evil.example" },
	{ "https://twilio.example.com", "https://twilio.example.com" },
	{ "https://api.evil-twilio.com", "https://api.evil-twilio.com" },
	{ "http://api.twilio.com", "http://api.twilio.com" },
};

static void
test_rest_pricing_origin(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(origins); i++)
		assert_text(rest_pricing_origin(*state, str_of(origins[i].api)),
		    origins[i].want);
}

static void
test_rest_voice_form(void **state)
{
	const struct rest_voice voice = {
		.url = STR("https://a.b/c?line=%2B1#rc=5&rp=all"),
		.method = STR("POST"),
	};

	assert_text(rest_form_with(*state, rest_voice_form(*state, &voice),
			"TrunkSid", STR("")),
	    "VoiceUrl=https%3A%2F%2Fa.b%2Fc%3Fline%3D%252B1%23rc%3D5%26rp%3D"
	    "all&VoiceMethod=POST&TrunkSid=");
}

#define NUMBER(more)                                                           \
	"{\"sid\":\"" PN "\",\"phone_number\":\"+15550100001\"" more "}"
#define LIST(key, rest, elements)                                              \
	"{\"" key "\":[" elements "],\"next_page_uri\":" rest "}"

static void
test_rest_number_read(void **state)
{
	struct rest_number got;

	assert_err(rest_number_read(*state,
		       STR(NUMBER(",\"voice_url\":\"https://a.b/\","
				  "\"voice_method\":\"GET\","
				  "\"voice_fallback_url\":\"\","
				  "\"status_callback\":null,"
				  "\"voice_application_sid\":\"" AP "\","
				  "\"trunk_sid\":\"" TK "\","
				  "\"voice_receive_mode\":\"fax\","
				  "\"capabilities\":{\"voice\":false}")),
		       &got),
	    ERR_OK);
	assert_text(got.sid, PN);
	assert_text(got.voice.url, "https://a.b/");
	assert_text(got.voice.method, "GET");
	assert_null(got.voice.fallback_url.p);
	assert_null(got.voice.status_url.p);
	assert_text(got.application_sid, AP);
	assert_text(got.trunk_sid, TK);
	assert_true(got.takes_fax);
	assert_false(got.has_voice);

	/* A SID becomes part of a path: what is none is not there. */
	assert_err(rest_number_read(*state,
		       STR(NUMBER(",\"voice_application_sid\":\"../../x\","
				  "\"trunk_sid\":\"\"")),
		       &got),
	    ERR_OK);
	assert_null(got.application_sid.p);
	assert_null(got.trunk_sid.p);
	assert_true(got.has_voice);
	assert_err(rest_number_read(*state, STR("{\"sid\":\"PN1\"}"), &got),
	    ERR_INPUT);
	assert_err(rest_number_read(*state, STR("[]"), &got), ERR_INPUT);
}

static void
test_rest_numbers_read(void **state)
{
	struct rest_numbers got;
	struct rest_applications applications;

	assert_err(rest_numbers_read(*state,
		       STR(LIST("incoming_phone_numbers",
			   "\"" HOME "/IncomingPhoneNumbers.json?Page=1\"",
			   NUMBER("") ",7,{\"sid\":\"" PN "\"}")),
		       STR(AC), &got),
	    ERR_OK);
	assert_int_equal(got.n, 1);
	assert_text(got.next, HOME "/IncomingPhoneNumbers.json?Page=1");
	assert_err(rest_numbers_read(*state,
		       STR(LIST("incoming_phone_numbers",
			   "\"https://evil.example/\"", "")),
		       STR(AC), &got),
	    ERR_INPUT);
	assert_err(
	    rest_numbers_read(*state, STR("{\"calls\":[]}"), STR(AC), &got),
	    ERR_INPUT);
	assert_err(rest_applications_read(*state,
		       STR(LIST("applications", "null",
			   "{\"sid\":\"" AP "\",\"friendly_name\":\"x\"},{}")),
		       STR(AC), &applications),
	    ERR_OK);
	assert_int_equal(applications.n, 1);
	assert_text(applications.list[0].name, "x");
}

static void
test_rest_offers_read(void **state)
{
	struct rest_offers offers;
	struct rest_prices prices;

	assert_err(rest_offers_read(*state,
		       STR("{\"available_phone_numbers\":[{\"phone_number\":"
			   "\"+15105550110\",\"locality\":\"Oakland\","
			   "\"region\":null,\"address_requirements\":\"any\"},"
			   "{\"phone_number\":\"510\"}],\"uri\":\"/x\"}"),
		       &offers),
	    ERR_OK);
	assert_int_equal(offers.n, 1);
	assert_text(offers.list[0].locality, "Oakland");
	assert_null(offers.list[0].region.p);
	assert_text(offers.list[0].address, "any");
	assert_err(rest_offers_read(*state, STR("{}"), &offers), ERR_INPUT);
	assert_err(rest_prices_read(*state,
		       STR("{\"price_unit\":\"USD\",\"phone_number_prices\":["
			   "{\"number_type\":\"toll free\",\"base_price\":\"3\""
			   ",\"current_price\":\"2.15\"},{\"number_type\":"
			   "\"national\",\"current_price\":\"9\"}]}"),
		       &prices),
	    ERR_OK);
	assert_text(prices.unit, "USD");
	assert_text(prices.monthly[NUMBER_TOLL_FREE], "2.15");
	assert_null(prices.monthly[NUMBER_LOCAL].p);
	assert_err(
	    rest_prices_read(*state,
		STR("{\"price_unit\":\"USD\",\"phone_number_prices\":["
		    "{\"number_type\":\"local\",\"current_price\":1.5}]}"),
		&prices),
	    ERR_OK);
	assert_text(prices.monthly[NUMBER_LOCAL], "1.50");
	assert_err(rest_prices_read(*state, STR("{}"), &prices), ERR_INPUT);
}

static void
test_number_type(void **state)
{
	enum number_type type = NUMBER_MOBILE;

	(void)state;
	for (int i = 0; i < NUMBER_TYPE__MAX; i++) {
		assert_true(number_type_parse(
		    str_of(number_type_name((enum number_type)i)), &type));
		assert_int_equal(type, i);
	}
	assert_false(number_type_parse(STR("Local"), &type));
}

static void
test_rest_error(void **state)
{
	struct str message;
	int code;

	rest_error_read(*state,
	    STR("{\"code\":21422,\"message\":\"x is not available\","
		"\"status\":400}"),
	    &code, &message);
	assert_int_equal(code, 21422);
	assert_text(message, "x is not available");
	assert_non_null(rest_error_mend(code));
	rest_error_read(*state, STR("<html>"), &code, &message);
	assert_int_equal(code, 0);
	assert_null(message.p);
	rest_error_read(*state, STR("{\"code\":1e300}"), &code, &message);
	assert_int_equal(code, 0);
	assert_null(rest_error_mend(0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rest_number_paths),
		TEST(test_rest_pricing_origin),
		TEST(test_rest_voice_form),
		TEST(test_rest_number_read),
		TEST(test_rest_numbers_read),
		TEST(test_rest_offers_read),
		TEST(test_number_type),
		TEST(test_rest_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
