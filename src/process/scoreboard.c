/* scoreboard: what each worker is doing.  Floor: process. */
#include "process/scoreboard.h"

#include <stdlib.h>
#include <sys/mman.h>

struct slot *
scoreboard_new(size_t n)
{
	return shared_new(n * sizeof(struct slot));
}

void *
shared_new(size_t bytes)
{
	void *const p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

void
slot_clear(struct slot *slot)
{
	atomic_store(&slot->ready, false);
	atomic_store(&slot->busy_since_ms, 0);
	atomic_store(&slot->requests, 0);
}
