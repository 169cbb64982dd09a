/* audio: what a file is, by its first bytes. */
#include "codec/audio.h"
#include "testing.h"

#define WAV(size) "RIFF" size "WAVEfmt "
#define CUT(literal, n) { (literal), (n) }

static const struct row {
	const char *name;
	struct str head;
	enum audio want;
} rows[] = {
	{ "a WAV file", CUT(WAV("\x24\0\0\0"), 16), AUDIO_WAV },
	{ "RIFF that is no WAVE", CUT("RIFF\x24\0\0\0AVI fmt ", 16),
	    AUDIO_NONE },
	{ "a WAV file cut in its head", CUT(WAV("\x24\0\0\0"), 11),
	    AUDIO_NONE },
	{ "MPEG 1, layer III", CUT("\xff\xfb\x90\x64", 4), AUDIO_MP3 },
	{ "MPEG 2, layer III, 32 kbit/s", CUT("\xff\xf3\x40\xc4", 4),
	    AUDIO_MP3 },
	{ "MPEG 2.5, layer III", CUT("\xff\xe3\x18\xc4", 4), AUDIO_MP3 },
	{ "ID3v2", CUT("ID3\x04\0\0\0\0\0\x23TS", 12), AUDIO_MP3 },
	{ "ID3 and nothing behind", CUT("ID3\x04", 4), AUDIO_NONE },
	{ "layer I", CUT("\xff\xff\x90\x64", 4), AUDIO_NONE },
	{ "AAC", CUT("\xff\xf1\x50\x80", 4), AUDIO_NONE },
	{ "a reserved version", CUT("\xff\xeb\x90\x64", 4), AUDIO_NONE },
	{ "a bit rate that is none", CUT("\xff\xfb\xf0\x64", 4), AUDIO_NONE },
	{ "a sampling rate that is none", CUT("\xff\xfb\x9c\x64", 4),
	    AUDIO_NONE },
	{ "bytes of one", CUT("\xff\xff\xff\xff", 4), AUDIO_NONE },
	{ "three bytes", CUT("\xff\xfb\x90", 3), AUDIO_NONE },
	{ "a page", CUT("<!doctype html>", 15), AUDIO_NONE },
	{ "JSON", CUT("{\"code\":20404}", 14), AUDIO_NONE },
	{ "zeros", CUT("\0\0\0\0\0\0\0\0\0\0\0\0", 12), AUDIO_NONE },
	{ "nothing", CUT("", 0), AUDIO_NONE },
};

static void
test_audio_sniff(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		print_message("  %s\n", rows[i].name);
		assert_int_equal(audio_sniff(rows[i].head), rows[i].want);
	}
}

static void
test_audio_wav_bytes(void **state)
{
	const struct str known = CUT(WAV("\x24\x01\0\0"), 16);
	const struct str large = CUT(WAV("\xfe\xff\xff\xff"), 16);
	const struct str zero = CUT(WAV("\0\0\0\0"), 16);
	const struct str all = CUT(WAV("\xff\xff\xff\xff"), 16);

	(void)state;
	assert_int_equal(audio_wav_bytes(known), 0x124 + 8);
	assert_int_equal(audio_wav_bytes(large), 0xfffffffeLL + 8);
	assert_int_equal(audio_wav_bytes(zero), -1);
	assert_int_equal(audio_wav_bytes(all), -1);
	assert_int_equal(audio_wav_bytes(STR("\xff\xfb\x90\x64")), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_audio_sniff),
		TEST(test_audio_wav_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
