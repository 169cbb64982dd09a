/* recordings: audio that is kept here.  Floor: store. */
#include "store/recordings.h"

#include "base/arena.h"
#include "base/str.h"

const char *
recordings_path(struct arena *arena, const char *data, struct str recording_sid,
    const char *suffix)
{
	return str_cstr(arena,
	    str_format(arena, "%s/recordings/%.*s%s", data,
		STR_ARG(recording_sid), suffix));
}

struct str
recordings_key(
    struct arena *arena, struct str recording_sid, const char *suffix)
{
	return str_format(
	    arena, "recordings/%.*s%s", STR_ARG(recording_sid), suffix);
}
