/* url: which URLs are asked, and which of them may carry a secret. */
#include "codec/url.h"
#include "testing.h"

#include <string.h>

enum verdict { REFUSED, OPEN, PRIVATE };

static const struct row {
	const char *url;
	enum verdict want;
} rows[] = {
	{ "https://api.twilio.com/2010-04-01/x?a=b&c=%2B1", PRIVATE },
	{ "https://api.twilio.com", PRIVATE },
	{ "HTTPS://Api.Twilio.Com:8443/", PRIVATE },
	{ "https://[2001:db8::1]:8443/x", PRIVATE },
	{ "https://10.0.0.1/", PRIVATE },
	{ "https://example.com.", PRIVATE },
	{ "smtps://mail.example.com", PRIVATE },

	/* This machine. */
	{ "http://localhost", PRIVATE },
	{ "http://LOCALHOST:8080/x", PRIVATE },
	{ "hTTp://localhost?x", PRIVATE },
	{ "http://127.0.0.1:9000/audio", PRIVATE },
	{ "http://127.255.255.255/", PRIVATE },
	{ "http://[::1]:9000/", PRIVATE },
	{ "smtp://localhost:25", PRIVATE },

	/* Others, as plain as they are. */
	{ "http://api.twilio.com/", OPEN },
	{ "http://127.0.0.1.evil/", OPEN },
	{ "http://localhost.evil/", OPEN },
	{ "http://evil.localhost/", OPEN },
	{ "http://xlocalhost/", OPEN },
	{ "http://localhost./", OPEN },
	{ "http://127.0.0.1./", OPEN },
	{ "http://126.0.0.1/", OPEN },
	{ "http://128.0.0.1/", OPEN },
	{ "http://127.0.0.256/", OPEN },
	{ "http://127.0.0/", OPEN },
	{ "http://127.1/", OPEN },
	{ "http://127.0.0.1.1/", OPEN },
	{ "http://127.0.0.01/", OPEN },
	{ "http://0127.0.0.1/", OPEN },
	{ "http://0x7f.0.0.1/", OPEN },
	{ "http://2130706433/", OPEN },
	{ "http://0.0.0.0/", OPEN },
	{ "http://[::]/", OPEN },
	{ "http://[::ffff:127.0.0.1]/", OPEN },
	{ "http://[0:0:0:0:0:0:0:1]/", OPEN },
	{ "http://[::1.evil]/", REFUSED },
	{ "smtp://mail.example.com:587", OPEN },

	/* Two readers might see two hosts in these. */
	{ "http://localhost@evil/", REFUSED },
	{ "http://localhost:80@evil/", REFUSED },
	{ "https://user:password@api.twilio.com/", REFUSED },
	{ "https://@evil/", REFUSED },
	{ "http://localhost\\@evil/", REFUSED },
	{ "http://localhost\\.evil/", REFUSED },
	{ "http:\\\\localhost/", REFUSED },
	{ "http://localhost/\\evil", REFUSED },
	{ "http://localhost#@evil/", REFUSED },
	{ "http://evil#localhost", REFUSED },
	{ "http://localhost%2eevil/", REFUSED },
	{ "http://localhost%00.evil/", REFUSED },
	{ "http://%6cocalhost/", REFUSED },
	{ "http://localhost%40evil/", REFUSED },
	{ "http://local host/", REFUSED },
	{ "http://localhost\t/", REFUSED },
	{ "http://localhost\r\nHost: evil/", REFUSED },
	{ "http://localhost/\r\nX: y", REFUSED },
	{ "http://localhost/ x", REFUSED },
	{ " http://localhost/", REFUSED },
	{ "http://loc\xc3\xa4lhost/", REFUSED },
	{ "http://\xef\xbd\x8cocalhost/", REFUSED },
	{ "http://localhost/\xc3\xa4", REFUSED },
	{ "http://[::1", REFUSED },
	{ "http://[::1]evil/", REFUSED },
	{ "http://[::1]@evil/", REFUSED },
	{ "http://[]/", REFUSED },
	{ "http://[fe80::1%25lo]/", REFUSED },
	{ "http://localhost:/", REFUSED },
	{ "http://localhost:0/", REFUSED },
	{ "http://localhost:65536/", REFUSED },
	{ "http://localhost:80:80/", REFUSED },
	{ "http://localhost:+80/", REFUSED },
	{ "http:///evil", REFUSED },
	{ "http://", REFUSED },
	{ "http:/localhost", REFUSED },
	{ "//localhost/", REFUSED },
	{ "localhost", REFUSED },
	{ "", REFUSED },
	{ "file:///etc/passwd", REFUSED },
	{ "ftp://localhost/", REFUSED },
	{ "gopher://localhost/", REFUSED },
	{ "javascript://localhost/", REFUSED },
	{ "httpsx://localhost/", REFUSED },
};

