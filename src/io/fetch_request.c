/* fetch_request: a request of fetch, told to libcurl.  Floor: io. */
#include "fetch_request.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/url.h"
#include "io/fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* No line break, no NUL: nothing that ends a header. */
static bool
is_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\r' || s.p[i] == '\n' || s.p[i] == '\0')
			return false;
	}
	return true;
}

static bool
is_name(const char *name)
{
	return *name != '\0' &&
	    name[strspn(name,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_")] == '\0';
}

enum err
fetch_request_check(const struct fetch_request *request, const char **why)
{
	struct url url;

	*why = "is no URL of http or https that is asked";
	if (url_parse(str_of(request->url), &url) != ERR_OK ||
	    (!str_eq_nocase(url.scheme, STR("https")) &&
		!str_eq_nocase(url.scheme, STR("http"))))
		return ERR_INPUT;
	*why = "only https is spoken with other machines";
	if (!url_is_private(&url))
		return ERR_INPUT;
	*why = "a header is none";
	for (size_t i = 0; i < request->n_headers; i++) {
		if (!is_name(request->headers[i].name) ||
		    !is_value(request->headers[i].value))
			return ERR_INPUT;
	}
	if (!is_value(request->content_type) || !is_value(request->range))
		return ERR_INPUT;
	*why = "";
	return ERR_OK;
}

/* libcurl's: the next piece of the body is wanted. */
static size_t
give_piece(char *out, size_t size, size_t n, void *arg)
{
	struct fetch_upload *const u = arg;
	const int64_t left = u->length - u->sent;
	const size_t wanted =
	    left < (int64_t)(size * n) ? (size_t)left : size * n;
	ssize_t got;

	if (wanted == 0)
		return 0;
	if (u->fd < 0) {
		memcpy(out, u->bytes.p + u->sent, wanted);
		u->sent += (int64_t)wanted;
		return wanted;
	}
	do {
		got = pread(u->fd, out, wanted, (off_t)u->sent);
	} while (got < 0 && errno == EINTR);
	if (got <= 0) /* shorter than was told */
		return CURL_READFUNC_ABORT;
	u->sent += got;
	return (size_t)got;
}

/* libcurl's: once more, since a kept connection was dead. */
static int
rewind_to(void *arg, curl_off_t offset, int origin)
{
	struct fetch_upload *const u = arg;

	if (origin != SEEK_SET || offset < 0 || offset > u->length)
		return CURL_SEEKFUNC_FAIL;
	u->sent = offset;
	return CURL_SEEKFUNC_OK;
}

static void
apply_body(
    CURL *easy, const struct fetch_request *request, struct fetch_upload *u)
{
	const bool is_file = request->file != NULL;

	*u = (struct fetch_upload){
		.fd = is_file ? request->file->fd : -1,
		.bytes = request->body,
		.length =
		    is_file ? request->file->length : (int64_t)request->body.n,
	};
	(void)curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_piece);
	(void)curl_easy_setopt(easy, CURLOPT_READDATA, u);
	(void)curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind_to);
	(void)curl_easy_setopt(easy, CURLOPT_SEEKDATA, u);
	if (request->method == FETCH_PUT) {
		(void)curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
		(void)curl_easy_setopt(
		    easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)u->length);
		return;
	}
	(void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
	(void)curl_easy_setopt(
	    easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)u->length);
}

static void
apply_method(
    CURL *easy, const struct fetch_request *request, struct fetch_upload *u)
{
	switch (request->method) {
	case FETCH_HEAD:
		(void)curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
		break;
	case FETCH_POST:
	case FETCH_PUT:
		apply_body(easy, request, u);
		break;
	case FETCH_DELETE:
		(void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
		break;
	case FETCH_GET:
		break;
	}
}

static void
apply_credentials(
    CURL *easy, struct arena *arena, const struct fetch_request *request)
{
	if (request->user.p == NULL)
		return;
	if (request->aws_sigv4 != NULL)
		(void)curl_easy_setopt(
		    easy, CURLOPT_AWS_SIGV4, request->aws_sigv4);
	else
		(void)curl_easy_setopt(
		    easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	(void)curl_easy_setopt(
	    easy, CURLOPT_USERNAME, str_cstr(arena, request->user));
	(void)curl_easy_setopt(
	    easy, CURLOPT_PASSWORD, str_cstr(arena, request->password));
}

static struct curl_slist *
add_header(struct curl_slist *list, struct arena *arena, const char *name,
    struct str value)
{
	/* "Name:" would take a header back; ";" says that it is empty. */
	const struct str line = value.n == 0
	    ? str_format(arena, "%s;", name)
	    : str_format(arena, "%s: %.*s", name, STR_ARG(value));
	struct curl_slist *const more = curl_slist_append(list, line.p);

	if (more == NULL)
		abort();
	return more;
}

struct curl_slist *
fetch_request_apply(CURL *easy, struct arena *arena,
    const struct fetch_request *request, struct fetch_upload *upload)
{
	struct curl_slist *list = NULL;

	(void)curl_easy_setopt(easy, CURLOPT_URL, request->url);
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "mainline");
	if (request->range.p != NULL)
		(void)curl_easy_setopt(
		    easy, CURLOPT_RANGE, str_cstr(arena, request->range));
	apply_method(easy, request, upload);
	apply_credentials(easy, arena, request);
	for (size_t i = 0; i < request->n_headers; i++)
		list = add_header(list, arena, request->headers[i].name,
		    request->headers[i].value);
	if (request->content_type.p != NULL)
		list = add_header(
		    list, arena, "Content-Type", request->content_type);
	if (list != NULL)
		(void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
	return list;
}
