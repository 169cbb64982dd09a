# shellcheck shell=bash
# common: saying things, acting as the service's user, and processes that may
# outlive the script which started them.

# An ordinary user's PATH lacks the folders where Debian keeps nginx.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# say WORD...: progress, one line on stderr.  Never fails: whoever read our
# stderr may be gone, and that is no reason to stop.
say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2 2>/dev/null || :
}

die() {
	say "$*"
	exit 1
}

# as_service COMMAND...: run it as SERVICE_USER, which is empty unless we are
# root.  From /, because that user may not enter the folder where we stand.
# 8 and 9 are the descriptors of our locks: a child that kept one would hold the
# lock after us.
as_service() {
	if [ -z "${SERVICE_USER:-}" ]; then
		(cd / && exec "$@" 8>&- 9>&-)
	else
		(cd / && exec setpriv --reuid "$SERVICE_USER" \
			--regid "$SERVICE_GROUP" --clear-groups --no-new-privs \
			"$@" 8>&- 9>&-)
	fi
}

# write_private FILE: stdin becomes FILE, readable by its owner only, whole or
# not at all.  A link in FILE's place is replaced, never followed.
write_private() {
	local new

	new=$(mktemp "$1.XXXXXX") || return 1
	if cat >"$new" && chmod 600 "$new" && mv -fT "$new" "$1"; then
		return 0
	fi
	rm -f "$new"
	return 1
}

# proc_stat PID: print the fields of /proc/PID/stat from the third (state) on.
# The second, the command's name, may hold anything: count after its last ")".
proc_stat() {
	local line

	line=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	printf '%s\n' "${line##*) }"
}

# proc_birth PID: print when a living process began, in ticks after boot, with
# the boot's name: together with the number that is one process for ever.
proc_birth() {
	local fields

	read -ra fields <<<"$(proc_stat "$1")"
	[ "${#fields[@]}" -gt 19 ] && [ "${fields[0]}" != Z ] || return 1
	printf '%s@%s\n' "${fields[19]}" "$(boot_id)"
}

boot_id() {
	cat /proc/sys/kernel/random/boot_id
}

# session_lives ID: has the session ID a living member?  A number stays taken
# as long as any process has it as its session, so the leader may be dead.
session_lives() {
	local stat fields

	for stat in /proc/[0-9]*/stat; do
		stat=${stat#/proc/}
		read -ra fields <<<"$(proc_stat "${stat%/stat}")"
		if [ "${fields[3]:-}" = "$1" ] && [ "${fields[0]}" != Z ]; then
			return 0
		fi
	done
	return 1
}

# stop_session PID SIGNAL SECONDS: ask a process that leads its own session to
# end, and after SECONDS make it and all that is left of its session.
stop_session() {
	local pid=$1 until=$((SECONDS + $3))

	kill -s "$2" "$pid" 2>/dev/null || :
	while proc_birth "$pid" >/dev/null && [ "$SECONDS" -lt "$until" ]; do
		sleep 0.05
	done
	if session_lives "$pid"; then
		kill -s KILL -- "-$pid" 2>/dev/null || :
		while session_lives "$pid"; do sleep 0.05; done
	fi
}
