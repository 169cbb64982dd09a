/*
 * csv: any cells make a row that reads back as they were, but for apostrophes.
 */
#include "codec/csv.h"
#include "fuzz.h"

#include "base/buf.h"

#define MAX_CELLS 16

/*
 * Takes the first cell from `*rest` and holds it against what was sent; gives
 * what stands behind it.
 */
static char
read_cell(struct str *rest, struct str sent)
{
	const bool quoted = rest->n > 0 && rest->p[0] == '"';
	size_t i = quoted ? 1 : 0;
	size_t k = 0;

	for (;; i++) {
		REQUIRE(i < rest->n);
		if (quoted && rest->p[i] == '"' && rest->p[++i] != '"')
			break;
		if (!quoted && (rest->p[i] == ',' || rest->p[i] == '\r'))
			break;
		if (k < sent.n && rest->p[i] == sent.p[k])
			k++;
		else
			REQUIRE(rest->p[i] == '\'');
	}
	REQUIRE(k == sent.n && i < rest->n);
	*rest = str_slice(*rest, i + 1, rest->n);
	return rest->p[-1];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = fuzz_input(data, size);
	struct str cells[MAX_CELLS];
	struct str row;
	struct buf out;
	struct csv w;
	size_t n = 0;

	buf_init(&out, fuzz_arena(), SIZE_MAX);
	csv_init(&w, &out);
	while (rest.p != NULL && n < MAX_CELLS) {
		cells[n] = fuzz_piece(&rest);
		csv_cell(&w, cells[n++]);
	}
	csv_end(&w);
	row = buf_str(&out);
	for (size_t i = 0; i < n; i++)
		REQUIRE(read_cell(&row, cells[i]) == (i + 1 < n ? ',' : '\r'));
	REQUIRE(str_eq(row, n == 0 ? STR("\r\n") : STR("\n")));
	return 0;
}
