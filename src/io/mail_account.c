/*
 * mail_account: whose letters they are, which nobody is told.  Floor: io.
 * Source: https://www.rfc-editor.org/rfc/rfc4616 (PLAIN)
 */
#include "mail_account.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "codec/base64.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define PLAIN_MAX_BYTES ((size_t)64 * 1024)

static bool
holds(struct arena *arena, struct str line, struct str part)
{
	return part.n > 0 &&
	    strstr(str_cstr(arena, line), str_cstr(arena, part)) != NULL;
}

static bool
holds_encoded(struct arena *arena, struct str line, struct str secret)
{
	struct str encoded = base64_encode(arena, secret);

	while (encoded.n > 0 && encoded.p[encoded.n - 1] == '=')
		encoded.n--;
	return holds(arena, line, encoded);
}

bool
mail_tells_password(
    struct arena *arena, struct str line, const struct mail_account *account)
{
	struct buf plain;

	if (account->user == NULL || account->password == NULL)
		return false;
	buf_init(&plain, arena, PLAIN_MAX_BYTES);
	buf_addc(&plain, '\0');
	buf_add(&plain, str_of(account->user));
	buf_addc(&plain, '\0');
	buf_add(&plain, str_of(account->password));
	return holds(arena, line, str_of(account->password)) ||
	    holds_encoded(arena, line, str_of(account->password)) ||
	    holds_encoded(arena, line, buf_str(&plain));
}
