/*
 * fetch_request: a request of fetch, checked and told to libcurl.  Private to
 * the io floor.
 */
#ifndef MAINLINE_IO_FETCH_REQUEST_H
#define MAINLINE_IO_FETCH_REQUEST_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/fetch.h"

#include <curl/curl.h>
#include <stdint.h>

/* A body on its way out. */
struct fetch_upload {
	int fd; /* -1: from memory */
	struct str bytes;
	int64_t length;
	int64_t sent;
};

/* May it be sent?  ERR_INPUT: `*why` says what is in the way. */
MUST_USE enum err fetch_request_check(
    const struct fetch_request *request, const char **why);

/*
 * Sets all options of `easy` that come of a request.  `*upload` and the list
 * that is returned, which curl_slist_free_all() frees, must outlive the
 * exchange.
 */
struct curl_slist *fetch_request_apply(CURL *easy, struct arena *arena,
    const struct fetch_request *request, struct fetch_upload *upload);

#endif
