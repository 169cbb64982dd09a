/* recordings: what is kept, what is played, and who has listened. */
#include "codec/base64.h"
#include "event_testing.h"
#include "store/calls.h"
#include "store/recordings.h"

#include <string.h>

#define OTHER "RE00000000000000000000000000000002"
#define RECORDING                                                              \
	"/twilio/recording?line=%2B15550100001&call=" CALL                     \
	"&v=7&step=message&n=3"

static const struct request voice = { "/twilio/voice",
	OWN "&CallStatus=ringing", 0 };
static const struct request completed = { RECORDING,
	"CallSid=" CALL "&RecordingSid=" RE
	"&RecordingStatus=completed&RecordingDuration=8",
	20 };
static const struct request absent = { RECORDING,
	"CallSid=" CALL "&RecordingSid=" RE "&RecordingStatus=absent", 20 };

static const struct recording_key key = { STR_INIT(LINE), STR_INIT(RE),
	STR_INIT(CALL) };

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	forget_all(*state);
	(void)db_sql(*state, "DELETE FROM recordings");
	(void)db_sql(*state, "DELETE FROM listens");
	(void)db_sql(*state, "DELETE FROM jobs");
	(void)db_sql(*state, "DELETE FROM erased");
	return 0;
}

#define RECORDINGS_TEST(function) cmocka_unit_test_setup((function), begin)

static struct recording_kept
kept_in(enum recording_place place)
{
	struct recording_kept kept = { .place = place };

	memset(kept.files[RECORDING_MP3].sha256, 0x11, DIGEST_SHA256_BYTES);
	memset(kept.files[RECORDING_WAV].sha256, 0x22, DIGEST_SHA256_BYTES);
	kept.files[RECORDING_MP3].bytes = 100;
	kept.files[RECORDING_WAV].bytes = INT64_C(5000000000);
	return kept;
}

static enum err
keep(const struct db *db, enum recording_place place)
{
	const struct recording_kept kept = kept_in(place);

	return recordings_keep(db->pg, db->round, &key, &kept);
}

static struct recording
find(const struct db *db, const char *sid)
{
	struct recording found;

	assert_err(recordings_find(
		       db->pg, db->round, str_of(sid), in_ms(5000), &found),
	    ERR_OK);
	return found;
}

static void
test_recordings_of_nobody(void **state)
{
	const struct db *const db = *state;
	struct recording found;
	bool deleted;

	add_all(db, &voice, 1);
	assert_err(
	    recordings_find(db->pg, db->round, STR(RE), in_ms(5000), &found),
	    ERR_NOT_FOUND);
	assert_err(
	    recordings_kept(db->pg, db->round, &key, &deleted), ERR_NOT_FOUND);
}

static void
test_recordings_before_they_are_kept(void **state)
{
	const struct db *const db = *state;
	const struct request list[] = { voice, completed };
	struct recording found;

	add_all(db, list, ARRAY_LEN(list));
	found = find(db, RE);
	assert_int_equal(found.place, RECORDING_NOWHERE);
	assert_text(found.line, LINE);
	assert_text(found.status, "completed");
	assert_text(found.from, "+15550100009");
	assert_null(found.files[RECORDING_MP3].sha256.p);
	assert_false(found.given_up);
	(void)db_sql(
	    db, "UPDATE jobs SET state = 'dead' WHERE kind = 'archive'");
	assert_true(find(db, RE).given_up);
}

static void
test_recordings_that_are_absent(void **state)
{
	const struct db *const db = *state;
	const struct request list[] = { voice, absent };

	add_all(db, list, ARRAY_LEN(list));
	assert_text(find(db, RE).status, "absent");
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM jobs "
			     "WHERE kind = 'archive'"),
	    0);
}

static void
test_recordings_keep(void **state)
{
	const struct db *const db = *state;
	const struct request list[] = { voice, completed };
	struct recording found;
	bool deleted = true;

	add_all(db, list, ARRAY_LEN(list));
	assert_err(keep(db, RECORDING_FOLDER), ERR_OK);
	assert_err(recordings_kept(db->pg, db->round, &key, &deleted), ERR_OK);
	assert_false(deleted);
	found = find(db, RE);
	assert_int_equal(found.place, RECORDING_FOLDER);
	assert_int_equal(found.files[RECORDING_MP3].sha256.n, 64);
	assert_true(str_starts(found.files[RECORDING_WAV].sha256, STR("2222")));
	assert_int_equal(found.files[RECORDING_WAV].bytes, INT64_C(5000000000));
	assert_int_equal(found.started_us, INT64_C(1795338000000000));
	assert_false(found.removed);
}