static void
test_url_is_private(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct url url;
		enum verdict got = REFUSED;

		if (url_parse(str_of(rows[i].url), &url) == ERR_OK)
			got = url_is_private(&url) ? PRIVATE : OPEN;
		if (got != rows[i].want)
			fail_msg("%s: %d, not %d", rows[i].url, (int)got,
			    (int)rows[i].want);
	}
}

static void
test_url_parse(void **state)
{
	struct url url;
	char long_host[300];

	(void)state;
	assert_err(
	    url_parse(STR("https://Host.example:8443/a/b?c=d"), &url), ERR_OK);
	assert_text(url.scheme, "https");
	assert_text(url.origin, "https://Host.example:8443");
	assert_text(url.authority, "Host.example:8443");
	assert_text(url.host, "Host.example");
	assert_int_equal(url.port, 8443);
	assert_text(url.path, "/a/b?c=d");
	assert_err(url_parse(STR("http://[::1]?x"), &url), ERR_OK);
	assert_text(url.host, "[::1]");
	assert_int_equal(url.port, 0);
	assert_text(url.path, "?x");
	assert_err(url_parse(STR_ABSENT, &url), ERR_INPUT);
	assert_err(url_parse(STR("https://a\0b/"), &url), ERR_INPUT);
	(void)memset(long_host, 'a', sizeof(long_host));
	(void)memcpy(long_host, "https://", 8);
	assert_err(url_parse(bytes_of(long_host, 261), &url), ERR_OK);
	assert_err(url_parse(bytes_of(long_host, 262), &url), ERR_INPUT);
}

/* Whatever is accepted holds nothing that two readers read differently. */
static void
test_url_parse_any(void **state)
{
	struct random r = random_begin();
	int accepted = 0;

	for (int i = 0; i < 20000; i++) {
		const struct str tail = random_text(
		    &r, *state, 12, "a1.:[]@\\/?#% \t\n-_localhost127");
		const struct str text =
		    str_format(*state, "http://%.*s", STR_ARG(tail));
		struct url url;

		if (url_parse(text, &url) != ERR_OK)
			continue;
		accepted++;
		assert_int_equal(str_find(url.authority, '@'), url.authority.n);
		assert_int_equal(str_find(text, '\\'), text.n);
		assert_int_equal(str_find(url.host, '%'), url.host.n);
		assert_int_equal(url.origin.n + url.path.n, text.n);
	}
	assert_true(accepted > 100);
}

static void
test_url_unescape(void **state)
{
	static const struct {
		const char *in, *out; /* NULL: absent */
	} list[] = {
		{ "", "" },
		{ "CA0123", "CA0123" },
		{ "%2B1555", "+1555" },
		{ "%2b15%355", "+1555" },
		{ "+1555", "+1555" },
		{ "%2B", "+" },
		{ "a%20b", "a b" },
		{ "%C3%A9", "\xc3\xa9" },
		{ "%25%32%42", "%2B" }, /* once, not twice */
		{ "%", NULL },
		{ "%2", NULL },
		{ "a%2", NULL },
		{ "%2G", NULL },
		{ "%%2B", NULL },
		{ "%+2", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		assert_str(url_unescape(*state, str_of(list[i].in)),
		    str_of(list[i].out));
	assert_int_equal(url_unescape(*state, STR("%00")).n, 1);
	assert_absent(url_unescape(*state, STR_ABSENT));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_url_is_private),
		TEST(test_url_parse),
		TEST(test_url_parse_any),
		TEST(test_url_unescape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
