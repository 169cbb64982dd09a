/* password: passwords as argon2id.  Floor: io. */
#include "io/password.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>

#define MEMORY_BYTES ((size_t)PASSWORD_KIB * 1024)

#define TEXT_(number) #number
#define TEXT(number) TEXT_(number)

/* Of the same cost, and of no password that anybody could find. */
#define NOBODYS                                                                \
	"$argon2id$v=19$m=" TEXT(PASSWORD_KIB) ",t=" TEXT(                     \
	    PASSWORD_PASSES) ",p=1$bm9ib2R5J3Mgc2FsdCwgMQ"                     \
			     "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* Once a process would do; that it is done already it finds out by itself. */
static void
begin(void)
{
	if (sodium_init() < 0)
		abort();
}

enum err
password_hash(struct arena *arena, struct str password, struct str *out)
{
	char *const hash = arena_alloc(arena, crypto_pwhash_STRBYTES);

	begin();
	if (crypto_pwhash_str(hash, password.p, password.n, PASSWORD_PASSES,
		MEMORY_BYTES) != 0)
		return ERR_BUSY;
	*out = str_of(hash);
	return ERR_OK;
}

enum err
password_verify(struct arena *arena, struct str password, struct str hash)
{
	const bool is_somebodys = hash.p != NULL && hash.n > 0;
	const char *const kept =
	    str_cstr(arena, is_somebodys ? hash : STR(NOBODYS));

	begin();
	errno = 0;
	if (crypto_pwhash_str_verify(kept, password.p, password.n) == 0)
		return is_somebodys ? ERR_OK : ERR_AUTH;
	/* A wrong one is told as EINVAL, and memory that is missing is not. */
	return errno == ENOMEM ? ERR_BUSY : ERR_AUTH;
}

bool
password_is_stale(struct arena *arena, struct str hash)
{
	begin();
	return crypto_pwhash_str_needs_rehash(
		   str_cstr(arena, hash), PASSWORD_PASSES, MEMORY_BYTES) != 0;
}