/* A job may be done twice; what was written last is what lies there. */
static void
test_recordings_keep_again(void **state)
{
	const struct db *const db = *state;

	assert_err(keep(db, RECORDING_FOLDER), ERR_OK);
	assert_err(keep(db, RECORDING_BUCKET), ERR_OK);
	assert_int_equal(db_number(db, "SELECT count(*) FROM recordings"), 1);
	assert_int_equal(find(db, RE).place, RECORDING_BUCKET);
}

/* A second recording of a call stands in no call's row. */
static void
test_recordings_without_a_call(void **state)
{
	const struct db *const db = *state;
	struct recording found;

	assert_err(keep(db, RECORDING_FOLDER), ERR_OK);
	found = find(db, RE);
	assert_text(found.line, LINE);
	assert_null(found.status.p);
	assert_int_equal(found.started_us, -1);
}

static void
test_recordings_after_their_time(void **state)
{
	const struct db *const db = *state;
	bool deleted;

	assert_err(keep(db, RECORDING_FOLDER), ERR_OK);
	(void)db_sql(db, "UPDATE recordings SET removed_at = now()");
	assert_true(find(db, RE).removed);
	assert_err(recordings_kept(db->pg, db->round, &key, &deleted), ERR_OK);
	assert_err(keep(db, RECORDING_FOLDER), ERR_GONE);
}

static void
test_recordings_of_an_erased_call(void **state)
{
	const struct db *const db = *state;

	(void)db_sql(db,
	    "INSERT INTO erased SELECT '" LINE "', sha256(key || "
	    "convert_to('" CALL "', 'UTF8')) FROM erasure_key");
	assert_err(keep(db, RECORDING_FOLDER), ERR_GONE);
	assert_int_equal(db_number(db, "SELECT count(*) FROM recordings"), 0);
}

static void
test_recordings_deleted(void **state)
{
	const struct db *const db = *state;
	bool deleted = false;
	struct str first;

	assert_err(keep(db, RECORDING_FOLDER), ERR_OK);
	assert_err(recordings_deleted(db->pg, db->round, &key), ERR_OK);
	assert_err(recordings_kept(db->pg, db->round, &key, &deleted), ERR_OK);
	assert_true(deleted);
	first = db_value(db, "SELECT deleted_at_twilio_at FROM recordings");
	assert_err(recordings_deleted(db->pg, db->round, &key), ERR_OK);
	assert_str(
	    db_value(db, "SELECT deleted_at_twilio_at FROM recordings"), first);
}

static void
test_recordings_listen(void **state)
{
	const struct db *const db = *state;
	const struct request list[] = { voice, completed };
	const struct listen listens[] = {
		{ STR(LINE), STR(RE), STR("anna") },
		{ STR(LINE), STR(RE), STR("bob") },
		{ STR(LINE), STR(OTHER), STR("of another") },
		{ STR("+15550100002"), STR(RE), STR("of another line") },
	};
	struct call_detail detail;

	add_all(db, list, ARRAY_LEN(list));
	assert_err(keep(db, RECORDING_FOLDER), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(listens); i++)
		assert_err(recordings_listen(
			       db->pg, db->round, &listens[i], in_ms(5000)),
		    ERR_OK);
	assert_err(
	    calls_get(db->pg, db->round, STR(CALL), in_ms(5000), &detail),
	    ERR_OK);
	assert_int_equal(detail.listens.n, 2);
	assert_text(pg_str(&detail.listens, 0, LISTEN_COLUMN_WHO), "bob");
	assert_text(pg_str(&detail.listens, 1, LISTEN_COLUMN_WHO), "anna");
	assert_true(pg_int(&detail.listens, 0, LISTEN_COLUMN_AT_US, 0) >=
	    pg_int(&detail.listens, 1, LISTEN_COLUMN_AT_US, 0));
}

static void
test_recordings_name(void **state)
{
	const struct db *const db = *state;

	assert_text(
	    recordings_name(db->round, STR(RE), RECORDING_WAV), RE ".wav");
	assert_text(recording_type(RECORDING_MP3), "audio/mpeg");
	assert_string_equal(
	    recordings_folder(db->round, "/srv/x"), "/srv/x/recordings");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECORDINGS_TEST(test_recordings_of_nobody),
		RECORDINGS_TEST(test_recordings_before_they_are_kept),
		RECORDINGS_TEST(test_recordings_that_are_absent),
		RECORDINGS_TEST(test_recordings_keep),
		RECORDINGS_TEST(test_recordings_keep_again),
		RECORDINGS_TEST(test_recordings_without_a_call),
		RECORDINGS_TEST(test_recordings_after_their_time),
		RECORDINGS_TEST(test_recordings_of_an_erased_call),
		RECORDINGS_TEST(test_recordings_deleted),
		RECORDINGS_TEST(test_recordings_listen),
		RECORDINGS_TEST(test_recordings_name),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
