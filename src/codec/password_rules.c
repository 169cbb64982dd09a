/* password_rules: may it be somebody's password?  Pure.  Floor: codec. */
#include "codec/password_rules.h"

#include "base/compiler.h"
#include "base/str.h"
#include "codec/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_(number) #number
#define TEXT(number) TEXT_(number)

/*
 * What stands at the head of every list of leaked passwords and is long enough.
 * In lower case.
 */
static const char *const commonest[] = {
	"0123456789",
	"0987654321",
	"1122334455",
	"1234512345",
	"1234567890",
	"12345678900",
	"12345678910",
	"123456789a",
	"1234567891",
	"123456789q",
	"1029384756",
	"147258369a",
	"1q2w3e4r5t",
	"1q2w3e4r5t6y",
	"1qaz2wsx3edc",
	"1qazxsw23edc",
	"9876543210",
	"abcd1234567",
	"abcdefghij",
	"administrator",
	"basketball",
	"changeme123",
	"dragon12345",
	"football123",
	"iloveyou123",
	"iloveyou12",
	"letmein123",
	"letmein1234",
	"mainline123",
	"motdepasse",
	"mypassword",
	"p@ssw0rd123",
	"passpasspass",
	"passw0rd123",
	"password01",
	"password10",
	"password11",
	"password12",
	"password123",
	"password1234",
	"password12345",
	"password123456",
	"passwordpassword",
	"princess123",
	"q1w2e3r4t5",
	"q1w2e3r4t5y6",
	"qazwsxedcrfv",
	"qwerty1234",
	"qwerty12345",
	"qwerty123456",
	"qwertyuiop",
	"qwertyuiop123",
	"sunshine123",
	"superman123",
	"welcome123",
	"welcome1234",
	"zxcvbnm123",
};

static size_t
count_characters(struct str s)
{
	size_t n = 0;
	uint32_t character;

	while (s.n > 0) {
		const size_t bytes = utf8_next(s, &character);

		s = str_slice(s, bytes, s.n);
		n++;
	}
	return n;
}

static bool
is_common(struct str password)
{
	for (size_t i = 0; i < ARRAY_LEN(commonest); i++) {
		if (str_eq_nocase(password, str_of(commonest[i])))
			return true;
	}
	return false;
}

/* "aaaaaaaaaa" */
static bool
is_one_character(struct str password)
{
	uint32_t first;
	const size_t bytes = utf8_next(password, &first);

	while (password.n > 0) {
		uint32_t next;

		(void)utf8_next(password, &next);
		if (next != first)
			return false;
		password = str_slice(password, bytes, password.n);
	}
	return true;
}

const char *
password_rules_check(struct str password, struct str name)
{
	const size_t n = count_characters(password);

	if (!utf8_is_valid(password))
		return "The password is no text in UTF-8.";
	if (n < PASSWORD_MIN_CHARACTERS)
		return "The password needs " TEXT(
		    PASSWORD_MIN_CHARACTERS) " characters or more.";
	if (n > PASSWORD_MAX_CHARACTERS)
		return "The password may have " TEXT(
		    PASSWORD_MAX_CHARACTERS) " characters at most.";
	if (str_eq_nocase(password, name))
		return "The password must not be the name.";
	if (is_common(password) || is_one_character(password))
		return "The password is one of those that are tried first; "
		       "take another, several words say.";
	return NULL;
}
