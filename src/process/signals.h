/*
 * signals: what a process that others depend on does with them.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_SIGNALS_H
#define MAINLINE_PROCESS_SIGNALS_H

#include <sys/types.h>

/*
 * Blocks all but those that tell of a defect: with them the process must end at
 * once.
 */
void signals_block(void);

/* The next of CHLD, TERM, INT and HUP; 0 after so many ms without one. */
int signals_next(int ms);

/*
 * In a child: it gets `signal` when its parent ends, and ends itself if that
 * has happened already.
 */
void signals_die_with(pid_t parent, int signal);

/* Its name in ps and top, 15 bytes at most. */
void signals_name_process(const char *name);

#endif
