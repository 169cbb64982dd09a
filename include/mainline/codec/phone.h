/*
 * phone: telephone numbers in E.164.  Pure.
 * Floor: codec.  Source: ITU-T E.164, https://www.twilio.com/docs/glossary/what-e164
 */
#ifndef MAINLINE_CODEC_PHONE_H
#define MAINLINE_CODEC_PHONE_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

/* "+", a digit from 1 to 9, and 7 to 15 digits in all. */
bool phone_is_e164(struct str s);

/*
 * The number as it is kept: E.164 as it is; " 15550100001", which is what
 * "?line=+15550100001" decodes to when the plus was not escaped, with its plus;
 * all else (sip:, client:, "anonymous") as sent.
 */
struct str phone_canonical(struct arena *arena, struct str s);

/*
 * Is it a caller's number?  Where Twilio has no caller id it may send a word on
 * a telephone's keys: ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN, BLOCKED.
 */
bool phone_is_caller(struct str s);

/*
 * Did the caller withhold the number, or did nobody know it?  Nothing, a word
 * ("anonymous", "Restricted"), such a word on a telephone's keys, or a SIP
 * address of "anonymous".  All other addresses, and digits that are no number,
 * name somebody.
 */
bool phone_is_withheld(struct str s);

/* For speech: "+15550100" -> "1 5 5 5 0 1 0 0"; absent if no
 * caller's number. */
struct str phone_spell(struct arena *arena, struct str s);

/*
 * For eyes: "+15550100009" -> "+1 555 010 0009".  Other countries group theirs
 * in ways that only tables know: those stay as they are, as does all else.
 */
struct str phone_grouped(struct arena *arena, struct str s);

#endif
