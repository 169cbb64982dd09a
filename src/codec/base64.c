/* base64: RFC 4648, sections 4, 5 and 8.  Floor: codec. */
#include "codec/base64.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>
#include <string.h>

static const char standard[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool
is_base64url(char c)
{
	return c != '\0' && strchr(for_urls, c) != NULL;
}

static struct str
encode(struct arena *arena, const char *alphabet, struct str in)
{
	char *const out = arena_alloc(arena, (in.n + 2) / 3 * 4);
	uint32_t bits = 0;
	int held = 0;
	size_t n = 0;

	for (size_t i = 0; i < in.n; i++) {
		bits = bits << 8 | (unsigned char)in.p[i];
		held += 8;
		while (held >= 6) {
			held -= 6;
			out[n++] = alphabet[bits >> held & 63];
		}
	}
	if (held > 0)
		out[n++] = alphabet[bits << (6 - held) & 63];
	return (struct str){ out, n };
}

struct str
base64_encode(struct arena *arena, struct str bytes)
{
	const struct str text = encode(arena, standard, bytes);
	const size_t padding = (4 - text.n % 4) % 4;

	return str_format(arena, "%.*s%.*s", STR_ARG(text), (int)padding, "==");
}

struct str
base64url_encode(struct arena *arena, struct str bytes)
{
	return encode(arena, for_urls, bytes);
}

static enum err
decode(
    struct arena *arena, const char *alphabet, struct str text, struct str *out)
{
	char *const bytes = arena_alloc(arena, text.n * 3 / 4 + 1);
	uint32_t bits = 0;
	int held = 0;
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		const char *const at =
		    text.p[i] == '\0' ? NULL : strchr(alphabet, text.p[i]);

		if (at == NULL)
			return ERR_INPUT;
		bits = (bits << 6 | (uint32_t)(at - alphabet)) & 0xffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			bytes[n++] = (char)(unsigned char)(bits >> held & 255);
		}
	}
	if (held >= 6 || (bits & ((1U << held) - 1)) != 0)
		return ERR_INPUT;
	*out = (struct str){ bytes, n };
	return ERR_OK;
}

enum err
base64_decode(struct arena *arena, struct str text, struct str *out)
{
	size_t n = text.n;

	if (text.n % 4 != 0)
		return ERR_INPUT;
	for (int i = 0; i < 2 && n > 0 && text.p[n - 1] == '='; i++)
		n--;
	return decode(arena, standard, str_slice(text, 0, n), out);
}

enum err
base64url_decode(struct arena *arena, struct str text, struct str *out)
{
	return decode(arena, for_urls, text, out);
}

struct str
hex_encode(struct arena *arena, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *const out = arena_alloc(arena, bytes.n * 2);

	for (size_t i = 0; i < bytes.n; i++) {
		const unsigned char c = (unsigned char)bytes.p[i];

		out[2 * i] = digits[c >> 4];
		out[2 * i + 1] = digits[c & 15];
	}
	return (struct str){ out, bytes.n * 2 };
}

int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum err
hex_decode(struct arena *arena, struct str text, struct str *out)
{
	char *const bytes = arena_alloc(arena, text.n / 2);

	if (text.n % 2 != 0)
		return ERR_INPUT;
	for (size_t i = 0; i < text.n / 2; i++) {
		const int high = hex_digit(text.p[2 * i]);
		const int low = hex_digit(text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return ERR_INPUT;
		bytes[i] = (char)(unsigned char)(high * 16 + low);
	}
	*out = (struct str){ bytes, text.n / 2 };
	return ERR_OK;
}
