/* audio: is it what it is said to be?  Floor: codec. */
#include "codec/audio.h"

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RIFF_HEAD_BYTES 8
#define SIZE_UNKNOWN UINT32_MAX

static unsigned int
byte_at(struct str s, size_t i)
{
	return (unsigned char)s.p[i];
}

static bool
is_wav(struct str head)
{
	return head.n >= AUDIO_HEAD_BYTES && str_starts(head, STR("RIFF")) &&
	    str_eq(str_slice(head, 8, 4), STR("WAVE"));
}

/*
 * Eleven bits of one, then version, layer, protection; bit rate, sampling rate.
 * The values that are reserved or free would be met in any noise.
 */
static bool
is_mp3_frame(struct str head)
{
	if (head.n < 4 || byte_at(head, 0) != 0xff ||
	    (byte_at(head, 1) & 0xe0) != 0xe0)
		return false;
	return (byte_at(head, 1) & 0x18) != 0x08 &&
	    (byte_at(head, 1) & 0x06) == 0x02 &&
	    (byte_at(head, 2) & 0xf0) != 0xf0 &&
	    (byte_at(head, 2) & 0x0c) != 0x0c;
}

enum audio
audio_sniff(struct str head)
{
	if (is_wav(head))
		return AUDIO_WAV;
	if ((head.n >= AUDIO_HEAD_BYTES && str_starts(head, STR("ID3"))) ||
	    is_mp3_frame(head))
		return AUDIO_MP3;
	return AUDIO_NONE;
}

int64_t
audio_wav_bytes(struct str head)
{
	uint32_t size = 0;

	if (!is_wav(head))
		return -1;
	for (size_t i = 0; i < 4; i++)
		size |= (uint32_t)byte_at(head, 4 + i) << (8 * i);
	return size == 0 || size == SIZE_UNKNOWN
	    ? -1
	    : (int64_t)size + RIFF_HEAD_BYTES;
}
