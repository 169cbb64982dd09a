/* date: what is read is written and read again as the same moment. */
#include "codec/date.h"
#include "fuzz.h"

#define LAST_US INT64_C(253402300799999999) /* 9999-12-31T23:59:59.999999Z */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *const arena = fuzz_arena();
	const struct str text = fuzz_input(data, size);
	int64_t us = -1;
	int64_t back;

	if (date_parse_rfc3339(text, &us) != ERR_OK &&
	    date_parse_rfc2822(text, &us) != ERR_OK) {
		REQUIRE(us == -1);
		return 0;
	}
	REQUIRE(us >= 0 && us <= LAST_US);
	REQUIRE(
	    date_parse_rfc3339(date_rfc3339_us(arena, us), &back) == ERR_OK);
	REQUIRE(back == us);
	return 0;
}
