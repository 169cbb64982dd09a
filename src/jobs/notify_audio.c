/* notify_audio: the audio of a message.  Floor: jobs. */
#include "notify_audio.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/mail.h"
#include "kinds.h"
#include "store/jobs.h"
#include "store/notices.h"
#include "store/recordings.h"
#include "twilio/words.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
path_of(struct arena *arena, const char *data, struct str sid)
{
	return str_cstr(arena,
	    str_format(arena, "%s/recordings/%.*s.mp3", data, STR_ARG(sid)));
}

/* A whole file of that size, and nothing else? */
static bool
is_whole(int fd, int64_t bytes)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size == bytes && bytes > 0;
}

enum err
notify_audio_open(const struct jobs *jobs, struct arena *arena,
    const struct job_key *key, struct str recording_sid,
    struct mail_attachment *out)
{
	const struct notice_recording recording = { key->line, key->call_sid,
		recording_sid };
	struct notice_audio audio;
	int fd;

	if (!sid_is(recording_sid, "RE"))
		return ERR_NOT_FOUND;
	if (notices_audio(jobs->pg, arena, &recording, &audio) != ERR_OK)
		return ERR_DB;
	if (audio.coming)
		return ERR_BUSY;
	if (!audio.here || audio.bytes > NOTIFY_AUDIO_MAX_BYTES)
		return ERR_NOT_FOUND;
	fd = open(path_of(arena, jobs->conf->data, recording_sid),
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return ERR_NOT_FOUND; /* it lies on another host */
	if (!is_whole(fd, audio.bytes)) {
		(void)close(fd);
		return ERR_NOT_FOUND;
	}
	*out = (struct mail_attachment){
		.name = str_format(
		    arena, "voicemail-%.*s.mp3", STR_ARG(recording_sid)),
		.content_type = recording_type(RECORDING_MP3),
		.fd = fd,
		.length = audio.bytes,
	};
	return ERR_OK;
}
