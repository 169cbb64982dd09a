/*
 * terminal: what somebody types: a secret, or whether to go on.  Private to the
 * process floor.
 */
#ifndef MAINLINE_PROCESS_TERMINAL_H
#define MAINLINE_PROCESS_TERMINAL_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

/* Is there somebody to ask: is standard input a terminal? */
bool terminal_is_there(void);

/*
 * Asks with `prompt`, on standard error, and reads one line of standard input,
 * without echo where that is a terminal; otherwise nothing is asked.  False:
 * it ended before a line, the line is longer than 1 KiB, or somebody pressed
 * Ctrl-C or Ctrl-D.  The line feed is left out.
 */
bool terminal_read_secret(
    struct arena *arena, const char *prompt, struct str *out);

/*
 * Asks `question`, on standard error, with " [y/N] " behind it.  Only "y" or
 * "yes" is yes.  Where there is no terminal nobody is asked: no.
 */
bool terminal_agrees(const char *question);

#endif
