/*
 * mail_header: addresses and texts as a mail's header may have them.  Pure.
 * Floor: codec.
 * Source: https://www.rfc-editor.org/rfc/rfc5322 and rfc2047
 */
#ifndef MAINLINE_CODEC_MAIL_HEADER_H
#define MAINLINE_CODEC_MAIL_HEADER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

#define MAIL_ADDRESS_MAX_BYTES 254

/*
 * "user@host", both of plain letters, digits and the signs that need no
 * quoting; what is rarer (quoted users, IDN, IP addresses) is refused.
 */
bool mail_address_is_good(struct str address);

struct mailbox {
	struct str name; /* decoded text; absent: an address alone */
	struct str address;
};

/*
 * "user@host" or "Name <user@host>", the name perhaps in double quotes.
 * ERR_INPUT: it is neither, or no UTF-8, or holds a control character.
 */
MUST_USE enum err mailbox_parse(struct str text, struct mailbox *out);

/* The same as a header has it. */
struct str mailbox_format(struct arena *arena, const struct mailbox *mailbox);

/*
 * Any text, as the value of a header: as it is when it is short and ASCII,
 * else encoded words (RFC 2047) folded by "\r\n ".  Control characters become
 * blanks, what is no UTF-8 becomes U+FFFD; so nothing in it can begin another
 * header.
 */
struct str mail_header_text(struct arena *arena, struct str text);

#endif
