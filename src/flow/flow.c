/* flow: looking things up.  Floor: flow. */
#include "flow/flow.h"

#include "base/str.h"

#include <stddef.h>

const struct line *
flow_line(const struct flow *flow, struct str number)
{
	const struct line *any = NULL;

	for (size_t i = 0; i < flow->n_lines; i++) {
		const struct line *const line = &flow->lines[i];

		if (number.p != NULL && str_eq(line->number, number))
			return line;
		if (str_eq(line->number, STR(FLOW_ANY_LINE)))
			any = line;
	}
	return any;
}

const struct step *
flow_find_step(const struct flow *flow, struct str name)
{
	for (size_t i = 0; i < flow->n_steps; i++) {
		if (name.p != NULL && str_eq(flow->steps[i].name, name))
			return &flow->steps[i];
	}
	return NULL;
}

const struct phone *
flow_find_phone(const struct flow *flow, struct str id)
{
	for (size_t i = 0; i < flow->n_phones; i++) {
		if (id.p != NULL && str_eq(flow->phones[i].id, id))
			return &flow->phones[i];
	}
	return NULL;
}
