/* flow_error_rows: checks them. */
#include "flow_error_rows.h"

void
check_error_rows(struct arena *arena, const struct error_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct error_row *const r = &rows[i];
		const struct flow *flow = NULL;
		struct flow_errors errors;

		print_message("  %s\n", r->name);
		assert_err(flow_parse(arena, quoted(arena, r->document), 7,
			       &errors, &flow),
		    ERR_INPUT);
		assert_null(flow);
		assert_true(errors.n > 0);
		assert_str(errors.list[0].path, str_of(r->path));
		assert_holds(errors.list[0].text, r->text);
		arena_reset(arena);
	}
}
