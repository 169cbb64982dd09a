/* spool: a record that nobody takes. */
#include "spool_testing.h"

#include <stdio.h>
#include <string.h>

/* What nobody takes is kept and never given, unless somebody wants it to be. */
static void
test_spool_refuse(void **state)
{
	struct box *const box = box_begin(*state);
	const struct spool_record record = record_of("poison", 5);
	struct spool_depth depth;
	const char *path;
	char *own;

	assert_err(spool_refuse(box->spool, &record, "nobody's"), ERR_OK);
	assert_int_equal(box_logged(box, "spool_bad"), 1);
	depth = box_depth(box);
	assert_int_equal(depth.bad_files, 1);
	assert_int_equal(depth.records, 0);
	assert_int_equal(depth.bytes, spool_own_bytes(&record));
	path = box_file(box, ".bad");
	own = str_cstr(box->arena, str_of(path));
	memcpy(own + strlen(own) - 3, "own", 3);
	assert_int_equal(rename(path, own), 0);
	assert_err(spool_scan(box->spool), ERR_OK);
	assert_int_equal(box_depth(box).bad_files, 0);
	assert_text(box_drain(box, 9).records[0].bytes, "poison");
	box->options.quota_bytes = 100;
	box_reopen(box);
	assert_err(spool_refuse(box->spool, &record, "nobody's"), ERR_LIMIT);
	box_end(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_spool_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
