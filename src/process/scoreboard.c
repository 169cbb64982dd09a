/* scoreboard: what each worker is doing.  Floor: process. */
#include "process/scoreboard.h"

#include <stdlib.h>
#include <sys/mman.h>

struct slot *
scoreboard_new(size_t n)
{
	void *const p = mmap(NULL, n * sizeof(struct slot),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

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
