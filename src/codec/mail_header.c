/* mail_header: addresses and texts in a mail's header.  Floor: codec. */
#include "codec/mail_header.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define ATOM ALNUM "!#$%&'*+-/=?^_`{|}~" /* RFC 5322, 3.2.3 */
#define LOCAL_MAX_BYTES 64
#define PLAIN_MAX_BYTES 60
/* An encoded word has 75 bytes at most: 12 around 60 of base64. */
#define WORD_MAX_BYTES 45
#define HEADER_MAX_BYTES ((size_t)64 * 1024)

/* Runs of `set` with single dots between them? */
static bool
is_dotted(struct str s, const char *set)
{
	struct str rest = s;

	while (rest.p != NULL) {
		const struct str run = str_split(&rest, '.');

		for (size_t i = 0; i < run.n; i++) {
			if (run.p[i] == '\0' || strchr(set, run.p[i]) == NULL)
				return false;
		}
		if (run.n == 0)
			return false;
	}
	return s.p != NULL;
}

bool
mail_address_is_good(struct str address)
{
	const size_t at = str_find(address, '@');

	return address.n <= MAIL_ADDRESS_MAX_BYTES && at <= LOCAL_MAX_BYTES &&
	    at < address.n && is_dotted(str_slice(address, 0, at), ATOM) &&
	    is_dotted(str_slice(address, at + 1, address.n), ALNUM "-");
}

/* UTF-8 without control characters, those of the upper half included? */
static bool
is_line(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	}
	return utf8_is_valid(s);
}

enum err
mailbox_parse(struct str text, struct mailbox *out)
{
	const struct str trimmed = str_trim(text);
	const size_t angle = str_find(trimmed, '<');
	struct str name = str_trim(str_slice(trimmed, 0, angle));

	*out = (struct mailbox){ .address = trimmed };
	if (angle < trimmed.n) {
		if (trimmed.p[trimmed.n - 1] != '>')
			return ERR_INPUT;
		out->address =
		    str_slice(trimmed, angle + 1, trimmed.n - angle - 2);
		if (name.n >= 2 && name.p[0] == '"' &&
		    name.p[name.n - 1] == '"')
			name = str_slice(name, 1, name.n - 2);
		if (name.n > 0)
			out->name = name;
	}
	if (!mail_address_is_good(out->address) || !is_line(out->name) ||
	    str_find(out->name, '"') < out->name.n ||
	    str_find(out->name, '\\') < out->name.n)
		return ERR_INPUT;
	return ERR_OK;
}

static bool
is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < ' ' || s.p[i] > '~' ||
		    (s.p[i] == '=' && i + 1 < s.n && s.p[i + 1] == '?'))
			return false;
	}
	return s.n <= PLAIN_MAX_BYTES;
}

struct str
mailbox_format(struct arena *arena, const struct mailbox *mailbox)
{
	struct str name;

	if (mailbox->name.p == NULL)
		return str_copy(arena, mailbox->address);
	name = mail_header_text(arena, mailbox->name);
	/* What is plain may hold a comma or a dot, which quotes make harmless;
	 * an encoded word stands without them. */
	if (is_plain(mailbox->name))
		name = str_format(arena, "\"%.*s\"", STR_ARG(name));
	return str_format(
	    arena, "%.*s <%.*s>", STR_ARG(name), STR_ARG(mailbox->address));
}

/* As many whole characters as an encoded word has room for. */
static size_t
word_bytes(struct str text)
{
	size_t n = 0;

	while (n < text.n) {
		uint32_t c;
		const size_t next = utf8_next(str_slice(text, n, text.n), &c);

		if (n + next > WORD_MAX_BYTES)
			break;
		n += next;
	}
	return n;
}

/* UTF-8, with a blank for each control character. */
static struct str
clean(struct arena *arena, struct str text)
{
	const struct str valid = utf8_clean(arena, text);
	char *const out =
	    arena_copy(arena, valid.p == NULL ? "" : valid.p, valid.n);

	for (size_t i = 0; i < valid.n; i++) {
		if ((unsigned char)out[i] < ' ' || out[i] == 0x7f)
			out[i] = ' ';
	}
	return str_trim((struct str){ out, valid.n });
}

struct str
mail_header_text(struct arena *arena, struct str text)
{
	struct str rest = clean(arena, text);
	struct buf out;

	if (is_plain(rest))
		return rest;
	buf_init(&out, arena, HEADER_MAX_BYTES);
	while (rest.n > 0) {
		const size_t n = word_bytes(rest);
		const struct str word =
		    base64_encode(arena, str_slice(rest, 0, n));

		buf_addf(&out, "%s=?UTF-8?B?%.*s?=", out.n == 0 ? "" : "\r\n ",
		    STR_ARG(word));
		rest = str_slice(rest, n, rest.n);
	}
	return buf_str(&out);
}
