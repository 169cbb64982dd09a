# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the names are script/server's
# watch: what becomes of a part that ends.  Uses the names of stack.sh, and
# script/server's start_* of each part.

# Where it does not come back (a full disk), the rest goes on without it.
revive_database() {
	if pg_start "$STATE/pg" "$RUN" "${LOGS[postgres]}"; then
		PARTS[postgres]=$PG_PID
		say "PostgreSQL runs again"
	else
		exec 8>&-
		PG_PID=''
		say "PostgreSQL stays down (above); when that is mended, start this script again"
	fi
}

# nap SECONDS: a signal need not wait for its end.
nap() {
	sleep "$1" >/dev/null 2>&1 8>&- 9>&- &
	STEP=$!
	wait "$STEP" || :
	STEP=''
}

# orphans_end PID: nginx's workers outlive a master that was killed, and hold its
# ports.  Asked to end they let go of these at once, and have a second for the
# answers under way; so long nobody else listens.
orphans_end() {
	local left=20

	kill -s QUIT -- "-$1" 2>/dev/null || :
	while [ "$left" -gt 0 ] && session_lives "$1"; do
		nap 0.05
		left=$((left - 1))
	done
	stop_session "$1" QUIT 0
}

# restart NAME STATUS: a part other than the database has died.  At once the first
# time, later each time when it does not live long; one that keeps ending by itself
# as soon as it is started (a setting that cannot be used) is a fault, and not
# mended so.  One that is killed (137) did nothing wrong: it is started again
# however often.
restart() {
	local name=$1 status=$2 lived=$((SECONDS - ${BORN[$1]:-0})) naps=(0 1 2 4 8)
	local deaths=${DEATHS[$1]:-0}

	if [ "$lived" -ge 10 ] || [ "$status" = 137 ]; then deaths=0; fi
	[ "$deaths" -lt "${#naps[@]}" ] || die_of "$name" "$status"
	say "$name died (status $status), it is started again"
	nap "${naps[deaths]}"
	# shellcheck disable=SC2004 # the index is a name: script/server declares it so
	DEATHS[$name]=$((deaths + 1))
	case $name in
	mainline) start_workers ;;
	jobs) start_jobs ;;
	nginx)
		orphans_end "${PARTS[nginx]}"
		start_nginx_master
		;;
	twilio) start_simulator ;;
	esac
	stack_write
}

# Waits until a part has ended; it is in DIED then, and how it ended in STATUS.
# `wait -n` alone could wait for ever: it says nothing of a part that ended while
# we were at something else.
wait_for_end() {
	local name tick=''

	while :; do
		for name in "${!PARTS[@]}"; do
			! proc_birth "${PARTS[$name]}" >/dev/null || continue
			DIED=$name STATUS=0
			wait "${PARTS[$name]}" 2>/dev/null || STATUS=$?
			return 0
		done
		if [ -z "$tick" ] || ! proc_birth "$tick" >/dev/null; then
			sleep 2 >/dev/null 2>&1 8>&- 9>&- &
			tick=$!
		fi
		wait -n "${PARTS[@]}" "$tick" 2>/dev/null || :
	done
}

# Until a part ends in good order (status 0: somebody asked for it), or a signal
# ends us; what dies is started again.  A database that is away is an outage, which
# the rest is built to outlive: one that was shut down in good order stays down.
watch_parts() {
	local DIED STATUS

	while :; do
		wait_for_end
		if [ "$DIED" != postgres ]; then
			[ "$STATUS" != 0 ] || die_of "$DIED" "$STATUS"
			restart "$DIED" "$STATUS"
			continue
		fi
		unset 'PARTS[postgres]'
		PG_PID=''
		if [ "$STATUS" = 0 ]; then
			say "PostgreSQL was stopped by somebody; callers are still answered"
			continue
		fi
		say "PostgreSQL died (status $STATUS); callers are still answered, it is started again"
		revive_database
	done
}
