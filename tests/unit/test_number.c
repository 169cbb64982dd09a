/* number: what a number must be set to, and is. */
#include "testing.h"
#include "twilio/number.h"
#include "twilio/rest_numbers.h"

#include <stdio.h>
#include <string.h>

#define US "https://phone.example.com"
#define LINE "?line=%2B15550100001"
#define VOICE US "/twilio/voice" LINE
#define FALLBACK US "/twilio/fallback" LINE
#define STATUS US "/twilio/status" LINE "#rc=5&rp=all"
#define AP "AP0123456789abcdef0123456789abcdef"
#define TK "TK0123456789abcdef0123456789abcdef"

static void
test_number_settings(void **state)
{
	const struct rest_voice ours =
	    number_settings(*state, STR(US), STR("+15550100001"), STR_ABSENT);
	const struct rest_voice outside = number_settings(*state, STR(US),
	    STR("+15550100001"), STR("https://bin.example.org/x"));

	assert_text(ours.url, VOICE "#ct=3000&rt=6000");
	assert_text(ours.fallback_url, FALLBACK "#rc=5&rp=all");
	assert_text(ours.status_url, STATUS);
	assert_text(ours.method, "POST");
	assert_text(ours.fallback_method, "POST");
	assert_text(ours.status_method, "POST");
	assert_text(outside.fallback_url, "https://bin.example.org/x");
}

/* A field each, as Twilio has it; NULL: not set. */
struct set {
	const char *url, *fallback, *status, *method;
};

static struct rest_voice
voice_of(const struct set *set)
{
	return (struct rest_voice){
		.url = str_of(set->url),
		.method = str_of(set->method == NULL ? "POST" : set->method),
		.fallback_url = str_of(set->fallback),
		.fallback_method = STR("POST"),
		.status_url = str_of(set->status),
		.status_method = STR("POST"),
	};
}

#define OURS { VOICE, FALLBACK, STATUS, NULL }
#define FOREIGN { "https://demo.twilio.com/welcome/voice/", NULL, NULL, NULL }
#define OLD "https://old.example.net"

static const struct {
	const char *name;
	struct set own;
	struct set application; /* without a url: it could not be read */
	const char *application_sid, *trunk_sid;
	bool no_voice, fax;
	enum number_state want;
	const char *differs; /* names of fields, a blank before each */
} rows[] = {
	{ "as we set it", OURS, { 0 }, NULL, NULL, false, false, NUMBER_OURS,
	    "" },
	{ "with other words for Twilio alone",
	    { VOICE "#ct=100", FALLBACK "#e=dublin", STATUS "&e=dublin", NULL },
	    { 0 }, NULL, NULL, false, false, NUMBER_OURS, "" },
	{ "a method in small letters", { VOICE, FALLBACK, STATUS, "post" },
	    { 0 }, NULL, NULL, false, false, NUMBER_OURS, "" },
	{ "a fallback outside our host",
	    { VOICE, "https://handler.twilio.com/twiml/EH1", STATUS, NULL },
	    { 0 }, NULL, NULL, false, false, NUMBER_OURS, "" },
	{ "no fallback", { VOICE, NULL, STATUS, NULL }, { 0 }, NULL, NULL,
	    false, false, NUMBER_DRIFTED, " VoiceFallbackUrl" },
	{ "no status callback", { VOICE, FALLBACK, NULL, NULL }, { 0 }, NULL,
	    NULL, false, false, NUMBER_DRIFTED, " StatusCallback" },
	{ "a status callback that is not repeated",
	    { VOICE, FALLBACK, US "/twilio/status" LINE, NULL }, { 0 }, NULL,
	    NULL, false, false, NUMBER_DRIFTED, " StatusCallback" },
	{ "one that is, of no use",
	    { VOICE, FALLBACK, US "/twilio/status" LINE "#rc=0&rp=all", NULL },
	    { 0 }, NULL, NULL, false, false, NUMBER_DRIFTED,
	    " StatusCallback" },
	{ "one that is, in other words",
	    { VOICE, FALLBACK, US "/twilio/status" LINE "#rp=ct,5xx", NULL },
	    { 0 }, NULL, NULL, false, false, NUMBER_OURS, "" },
	{ "a status callback elsewhere",
	    { VOICE, FALLBACK, "https://crm.example.org/#rp=all", NULL }, { 0 },
	    NULL, NULL, false, false, NUMBER_DRIFTED, " StatusCallback" },
	{ "by GET", { VOICE, FALLBACK, STATUS, "GET" }, { 0 }, NULL, NULL,
	    false, false, NUMBER_DRIFTED, " VoiceMethod" },
	{ "without the line", { US "/twilio/voice", FALLBACK, STATUS, NULL },
	    { 0 }, NULL, NULL, false, false, NUMBER_DRIFTED, " VoiceUrl" },
	{ "of another line",
	    { US "/twilio/voice?line=%2B15550100002", FALLBACK, STATUS, NULL },
	    { 0 }, NULL, NULL, false, false, NUMBER_DRIFTED, " VoiceUrl" },
	{ "our host, a path that is none", { US "/voice", NULL, NULL, "GET" },
	    { 0 }, NULL, NULL, false, false, NUMBER_DRIFTED,
	    " VoiceUrl VoiceMethod VoiceFallbackUrl StatusCallback" },
	{ "our host, only begun",
	    { US ".evil.example/twilio", NULL, NULL, NULL }, { 0 }, NULL, NULL,
	    false, false, NUMBER_ELSEWHERE, "" },
	{ "an address that we had",
	    { OLD "/twilio/voice" LINE, OLD "/twilio/fallback" LINE,
		OLD "/twilio/status" LINE "#rc=5&rp=all", NULL },
	    { 0 }, NULL, NULL, false, false, NUMBER_MOVED,
	    " VoiceUrl VoiceFallbackUrl StatusCallback" },
	{ "a fallback at an address that we had",
	    { VOICE, OLD "/twilio/fallback" LINE, STATUS, NULL }, { 0 }, NULL,
	    NULL, false, false, NUMBER_DRIFTED, " VoiceFallbackUrl" },
	{ "somebody else's", FOREIGN, { 0 }, NULL, NULL, false, false,
	    NUMBER_ELSEWHERE, "" },
	{ "no URL at all", { "not a URL", NULL, NULL, NULL }, { 0 }, NULL, NULL,
	    false, false, NUMBER_ELSEWHERE, "" },
	{ "nobody's", { NULL, NULL, NULL, NULL }, { 0 }, NULL, NULL, false,
	    false, NUMBER_UNSET, "" },
	{ "a trunk wins", OURS, { 0 }, NULL, TK, false, false, NUMBER_DRIFTED,
	    " TrunkSid" },
	{ "a trunk, and nothing of ours", FOREIGN, { 0 }, NULL, TK, false,
	    false, NUMBER_ELSEWHERE, "" },
	{ "another's application wins", OURS, FOREIGN, AP, NULL, false, false,
	    NUMBER_DRIFTED, " VoiceApplicationSid" },
	{ "an application that is gone wins", OURS, { 0 }, AP, NULL, false,
	    false, NUMBER_DRIFTED, " VoiceApplicationSid" },
	{ "an application of ours", FOREIGN, OURS, AP, NULL, false, false,
	    NUMBER_OURS, "" },
	{ "an application of ours, not whole", FOREIGN,
	    { VOICE, NULL, STATUS, NULL }, AP, NULL, false, false,
	    NUMBER_DRIFTED, " VoiceFallbackUrl" },
	{ "another's application", FOREIGN, FOREIGN, AP, NULL, false, false,
	    NUMBER_ELSEWHERE, "" },
	{ "a fax machine", OURS, { 0 }, NULL, NULL, false, true, NUMBER_DRIFTED,
	    " VoiceReceiveMode" },
	{ "for messages alone", OURS, { 0 }, NULL, NULL, true, false,
	    NUMBER_NO_VOICE, "" },
};

