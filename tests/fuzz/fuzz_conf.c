/* conf: any INI file: a configuration, or errors that say what is wrong. */
#include "fuzz.h"
#include "io/conf.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A file that has no name any more; /proc still finds it. */
static const char *
file_with(struct str content)
{
	static char path[64];
	static int fd = -1;

	if (fd < 0) {
		char name[] = "/tmp/mainline-fuzz-XXXXXX";

		fd = mkstemp(name);
		REQUIRE(fd >= 0 && unlink(name) == 0);
		(void)snprintf(
		    path, sizeof(path), "MAINLINE_CONFIG=/proc/self/fd/%d", fd);
	}
	REQUIRE(ftruncate(fd, 0) == 0);
	REQUIRE(pwrite(fd, content.p, content.n, 0) == (ssize_t)content.n);
	return path;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *const arena = fuzz_arena();
	const struct str input = fuzz_input(data, size);
	char *env[] = { NULL, NULL };
	char variable[64];
	struct conf_errors errors;
	const struct conf *conf = NULL;

	(void)snprintf(variable, sizeof(variable), "%s",
	    file_with(input.p == NULL ? STR("") : input));
	env[0] = variable;
	if (conf_load(arena, env, &errors, &conf) != ERR_OK) {
		REQUIRE(errors.n > 0 && errors.n <= CONF_MAX_ERRORS);
		return 0;
	}
	REQUIRE(errors.n == 0 && conf->data != NULL && conf->run != NULL);
	REQUIRE(conf->workers >= 1 && conf->https_port >= 1);
	REQUIRE(conf->n_auth_tokens <= CONF_MAX_TOKENS);
	REQUIRE(conf_print(arena, conf).n > 0);
	return 0;
}
