/*
 * block_list: the callers who are turned away, as a worker knows them.  Pure.
 * Floor: flow.
 */
#ifndef MAINLINE_FLOW_BLOCK_LIST_H
#define MAINLINE_FLOW_BLOCK_LIST_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOCK_LIST_MAX 10000 /* numbers */

/* A number's digits as one integer, in ascending order; all zero: nobody. */
struct block_list {
	const uint64_t *numbers;
	size_t n;
};

/*
 * Reads numbers in E.164 with one blank between each two, in any order; absent
 * and empty are nobody.  ERR_INPUT: something in it is no number.  ERR_LIMIT:
 * more than BLOCK_LIST_MAX.  Lives in `arena`.
 */
MUST_USE enum err block_list_parse(
    struct arena *arena, struct str text, struct block_list *out);

/*
 * Is this caller, as Twilio names them, on the list?  Only a number in E.164
 * can be: of an address or a withheld number nobody knows whose it is.
 */
bool block_list_has(const struct block_list *list, struct str from);

#endif
