/*
 * curl_handle: what all exchanges through libcurl have in common, and the one
 * place where the library begins and ends.  Private to the io floor.
 */
#ifndef MAINLINE_IO_CURL_HANDLE_H
#define MAINLINE_IO_CURL_HANDLE_H

#include <curl/curl.h>

/*
 * libcurl counts how often it was begun; each curl_library_begin() has its
 * curl_library_end().
 */
void curl_library_begin(void);
void curl_library_end(void);

/*
 * A handle that checks certificates, against the system's authorities and those
 * in `ca_file` (NULL: the system's alone), that uses no proxy and no signal.
 * `error` has room for CURL_ERROR_SIZE bytes and must outlive the handle, which
 * curl_handle_free() frees.
 */
CURL *curl_handle_new(const char *ca_file, char *error);
void curl_handle_free(CURL *easy);

/*
 * Connects to `to` ("host:port") whatever host a URL names; NULL: to that host.
 * The list that is given must live as long as the handle, and is freed with
 * curl_slist_free_all(); it may be NULL.
 */
struct curl_slist *curl_handle_connect_to(CURL *easy, const char *to);

#endif