static void
test_number_judge(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct rest_number number = {
			.number = STR("+15550100001"),
			.voice = voice_of(&rows[i].own),
			.application_sid = str_of(rows[i].application_sid),
			.trunk_sid = str_of(rows[i].trunk_sid),
			.has_voice = !rows[i].no_voice,
			.takes_fax = rows[i].fax,
		};
		const struct rest_application application = {
			.voice = voice_of(&rows[i].application),
		};
		const bool is_read = rows[i].application.url != NULL;
		struct number_verdict got;
		char differs[200] = "";

		print_message("  %s\n", rows[i].name);
		number_judge(*state, STR(US), &number,
		    is_read ? &application : NULL, &got);
		for (size_t d = 0; d < got.n_differs; d++) {
			const char *const name =
			    number_field_name(got.differs[d].field);

			(void)snprintf(differs + strlen(differs),
			    sizeof(differs) - strlen(differs), " %s", name);
			assert_non_null(
			    number_field_label(got.differs[d].field));
		}
		assert_string_equal(number_state_name(got.state),
		    number_state_name(rows[i].want));
		assert_string_equal(differs, rows[i].differs);
	}
}

/* What is set as number_settings() says is ours, for any number and address. */
static void
test_number_settings_are_ours(void **state)
{
	static const char *const urls[] = { US, "https://a.b:8443",
		"https://xn--bcher-kva.example", "https://203.0.113.9" };
	static const char *const numbers[] = { "+15550100001", "+4930901820" };

	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		for (size_t k = 0; k < ARRAY_LEN(numbers); k++) {
			const struct rest_number number = {
				.number = str_of(numbers[k]),
				.has_voice = true,
				.voice =
				    number_settings(*state, str_of(urls[i]),
					str_of(numbers[k]), STR_ABSENT),
			};
			struct number_verdict got;

			number_judge(
			    *state, str_of(urls[i]), &number, NULL, &got);
			assert_int_equal(got.state, NUMBER_OURS);
			assert_false(got.has_fallback_outside);
			assert_ptr_equal(got.voice, &number.voice);
			number_judge(*state, STR("https://c.example"), &number,
			    NULL, &got);
			assert_int_equal(got.state, NUMBER_MOVED);
		}
	}
}

static const struct {
	const char *url;
	bool reachable;
} origins[] = {
	{ US, true },
	{ "https://phone.example.com:8443", true },
	{ "https://203.0.113.9", true },
	{ "https://172.32.0.1", true },
	{ "https://local.example.com", true },
	{ "https://[2001:db8::1]", true },
	{ "http://phone.example.com", false },
	{ "https://localhost:8443", false },
	{ "https://127.0.0.1", false },
	{ "https://127.7.7.7", false },
	{ "https://[::1]", false },
	{ "https://10.1.2.3", false },
	{ "https://172.16.0.1", false },
	{ "https://172.31.255.255", false },
	{ "https://192.168.1.7:8443", false },
	{ "https://169.254.1.1", false },
	{ "https://[fd00::1]", false },
	{ "https://phone", false },
	{ "https://phone.local", false },
	{ "https://phone.internal", false },
	{ "https://a.localhost", false },
};

static void
test_number_unreachable(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(origins); i++) {
		print_message("  %s\n", origins[i].url);
		assert_int_equal(
		    number_unreachable(str_of(origins[i].url)) == NULL,
		    origins[i].reachable);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_number_settings),
		TEST(test_number_judge),
		TEST(test_number_settings_are_ours),
		TEST(test_number_unreachable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
