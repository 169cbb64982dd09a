/* block_list: the callers who are turned away.  Floor: flow. */
#include "flow/block_list.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/phone.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* "+15550100009" -> 15550100009: no number begins with 0, none is lost. */
static uint64_t
digits_of(struct str e164)
{
	uint64_t value = 0;

	for (size_t i = 1; i < e164.n; i++)
		value = value * 10 + (uint64_t)(e164.p[i] - '0');
	return value;
}

static int
by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static size_t
count(struct str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ' ';
	return n;
}

enum err
block_list_parse(struct arena *arena, struct str text, struct block_list *out)
{
	struct str rest = text;
	uint64_t *numbers;
	size_t n = 0;

	if (str_is_empty(text)) {
		*out = (struct block_list){ 0 };
		return ERR_OK;
	}
	if (count(text) > BLOCK_LIST_MAX)
		return ERR_LIMIT;
	numbers = ARENA_ARRAY(arena, count(text), uint64_t);
	while (rest.p != NULL) {
		const struct str number = str_split(&rest, ' ');

		if (!phone_is_e164(number))
			return ERR_INPUT;
		numbers[n++] = digits_of(number);
	}
	qsort(numbers, n, sizeof(*numbers), by_value);
	*out = (struct block_list){ numbers, n };
	return ERR_OK;
}

bool
block_list_has(const struct block_list *list, struct str from)
{
	uint64_t digits;

	if (list->n == 0 || !phone_is_e164(from))
		return false;
	digits = digits_of(from);
	return bsearch(&digits, list->numbers, list->n, sizeof(digits),
		   by_value) != NULL;
}
