/* diff: two texts, line by line, by their longest common subsequence. */
#include "diff.h"

#include <stdio.h>

#define MAX_LINES 400

struct lines {
	struct str list[MAX_LINES];
	size_t n;
};

static struct lines *
split(struct arena *arena, struct str text)
{
	struct lines *const lines = ARENA_NEW(arena, struct lines);

	while (text.n > 0 && lines->n < MAX_LINES)
		lines->list[lines->n++] = str_split(&text, '\n');
	return lines;
}

static void
print(char mark, struct str line)
{
	(void)printf("%c %.*s\n", mark, STR_ARG(line));
}

void
diff_print(struct arena *arena, struct str want, struct str got)
{
	const struct lines *const a = split(arena, want);
	const struct lines *const b = split(arena, got);
	const size_t row = b->n + 1;
	/* common[i * row + k]: of the lines from a[i] and from b[k] on */
	int *const common = ARENA_ARRAY(arena, (a->n + 1) * row, int);
	size_t i = a->n;
	size_t k = 0;

	while (i-- > 0) {
		for (k = b->n; k-- > 0;) {
			const int skip_a = common[(i + 1) * row + k];
			const int skip_b = common[i * row + k + 1];

			if (str_eq(a->list[i], b->list[k]))
				common[i * row + k] =
				    common[(i + 1) * row + k + 1] + 1;
			else
				common[i * row + k] =
				    skip_a > skip_b ? skip_a : skip_b;
		}
	}
	i = k = 0;
	while (i < a->n || k < b->n) {
		if (i < a->n && k < b->n && str_eq(a->list[i], b->list[k])) {
			print(' ', a->list[i++]);
			k++;
		} else if (k == b->n ||
		    (i < a->n &&
			common[(i + 1) * row + k] >= common[i * row + k + 1])) {
			print('-', a->list[i++]);
		} else {
			print('+', b->list[k++]);
		}
	}
}
