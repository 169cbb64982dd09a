/*
 * fetch_certificate: what a server shows who connects by TLS.  Floor: io.
 *
 * Three connections, since one that is refused for a reason does not tell of
 * others: one that takes whatever comes, one that wants it vouched for, one
 * that wants the name in it.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "curl_handle.h"
#include "io/certificate.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECOND_US INT64_C(1000000)

struct look {
	CURL *easy;
	struct curl_slist *to;
	char error[CURL_ERROR_SIZE];
};

static CURLcode
connect_once(const struct certificate_wish *wish, bool vouched, bool named,
    struct look *look)
{
	look->easy = curl_handle_new(wish->ca_file, look->error);
	look->to = curl_handle_connect_to(look->easy, wish->connect_to);
	(void)curl_easy_setopt(look->easy, CURLOPT_URL, wish->url);
	(void)curl_easy_setopt(look->easy, CURLOPT_PROTOCOLS_STR, "https");
	(void)curl_easy_setopt(look->easy, CURLOPT_CONNECT_ONLY, 1L);
	(void)curl_easy_setopt(look->easy, CURLOPT_CERTINFO, 1L);
	(void)curl_easy_setopt(
	    look->easy, CURLOPT_TIMEOUT_MS, (long)wish->timeout_ms);
	(void)curl_easy_setopt(
	    look->easy, CURLOPT_SSL_VERIFYPEER, vouched ? 1L : 0L);
	(void)curl_easy_setopt(
	    look->easy, CURLOPT_SSL_VERIFYHOST, named ? 2L : 0L);
	return curl_easy_perform(look->easy);
}

static void
end(struct look *look)
{
	curl_handle_free(look->easy);
	curl_slist_free_all(look->to);
}

static struct str
field_of(struct arena *arena, const struct curl_slist *fields, struct str name)
{
	for (; fields != NULL; fields = fields->next) {
		struct str value = str_of(fields->data);
		const struct str is = str_split(&value, ':');

		if (str_eq(is, name))
			return str_copy(arena, value);
	}
	return STR_ABSENT;
}

static int64_t
time_of(struct arena *arena, const struct curl_slist *fields, struct str name)
{
	const struct str text = field_of(arena, fields, name);
	const int64_t s =
	    text.p == NULL ? -1 : (int64_t)curl_getdate(text.p, NULL);

	return s < 0 ? -1 : s * SECOND_US;
}

static void
read_chain(struct arena *arena, CURL *easy, struct certificate *out)
{
	const struct curl_certinfo *info = NULL;
	const struct curl_slist *leaf;

	if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info) != CURLE_OK ||
	    info == NULL || info->num_of_certs < 1)
		return;
	leaf = info->certinfo[0];
	out->n_chain = (size_t)info->num_of_certs;
	out->subject = field_of(arena, leaf, STR("Subject"));
	out->issuer = field_of(arena, leaf, STR("Issuer"));
	out->names =
	    field_of(arena, leaf, STR("X509v3 Subject Alternative Name"));
	out->from_us = time_of(arena, leaf, STR("Start date"));
	out->until_us = time_of(arena, leaf, STR("Expire date"));
}

static enum err
look_at_chain(struct arena *arena, const struct certificate_wish *wish,
    struct certificate *out, const char **why)
{
	struct look look;
	const CURLcode code = connect_once(wish, false, false, &look);
	const bool silent = code == CURLE_COULDNT_RESOLVE_HOST ||
	    code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT;

	if (code == CURLE_OK)
		read_chain(arena, look.easy, out);
	else
		*why = look.error[0] == '\0'
		    ? curl_easy_strerror(code)
		    : str_cstr(arena, str_of(look.error));
	end(&look);
	if (code == CURLE_OK)
		return ERR_OK;
	return silent ? ERR_BUSY : ERR_UPSTREAM;
}

enum err
certificate_look(struct arena *arena, const struct certificate_wish *wish,
    struct certificate *out, const char **why)
{
	struct look look;
	long verify = 0;
	CURLcode code;
	enum err e;

	*out = (struct certificate){ .from_us = -1, .until_us = -1 };
	*why = "";
	if ((e = look_at_chain(arena, wish, out, why)) != ERR_OK)
		return e;
	code = connect_once(wish, true, false, &look);
	if (code != CURLE_OK) {
		(void)curl_easy_getinfo(
		    look.easy, CURLINFO_SSL_VERIFYRESULT, &verify);
		out->verify_code = verify == 0 ? 1 : (int)verify;
		out->why = str_cstr(arena, str_of(look.error));
	}
	end(&look);
	out->name_fits = connect_once(wish, false, true, &look) == CURLE_OK;
	end(&look);
	return ERR_OK;
}
