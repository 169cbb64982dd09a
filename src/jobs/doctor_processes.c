/* doctor_processes: who should be running.  Floor: jobs. */
#include "doctor_processes.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "io/conf.h"
#include "store/checkup.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SECOND_US INT64_C(1000000)
#define SNAPSHOT_S 120 /* written every 5 s, and a job may take a while */
#define LATE_S 600
#define SWEEP_S 900 /* done every 5 minutes */

/* Does somebody listen there?  errno says why not. */
static bool
is_listened_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const size_t n = strlen(path);
	int fd;
	int failed;

	if (n >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(address.sun_path, path, n);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	/* EAGAIN: there is somebody, and a queue in front. */
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) ==
		0 ||
	    errno == EAGAIN) {
		(void)close(fd);
		return true;
	}
	failed = errno;
	(void)close(fd);
	errno = failed;
	return false;
}

static void
check_socket(
    struct doctor *d, const char *run, const char *name, enum doctor_code code)
{
	const struct str path = str_format(d->arena, "%s/%s.sock", run, name);

	if (is_listened_to(str_cstr(d->arena, path)))
		return;
	if (errno == EACCES || errno == EPERM)
		doctor_skip(
		    d, "%.*s is closed to the user who asks.", STR_ARG(path));
	else
		doctor_say(d, code, "Nobody listens at %.*s (%s), so %s.",
		    STR_ARG(path), strerror(errno),
		    code == FOUND_WORKERS_DOWN
			? "nginx itself leads callers to voicemail"
			: "the page and the API do not work");
}

void
examine_processes(struct doctor *d)
{
	const char *const run = d->conf->run;
	struct stat is;

	if (stat(run, &is) != 0) {
		doctor_skip(d,
		    "There is no %s here, where the sockets of `mainline "
		    "serve` would be.",
		    run);
		return;
	}
	check_socket(d, run, "hook", FOUND_WORKERS_DOWN);
	check_socket(d, run, "api", FOUND_API_DOWN);
}

void
judge_jobs(struct doctor *d, const struct checkup_jobs *seen)
{
	const int64_t idle_s = (seen->now_us - seen->snapshot_us) / SECOND_US;
	const int64_t late_s = (seen->now_us - seen->oldest_us) / SECOND_US;
	const int64_t sweep_s = (seen->now_us - seen->sweep_us) / SECOND_US;

	if (seen->snapshot_us < 0 || idle_s > SNAPSHOT_S)
		doctor_say(d, FOUND_JOBS_NOT_RUNNING,
		    "The background work %s%s: no audio is fetched, nobody is "
		    "told, no new flow comes into force.",
		    seen->snapshot_us < 0 ? "was never done" : "is not done",
		    seen->snapshot_us < 0
			? ""
			: str_format(
			      d->arena, ", for %lld s now", (long long)idle_s)
			      .p);
	else if (seen->oldest_us >= 0 && late_s > LATE_S)
		doctor_say(d, FOUND_JOBS_LATE,
		    "Background work has waited for %lld s.",
		    (long long)late_s);
	else if (seen->sweep_us >= 0 && sweep_s > SWEEP_S)
		doctor_say(d, FOUND_RECONCILE_LATE,
		    "Twilio's list of calls was last read %lld s ago, which is "
		    "done every 5 minutes: what was lost is not noticed.",
		    (long long)sweep_s);
	if (seen->dead > 0)
		doctor_say(d, FOUND_JOBS_DEAD, "%lld job%s given up (%.*s).",
		    (long long)seen->dead, seen->dead == 1 ? " was" : "s were",
		    STR_ARG(seen->dead_kinds));
}

void
examine_jobs(struct doctor *d)
{
	struct checkup_jobs seen;

	if (!d->has_schema)
		doctor_skip(d, "The database cannot be asked.");
	else if (checkup_jobs(d->jobs.pg, d->arena,
		     clock_mono_ms() + DOCTOR_ASK_MS, &seen) != ERR_OK)
		doctor_skip(d, "The table of jobs cannot be read.");
	else
		judge_jobs(d, &seen);
}
