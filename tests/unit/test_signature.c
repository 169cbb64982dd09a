/* signature: rotation, empty tokens, ports, JSON bodies, and any bit changed. */
#include "codec/base64.h"
#include "codec/digest.h"
#include "testing.h"
#include "twilio/signature.h"

#include <string.h>

#define TOKEN STR("0123456789abcdef0123456789abcdef")
#define URL STR("https://voice.example.com/twilio/menu?call=CA1&step=a&n=2")
#define BODY                                                                   \
	STR("CallSid=CA0123&From=%2B15550100009&To=%2B15550100001&Digits=1&"   \
	    "Empty=&A=b+c&A=a")

static struct form
decode(struct arena *arena, struct str body)
{
	struct form form;

	assert_err(form_parse(arena, body, SIGNATURE_MAX_PAIRS, &form), ERR_OK);
	return form;
}

static enum err
check(struct arena *arena, struct str token, struct str url, struct str body,
    struct str header)
{
	const struct form form = decode(arena, body);
	const struct signed_request request = { url, &form, header };

	return signature_check(arena, token, &request);
}

static struct str
make(struct arena *arena, struct str token, struct str url, struct str body)
{
	const struct form form = decode(arena, body);

	return signature_make(arena, token, url, &form);
}

static void
test_signature_check(void **state)
{
	const struct str good = make(*state, TOKEN, URL, BODY);
	const struct str other = make(*state, STR("other"), URL, BODY);

	assert_int_equal(good.n, 28);
	assert_err(check(*state, TOKEN, URL, BODY, good), ERR_OK);
	assert_err(check(*state, TOKEN, URL, BODY, other), ERR_FORBIDDEN);
	assert_err(check(*state, TOKEN, URL, BODY, STR("")), ERR_FORBIDDEN);
	assert_err(check(*state, TOKEN, URL, BODY, STR_ABSENT), ERR_FORBIDDEN);
	/* The order of the pairs is not signed, nor is a pair sent twice. */
	assert_err(check(*state, TOKEN, URL,
		       STR("A=a&A=a&A=b+c&Empty=&Digits=1&To=%2B15550100001&"
			   "From=%2b15550100009&CallSid=CA0123"),
		       good),
	    ERR_OK);
}

/* While one token replaces the other, each is tried; both sign. */
static void
test_signature_rotation(void **state)
{
	const struct str tokens[] = { STR("primary"), STR("secondary") };

	for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
		const struct str header = make(*state, tokens[i], URL, BODY);

		for (size_t k = 0; k < ARRAY_LEN(tokens); k++)
			assert_err(check(*state, tokens[k], URL, BODY, header),
			    i == k ? ERR_OK : ERR_FORBIDDEN);
	}
}

/* Anybody can sign with an empty key, so nobody is believed who did. */
static void
test_signature_of_an_empty_token(void **state)
{
	const struct str header = make(*state, STR(""), URL, BODY);
	const struct form form = decode(*state, BODY);
	const struct signed_request request = { URL, &form, header };

	assert_err(check(*state, STR(""), URL, BODY, header), ERR_FORBIDDEN);
	assert_err(check(*state, STR_ABSENT, URL, BODY, header), ERR_FORBIDDEN);
	assert_err(signature_check_json(*state, STR(""), &request, BODY),
	    ERR_FORBIDDEN);
}

static struct str
with_bit_flipped(struct arena *arena, struct str s, size_t bit)
{
	char *const copy = arena_copy(arena, s.p, s.n);

	copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
	return (struct str){ copy, s.n };
}

static bool
same_pairs(struct arena *arena, struct str a, struct str b)
{
	const struct form x = decode(arena, a);
	const struct form y = decode(arena, b);
	const struct form p = form_sorted(arena, &x);
	const struct form q = form_sorted(arena, &y);
	bool same = p.n == q.n;

	for (size_t i = 0; same && i < p.n; i++)
		same = str_eq(p.pairs[i].name, q.pairs[i].name) &&
		    str_eq(p.pairs[i].value, q.pairs[i].value);
	return same;
}

static void
test_signature_of_every_bit_changed(void **state)
{
	const struct str good = make(*state, TOKEN, URL, BODY);

	for (size_t i = 0; i < 8 * URL.n; i++)
		assert_err(check(*state, TOKEN,
			       with_bit_flipped(*state, URL, i), BODY, good),
		    ERR_FORBIDDEN);
	for (size_t i = 0; i < 8 * good.n; i++)
		assert_err(check(*state, TOKEN, URL, BODY,
			       with_bit_flipped(*state, good, i)),
		    ERR_FORBIDDEN);
	for (size_t i = 0; i < 8 * TOKEN.n; i++)
		assert_err(check(*state, with_bit_flipped(*state, TOKEN, i),
			       URL, BODY, good),
		    ERR_FORBIDDEN);
	for (size_t i = 0; i < 8 * BODY.n; i++) {
		const struct str body = with_bit_flipped(*state, BODY, i);

		/* "%2B" and "%2b" are the same byte. */
		assert_err(check(*state, TOKEN, URL, body, good),
		    same_pairs(*state, body, BODY) ? ERR_OK : ERR_FORBIDDEN);
	}
}

