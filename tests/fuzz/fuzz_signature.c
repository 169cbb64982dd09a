/*
 * signature: what we sign is accepted, with and without a port; what somebody
 * else says is not.
 */
#include "fuzz.h"
#include "twilio/signature.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *const arena = fuzz_arena();
	struct str rest = fuzz_input(data, size);
	const struct str token = fuzz_piece(&rest);
	const struct str header = fuzz_piece(&rest);
	/* No request line holds a NUL: libfcgi's strings end there. */
	const struct str url = str_of(str_cstr(arena, fuzz_piece(&rest)));
	struct form form;
	struct signed_request request = { url, &form, header };

	if (form_parse(arena, rest, SIGNATURE_MAX_PAIRS, &form) != ERR_OK)
		return 0;
	REQUIRE(signature_check(arena, token, &request) == ERR_FORBIDDEN);
	REQUIRE(signature_check_json(arena, token, &request, rest) ==
	    ERR_FORBIDDEN);
	request.header = signature_make(arena, token, url, &form);
	REQUIRE(request.header.n == 28);
	REQUIRE(
	    token.n == 0 || signature_check(arena, token, &request) == ERR_OK);
	return 0;
}
