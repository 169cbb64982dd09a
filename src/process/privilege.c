/* privilege: from root to the user that serves.  Floor: process. */
#include "process/privilege.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only a folder that was made here is given away. */
static bool
make_run_folder(const char *path, const struct passwd *user)
{
	if (mkdir(path, 0750) != 0)
		return errno == EEXIST;
	return chown(path, user->pw_uid, user->pw_gid) == 0;
}

enum err
privilege_drop(struct arena *arena, const struct conf *conf, struct str *why)
{
	const struct passwd *user;

	if (geteuid() != 0)
		return ERR_OK;
	if (conf->user == NULL) {
		*why = STR("will not serve as root; start it as another user, "
			   "or set MAINLINE_USER");
		return ERR_INPUT;
	}
	user = getpwnam(conf->user);
	if (user == NULL || user->pw_uid == 0) {
		*why = str_format(
		    arena, "MAINLINE_USER: %s is no user, or root", conf->user);
		return ERR_INPUT;
	}
	if (!make_run_folder(conf->run, user)) {
		*why = str_format(arena, "cannot make the folder %s: %s",
		    conf->run, strerror(errno));
		return ERR_INPUT;
	}
	if (initgroups(conf->user, user->pw_gid) != 0 ||
	    setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0) {
		*why = str_format(
		    arena, "cannot become %s: %s", conf->user, strerror(errno));
		return ERR_INPUT;
	}
	return ERR_OK;
}
