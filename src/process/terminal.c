/* terminal: what somebody types.  Floor: process. */
#include "terminal.h"

#include "base/arena.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024
#define CTRL_C '\x03'

bool
terminal_is_there(void)
{
	return isatty(STDIN_FILENO) == 1;
}

/* One byte at a time: what stands behind the line is somebody else's. */
static bool
read_line(struct arena *arena, struct str *out)
{
	char *const line = arena_alloc(arena, LINE_MAX_BYTES);
	size_t n = 0;

	while (n < LINE_MAX_BYTES) {
		if (read(STDIN_FILENO, &line[n], 1) != 1 || line[n] == CTRL_C)
			return false;
		if (line[n] == '\n') {
			*out = (struct str){ line, n };
			return true;
		}
		n++;
	}
	return false;
}

/*
 * Ctrl-C comes as a character meanwhile, so that nothing ends the program
 * before the terminal is again as it was; it ends the line, as Return does.
 */
static bool
read_unseen(struct arena *arena, const char *prompt, struct str *out)
{
	struct termios before;
	struct termios silent;
	bool ok;

	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return false;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	silent.c_cc[VEOL] = CTRL_C;
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) != 0)
		return false;
	/* Only now: what is typed before the terminal is silent is dropped. */
	(void)fputs(prompt, stderr);
	ok = read_line(arena, out);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	(void)fputc('\n', stderr);
	return ok;
}

bool
terminal_read_secret(struct arena *arena, const char *prompt, struct str *out)
{
	if (!terminal_is_there())
		return read_line(arena, out);
	return read_unseen(arena, prompt, out);
}

bool
terminal_agrees(const char *question)
{
	char answer[8] = "";

	if (!terminal_is_there())
		return false;
	(void)fflush(stdout);
	(void)fprintf(stderr, "%s [y/N] ", question);
	return fgets(answer, sizeof(answer), stdin) != NULL &&
	    (strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0);
}
