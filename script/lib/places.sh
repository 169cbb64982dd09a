# shellcheck shell=bash
# places: which user runs the unprivileged part, and where things lie.  Uses
# common.sh.  What the names hold, once places_choose has run:
#
#  SERVICE_USER   as root: the user of PostgreSQL, the workers and nginx's
#                 workers; else empty, and everything runs as who we are
#  SERVICE_GROUP  that user's group
#  DATA           what people read: tokens, stack.env, logs, the certificate;
#                 DATA/server is what script/server keeps for itself
#  STATE          what the service writes, and what mainline is told is
#                 MAINLINE_DATA: the cluster, the flow's snapshot, nginx's
#                 temporary files.  As root a folder of the service's, so that
#                 it can put nothing in the way of what root writes; else DATA
#  RUN            the sockets
#  WEB            the page's files, where nginx may read them
#  RECORDINGS     the audio: the program writes it, nginx reads it
#  TLS_FOLDER     the certificate: DATA/tls, or the owner's MAINLINE_TLS
#  CHALLENGES     what nginx answers an authority that gives certificates

# A socket's path holds 107 bytes; the longest name in RUN takes up to 27.
PLACES_SOCKET_DIR_MAX=80

# places_choose DATA [RUN]: fill in the names above and make the folders.
places_choose() {
	service_choose
	data_choose "$1"
	state_choose "${2:-}"
	run_choose "${2:-}"
	# shellcheck disable=SC2034 # for nginx.sh
	WEB=$STATE/web RECORDINGS=$STATE/recordings
	# shellcheck disable=SC2034 # for nginx.sh
	TLS_FOLDER=${MAINLINE_TLS:-$DATA/tls} CHALLENGES=$STATE/challenges
	# Written as who we are, and read by nginx's workers.
	mkdir -p "$CHALLENGES"
	chmod 755 "$CHALLENGES"
	make_private "$DATA/log"
	make_private "$DATA/server"
	make_private "$STATE/nginx" service
}

# PostgreSQL refuses to run as root, and the workers should not: Debian's user
# for the cluster serves for all of it, unless MAINLINE_USER names another.
service_choose() {
	local user

	SERVICE_USER='' SERVICE_GROUP=''
	[ "$(id -u)" = 0 ] || return 0
	for user in ${MAINLINE_USER:-postgres www-data nobody}; do
		if id "$user" >/dev/null 2>&1; then
			SERVICE_USER=$user
			SERVICE_GROUP=$(id -gn "$user")
			return 0
		fi
	done
	die "there is no user ${MAINLINE_USER:-postgres} to run the workers as"
}

# make_private FOLDER [service]: a folder for us alone, or for the service.
make_private() {
	mkdir -p "$1"
	chmod 700 "$1"
	if [ "${2:-}" = service ] && [ -n "$SERVICE_USER" ]; then
		chown "$SERVICE_USER:$SERVICE_GROUP" "$1"
	fi
}

# whose FILE: it is not ours; say whose, and what can be done.
whose() {
	die "$1 belongs to user $(stat -c %U "$1"): start as that user," \
		"or set MAINLINE_DATA to another folder"
}

# A folder that we made, or were given empty, is one that the service may pass
# through; it cannot list it.
data_choose() {
	local new=''

	# These would mean something to nginx or in a line of stack.env.
	case $1 in
	*[\$\"\\\`@]* | *[[:cntrl:]]*)
		die "MAINLINE_DATA must not hold \$ \" \\ \` @ or control characters" ;;
	esac
	if [ ! -d "$1" ]; then
		new=yes
		(umask 022 && mkdir -p "$(dirname "$1")" && umask 077 && mkdir "$1") 2>/dev/null ||
			die "cannot make the data folder $1"
	fi
	DATA=$(cd "$1" 2>/dev/null && pwd -P) || whose "$1"
	[ -w "$DATA" ] || whose "$DATA"
	# Even root must not mix in: the files of a stack are one user's.
	[ ! -e "$DATA/server" ] || [ -O "$DATA/server" ] || whose "$DATA/server"
	if [ -n "$SERVICE_USER" ] && [ -O "$DATA" ] &&
	    { [ -n "$new" ] || [ -z "$(ls -A "$DATA")" ]; }; then
		chgrp "$SERVICE_GROUP" "$DATA"
		chmod g+x "$DATA"
	fi
}

# As root: DATA/state, unless a folder above is closed to the service or the path
# is too long for sockets.  Then DATA/state is a link to a folder elsewhere, a new
# one for each DATA, so that a DATA made again begins with nothing.  Who looks in
# STATE for what people read finds it there too.
state_choose() {
	local why='' file

	STATE=$DATA
	[ -n "$SERVICE_USER" ] || return 0
	STATE=$DATA/state
	if [ ! -d "$STATE/." ]; then
		if ! as_service test -x "$DATA"; then
			why="a folder above it is closed to user $SERVICE_USER"
		elif [ -z "${1:-}" ] && [ "$((${#STATE} + 4))" -gt "$PLACES_SOCKET_DIR_MAX" ]; then
			why='its path is too long for sockets'
		fi
		[ -z "$why" ] || state_elsewhere "$why"
	fi
	make_private "$STATE" service
	STATE=$(cd "$STATE" && pwd -P)
	as_service test -w "$STATE" ||
		die "$STATE is closed to user $SERVICE_USER; open the folders above it"
	for file in admin-token stack.env log tls; do
		ln -sfnT "$DATA/$file" "$STATE/$file"
	done
}

state_elsewhere() {
	local folder

	[ -d /var/lib/mainline ] || mkdir -m 755 /var/lib/mainline
	folder=$(mktemp -d "/var/lib/mainline/$(path_key "$DATA").XXXXXX")
	ln -sfnT "$folder" "$DATA/state"
	say "$DATA: $1; the database and the sockets are in $folder"
}

# RUN as given, else in STATE, else under a short name.  The folder is closed to
# others, so that its name under /tmp is worth nothing to them.
run_choose() {
	RUN=${1:-$STATE/run}
	if [ -n "${1:-}" ]; then
		mkdir -p "$RUN" 2>/dev/null || die "cannot make MAINLINE_RUN $1"
		RUN=$(cd "$RUN" && pwd -P)
		[ "${#RUN}" -le "$PLACES_SOCKET_DIR_MAX" ] ||
			die "MAINLINE_RUN is longer than $PLACES_SOCKET_DIR_MAX bytes, too long for sockets"
		as_service test -w "$RUN" || make_private "$RUN" service
		as_service test -w "$RUN" ||
			die "MAINLINE_RUN $RUN is closed to user ${SERVICE_USER:-$(id -un)}"
		return 0
	fi
	if [ "${#RUN}" -gt "$PLACES_SOCKET_DIR_MAX" ]; then
		RUN=${XDG_RUNTIME_DIR:-/tmp}
		if [ ! -w "$RUN" ] || [ "${#RUN}" -gt 40 ]; then RUN=/tmp; fi
		RUN=$RUN/mainline-$(id -u)-$(path_key "$DATA")
		mkdir -m 700 "$RUN" 2>/dev/null || :
		if [ ! -O "$RUN" ] || [ -L "$RUN" ]; then
			die "$RUN belongs to another user"
		fi
	fi
	make_private "$RUN" service
}

# path_key PATH: a short name for it.
path_key() {
	local sum

	sum=$(printf %s "$1" | sha256sum)
	printf '%.12s\n' "$sum"
}
