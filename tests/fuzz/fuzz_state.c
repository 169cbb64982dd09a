/* state: what a query says is written into a URL and read again as the same. */
#include "fuzz.h"
#include "twilio/state.h"

static struct state
parse(struct arena *arena, struct str query)
{
	struct form form;

	if (form_parse(arena, query, 64, &form) != ERR_OK)
		form = (struct form){ 0 };
	return state_parse(arena, &form);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *const arena = fuzz_arena();
	const struct state a = parse(arena, fuzz_input(data, size));
	struct str url = state_url(arena, EVENT_MENU, &a);
	struct state b;

	(void)str_split(&url, '?');
	b = parse(arena, url);
	REQUIRE(str_eq(a.line, b.line));
	REQUIRE(str_eq(a.call_sid, b.call_sid));
	REQUIRE(a.version == b.version);
	REQUIRE(str_eq(a.step, b.step));
	REQUIRE(str_eq(a.phone, b.phone));
	REQUIRE(str_eq(a.caller, b.caller));
	REQUIRE(a.try == b.try || a.try < 1);
	REQUIRE(a.n == b.n);
	return 0;
}
