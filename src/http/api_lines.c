/* api_lines: GET /api/lines, the company's numbers.  Floor: http. */
#include "api.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/jsonw.h"
#include "flow/flow.h"
#include "flow/flow_set.h"
#include "http/http.h"
#include "io/pg.h"
#include "store/calls.h"

#include <stddef.h>
#include <stdlib.h>

#define BUDGET_MS 2000

struct number {
	struct str line, name;
};

static int
by_line(const void *a, const void *b)
{
	const struct number *const x = a;
	const struct number *const y = b;
	const int order = str_cmp(x->line, y->line);

	/* Of two, the one that has a name. */
	return order != 0 ? order : (x->name.p == NULL) - (y->name.p == NULL);
}

/* Those of the flow; a line whose name is its number has none. */
static size_t
of_flow(const struct flow *flow, struct number *out)
{
	size_t n = 0;

	for (size_t i = 0; i < flow->n_lines; i++) {
		const struct line *const line = &flow->lines[i];

		if (str_eq(line->number, STR(FLOW_ANY_LINE)))
			continue;
		out[n].line = line->number;
		if (!str_eq(line->name, line->number))
			out[n].name = line->name;
		n++;
	}
	return n;
}

static enum err
answer(struct req *req, struct resp *resp, const struct number *list, size_t n)
{
	struct buf body;
	struct jsonw w;

	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_array(&w, "lines");
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && str_eq(list[i - 1].line, list[i].line))
			continue;
		jsonw_object(&w, NULL);
		jsonw_str(&w, "line", list[i].line);
		jsonw_str(&w, "name", list[i].name);
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	jsonw_object_end(&w);
	resp_header(resp, "Cache-Control", STR("private, no-cache"));
	resp_json(resp, 200, buf_str(&body));
	return buf_close(&body);
}

enum err
api_lines_list(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	const struct flow *const flow =
	    flow_set_entry(ctx->flows, req->received_us);
	struct pg_rows rows;
	struct number *list;
	size_t n;
	enum err e;

	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	e = calls_lines(
	    ctx->pg, req->arena, req_deadline(req, BUDGET_MS), &rows);
	if (e != ERR_OK)
		return e;
	list = ARENA_ARRAY(req->arena, flow->n_lines + rows.n, struct number);
	n = of_flow(flow, list);
	for (size_t i = 0; i < rows.n; i++)
		list[n++].line = pg_str(&rows, i, 0);
	qsort(list, n, sizeof(*list), by_line);
	return answer(req, resp, list, n);
}
