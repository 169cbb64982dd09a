/* signals: what a process that others depend on does with them.
 * Floor: process. */
#include "signals.h"

#include "base/compiler.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static const int ours[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP };

/*
 * What our parent ignores we would inherit: with SIGCHLD ignored the kernel
 * reaps the children, and nobody learns of their end.
 */
void
signals_block(void)
{
	static const int defects[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT,
		SIGTRAP, SIGSYS };
	sigset_t all;

	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		(void)signal(ours[i], SIG_DFL);
	(void)sigfillset(&all);
	for (size_t i = 0; i < ARRAY_LEN(defects); i++)
		(void)sigdelset(&all, defects[i]);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

int
signals_next(int ms)
{
	const struct timespec patience = { ms / 1000,
		ms % 1000 * INT64_C(1000000) };
	sigset_t set;
	int got;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		(void)sigaddset(&set, ours[i]);
	got = sigtimedwait(&set, NULL, &patience);
	return got > 0 ? got : 0;
}

void
signals_die_with(pid_t parent, int signal)
{
	(void)prctl(PR_SET_PDEATHSIG, signal);
	if (getppid() != parent)
		_exit(0);
}

void
signals_name_process(const char *name)
{
	(void)prctl(PR_SET_NAME, name);
}
