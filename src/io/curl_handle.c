/* curl_handle: what all exchanges through libcurl share.  Floor: io. */
#include "curl_handle.h"

#include <curl/curl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define CONNECT_MS 2000
#define CONNECT_TO_BYTES 512
/* Debian's, a folder of hashed names; a file is looked at beside it. */
#define SYSTEM_AUTHORITIES "/etc/ssl/certs"

void
curl_library_begin(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
}

void
curl_library_end(void)
{
	curl_global_cleanup();
}

CURL *
curl_handle_new(const char *ca_file, char *error)
{
	CURL *easy;

	curl_library_begin();
	easy = curl_easy_init();
	if (easy == NULL)
		abort();
	error[0] = '\0';
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error);
	(void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* Else it waits for a resolver that is stuck, whatever our deadline. */
	(void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	(void)curl_easy_setopt(
	    easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	(void)curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (ca_file != NULL) {
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
		(void)curl_easy_setopt(
		    easy, CURLOPT_CAPATH, SYSTEM_AUTHORITIES);
	}
	return easy;
}

struct curl_slist *
curl_handle_connect_to(CURL *easy, const char *to)
{
	char rule[CONNECT_TO_BYTES];
	struct curl_slist *list;

	if (to == NULL)
		return NULL;
	(void)snprintf(rule, sizeof(rule), "::%s", to);
	list = curl_slist_append(NULL, rule);
	if (list == NULL)
		abort();
	(void)curl_easy_setopt(easy, CURLOPT_CONNECT_TO, list);
	return list;
}

void
curl_handle_free(CURL *easy)
{
	if (easy == NULL)
		return;
	curl_easy_cleanup(easy);
	curl_library_end();
}
