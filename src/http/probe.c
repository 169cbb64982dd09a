/* probe: does a signed request come through?  Floor: http. */
#include "probe.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/jsonw.h"
#include "http/http.h"

#include <stddef.h>

#define BODY_MAX_BYTES 4096

enum err
probe_answer(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	unsigned char sum[DIGEST_SHA256_BYTES];
	struct str rest = req->seen;
	struct buf body;
	struct jsonw w;

	(void)ctx;
	digest_sha256(req->body, sum);
	buf_init(&body, req->arena, BODY_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_str(&w, "scheme", str_split(&rest, ' '));
	jsonw_str(&w, "port", str_split(&rest, ' '));
	jsonw_str(&w, "host", rest);
	jsonw_str(&w, "body_sha256",
	    hex_encode(
		req->arena, (struct str){ (const char *)sum, sizeof(sum) }));
	jsonw_object_end(&w);
	resp_json(resp, 200, buf_str(&body));
	return buf_close(&body);
}