static void
test_signature_of_every_cut(void **state)
{
	const struct str good = make(*state, TOKEN, URL, BODY);

	for (size_t n = 0; n < URL.n; n++)
		assert_err(
		    check(*state, TOKEN, str_slice(URL, 0, n), BODY, good),
		    ERR_FORBIDDEN);
	for (size_t n = 0; n < good.n; n++)
		assert_err(
		    check(*state, TOKEN, URL, BODY, str_slice(good, 0, n)),
		    ERR_FORBIDDEN);
	assert_err(check(*state, TOKEN, URL, BODY,
		       str_format(*state, "%.*s=", STR_ARG(good))),
	    ERR_FORBIDDEN);
}

static const struct port_row {
	const char *name;
	const char *received, *signed_url;
	bool ok;
} ports[] = {
	{ "https signs without its port", "https://h.example:8443/x?a=1",
	    "https://h.example/x?a=1", true },
	{ "or with it", "https://h.example:8443/x", "https://h.example:8443/x",
	    true },
	{ "or with the scheme's", "https://h.example/x",
	    "https://h.example:443/x", true },
	{ "or the other scheme's", "http://h.example/x",
	    "http://h.example:80/x", true },
	{ "not with any other", "https://h.example/x",
	    "https://h.example:444/x", false },
	{ "not with the wrong scheme's", "http://h.example/x",
	    "http://h.example:443/x", false },
	{ "no path", "https://h.example", "https://h.example:443", true },
	{ "a query and no path", "https://h.example?a=1",
	    "https://h.example:443?a=1", true },
	{ "a colon of the query is no port", "https://h.example/x?a=b:9",
	    "https://h.example:443/x?a=b:9", true },
	{ "IPv6", "https://[2001:db8::1]/x", "https://[2001:db8::1]:443/x",
	    true },
	{ "IPv6 with a port", "https://[2001:db8::1]:8443/x",
	    "https://[2001:db8::1]/x", true },
	{ "no URL at all", "x", "x", true },
	{ "nothing", "", "", true },
};

static void
test_signature_ports(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(ports); i++) {
		const struct port_row *const r = &ports[i];
		const struct str header =
		    make(*state, TOKEN, str_of(r->signed_url), BODY);

		print_message("  %s\n", r->name);
		assert_err(
		    check(*state, TOKEN, str_of(r->received), BODY, header),
		    r->ok ? ERR_OK : ERR_FORBIDDEN);
	}
}

static struct str
json_url(struct arena *arena, struct str body)
{
	unsigned char sum[DIGEST_SHA256_BYTES];

	digest_sha256(body, sum);
	return str_format(arena, "https://h.example/x?a=1&bodySHA256=%.*s",
	    STR_ARG(hex_encode(arena, bytes_of(sum, sizeof(sum)))));
}

static void
test_signature_check_json(void **state)
{
	const struct str body = STR("{\"a\": \"\0\"}");
	const struct str url = json_url(*state, body);
	const struct form none = { NULL, 0 };
	const struct form ignored = decode(*state, BODY);
	struct signed_request request = { url, &ignored,
		signature_make(*state, TOKEN, url, &none) };
	char *upper;

	assert_err(signature_check_json(*state, TOKEN, &request, body), ERR_OK);
	for (size_t i = 0; i < 8 * body.n; i++)
		assert_err(signature_check_json(*state, TOKEN, &request,
			       with_bit_flipped(*state, body, i)),
		    ERR_FORBIDDEN);
	assert_err(signature_check_json(*state, STR("other"), &request, body),
	    ERR_FORBIDDEN);

	upper = str_cstr(*state, url);
	for (char *c = strstr(upper, "SHA256=") + 7; *c != '\0'; c++)
		*c = (char)(*c >= 'a' ? *c - 32 : *c);
	request.url = str_of(upper);
	request.header = signature_make(*state, TOKEN, request.url, &none);
	assert_err(
	    signature_check_json(*state, TOKEN, &request, body), ERR_FORBIDDEN);

	request.url = STR("https://h.example/x");
	request.header = signature_make(*state, TOKEN, request.url, &none);
	assert_err(
	    signature_check_json(*state, TOKEN, &request, body), ERR_FORBIDDEN);
}

static void
test_signature_check_json_of_a_long_query(void **state)
{
	const struct form none = { NULL, 0 };
	struct signed_request request = { .form = &none };
	struct str url = STR("https://h.example/x?a");

	for (int i = 0; i < SIGNATURE_MAX_PAIRS; i++)
		url = str_format(*state, "%.*s&a", STR_ARG(url));
	request.url = url;
	request.header = signature_make(*state, TOKEN, url, &none);
	assert_err(signature_check_json(*state, TOKEN, &request, STR("{}")),
	    ERR_FORBIDDEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_signature_check),
		TEST(test_signature_rotation),
		TEST(test_signature_of_an_empty_token),
		TEST(test_signature_of_every_bit_changed),
		TEST(test_signature_of_every_cut),
		TEST(test_signature_ports),
		TEST(test_signature_check_json),
		TEST(test_signature_check_json_of_a_long_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
