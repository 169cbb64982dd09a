/*
 * audio: is it what it is said to be?  Pure.
 * Floor: codec.  Sources: https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html,
 * http://www.mp3-tech.org/programmer/frame_header.html
 */
#ifndef MAINLINE_CODEC_AUDIO_H
#define MAINLINE_CODEC_AUDIO_H

#include "base/str.h"

#include <stdint.h>

#define AUDIO_HEAD_BYTES ((size_t)12) /* what is needed to tell */

enum audio { AUDIO_NONE, AUDIO_MP3, AUDIO_WAV };

/*
 * What a file is that begins with these bytes.  MP3: a tag of ID3v2, or the
 * header of a frame of layer III; WAV: RIFF and WAVE.  All else, a page and
 * JSON above all, is none.
 */
enum audio audio_sniff(struct str head);

/*
 * The size that a WAV file's head tells of the file, so that one that was cut
 * off is known; -1: it tells none (nothing but a WAV file does, and one that
 * was written while it was not yet known has 0 or 2^32-1 there).
 */
int64_t audio_wav_bytes(struct str head);

#endif
