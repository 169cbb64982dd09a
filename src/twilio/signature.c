/* signature: did Twilio send this request?  Floor: twilio. */
#include "twilio/signature.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/form.h"

#include <stddef.h>
#include <stdint.h>

/* What is signed behind the URL: name and value of each pair, in order. */
static struct str
pairs_text(struct arena *scratch, const struct form *form)
{
	const struct form sorted = form_sorted(scratch, form);
	struct buf text;

	buf_init(&text, scratch, SIZE_MAX);
	for (size_t i = 0; i < sorted.n; i++) {
		buf_add(&text, sorted.pairs[i].name);
		buf_add(&text, sorted.pairs[i].value);
	}
	return buf_str(&text);
}

static struct str
sign(struct arena *scratch, struct str token, struct str url, struct str pairs)
{
	unsigned char mac[DIGEST_SHA1_BYTES];
	struct buf text;

	buf_init(&text, scratch, SIZE_MAX);
	buf_add(&text, url);
	buf_add(&text, pairs);
	digest_hmac_sha1(token, buf_str(&text), mac);
	return base64_encode(
	    scratch, (struct str){ (const char *)mac, sizeof(mac) });
}

struct str
signature_make(struct arena *scratch, struct str token, struct str url,
    const struct form *form)
{
	return sign(scratch, token, url, pairs_text(scratch, form));
}

/* Where a URL's port stands: url[colon] is ":", the path begins at `end`. */
struct port {
	size_t colon; /* == end when there is no port */
	size_t end;
};

static struct port
port_of(struct str url)
{
	const size_t scheme = str_find(url, ':');
	struct port port = { 0, 0 };
	size_t i = scheme + 3 < url.n ? scheme + 3 : url.n;

	port.colon = url.n;
	for (;
	    i < url.n && url.p[i] != '/' && url.p[i] != '?' && url.p[i] != '#';
	    i++) {
		if (url.p[i] == ':')
			port.colon = i;
		else if (url.p[i] == ']') /* the colons were an IPv6 address */
			port.colon = url.n;
	}
	port.end = i;
	if (port.colon > port.end)
		port.colon = port.end;
	return port;
}

static struct str
without_port(struct arena *scratch, struct str url)
{
	const struct port port = port_of(url);
	const struct str path = str_slice(url, port.end, url.n);

	return str_format(
	    scratch, "%.*s%.*s", (int)port.colon, url.p, STR_ARG(path));
}

static struct str
with_port(struct arena *scratch, struct str url)
{
	const struct port port = port_of(url);
	const struct str path = str_slice(url, port.end, url.n);
	const char *const scheme_port =
	    str_starts(url, STR("https:")) ? ":443" : ":80";

	if (port.colon < port.end)
		return url;
	return str_format(scratch, "%.*s%s%.*s", (int)port.end, url.p,
	    scheme_port, STR_ARG(path));
}

enum err
signature_check(struct arena *scratch, struct str token,
    const struct signed_request *request)
{
	const struct str pairs = pairs_text(scratch, request->form);
	const struct str a =
	    sign(scratch, token, without_port(scratch, request->url), pairs);
	const struct str b =
	    sign(scratch, token, with_port(scratch, request->url), pairs);

	if (token.n == 0) /* anybody can sign with an empty key */
		return ERR_FORBIDDEN;
	if (digest_equal(a, request->header) ||
	    digest_equal(b, request->header))
		return ERR_OK;
	return ERR_FORBIDDEN;
}

enum err
signature_check_json(struct arena *scratch, struct str token,
    const struct signed_request *request, struct str body)
{
	const struct form none = { NULL, 0 };
	const struct signed_request bare = { request->url, &none,
		request->header };
	unsigned char sum[DIGEST_SHA256_BYTES];
	struct str query = request->url;
	struct form args;
	struct str hex;

	(void)str_split(&query, '?');
	if (form_parse(scratch, query, SIGNATURE_MAX_PAIRS, &args) != ERR_OK)
		return ERR_FORBIDDEN;
	digest_sha256(body, sum);
	hex =
	    hex_encode(scratch, (struct str){ (const char *)sum, sizeof(sum) });
	if (!digest_equal(hex, form_get(&args, "bodySHA256")))
		return ERR_FORBIDDEN;
	return signature_check(scratch, token, &bare);
}
