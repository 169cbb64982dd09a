#!/usr/bin/env bash
# deb: the package, installed on a Debian with nothing else on it: what the
# documents say to do then, calls, kills, an upgrade, and its removal.
#
# A root of its own, with network and processes that nobody else has.  Without
# the rights or the tools for that it does not run and says so: exit status 77.
set -euo pipefail

TOP=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck source=/dev/null
. "$TOP/script/lib/common.sh"
cd "$TOP"

not_run() {
	echo "deb: NOT RUN: $*"
	exit 77
}

[ "$(id -u)" = 0 ] || not_run "only root can make a clean system"
for tool in mmdebstrap unshare nsenter pgrep; do
	command -v "$tool" >/dev/null || not_run "there is no $tool here"
done
# shellcheck source=/dev/null
SUITE=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
unshare --net --pid --fork --mount true 2>/dev/null || not_run "no namespaces can be made here"

WORK=$(mktemp -d) ROOT=$(mktemp -d /var/tmp/mainline-deb.XXXXXX) HOLDER=''
chmod 755 "$ROOT"

on_exit() {
	local status=$?

	[ "$status" = 0 ] || {
		echo "deb: FAILED after $SECONDS s: ${STEP:-}"
		tail -n 20 "$WORK/log" "$ROOT/root/start.log" "$ROOT/var/log/mainline/nginx-error.log" 2>/dev/null || :
	}
	if [ -n "$HOLDER" ]; then
		kill -KILL "$HOLDER" 2>/dev/null || :
		wait "$HOLDER" 2>/dev/null || :
	fi
	rm -rf --one-file-system "$ROOT" "$WORK"
	exit "$status"
}
trap on_exit EXIT
trap 'exit 130' INT TERM HUP

step() {
	STEP=$*
	printf '== %s (%d s)\n' "$*" "$SECONDS"
}

# quietly COMMAND...: its output only when it fails.
quietly() {
	"$@" >"$WORK/log" 2>&1 || return 1
}

expect() { # WHAT WANTED GOT
	[ "$2" = "$3" ] || {
		echo "$1: $3, not $2"
		return 1
	}
}

said() { # WORDS: in what was done last
	grep -qF -- "$1" "$WORK/log" || {
		echo "nobody said: $1"
		return 1
	}
}

# The root's processes, with the network outside, to reach the archive.
outside() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		unshare --mount --pid --fork --kill-child --mount-proc="$ROOT/proc" chroot "$ROOT" "$@"
}

# hold: a network of the root's own, so that its ports are nobody else's, as long
# as a process lives in it.
hold() {
	# shellcheck disable=SC2016 # sh's words
	unshare --net --mount --pid --fork --kill-child --mount-proc="$ROOT/proc" sh -c '
		mount -t tmpfs tmpfs "$1/dev/shm"
		chroot "$1" ip link set lo up
		exec chroot "$1" sleep infinity' sh "$ROOT" &
	HOLDER=$!
	until INSIDE=$(pgrep -P "$HOLDER" -x sleep); do sleep 0.05; done
}

inside() {
	nsenter -t "$INSIDE" --net --mount --pid --root --wd env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		LANG=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive "$@"
}

# Our own files, in the root's network: calls come from outside of the root.
in_its_network() {
	nsenter -t "$INSIDE" --net "$@"
}

call() {
	in_its_network env MAINLINE_DATA="$WORK/data" script/call --quiet "$@"
}

outcomes() {
	in_its_network curl -q -sS --fail --noproxy '*' --max-time 5 \
		--cacert "$WORK/data/tls/cert.pem" \
		-H "Authorization: Bearer $(cat "$WORK/data/admin-token")" https://localhost/api/calls |
		grep -o '"outcome":"[a-z]*"' | cut -d'"' -f4 | sort | uniq -c |
		awk '{ printf "%s%s %s", sep, $1, $2; sep = ", " }'
}

status_of() {
	in_its_network curl -q -s -k -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 5 \
		"https://localhost$1" || :
}

until_ready() {
	local until=$((SECONDS + 60))

	until [ "$(status_of /readyz)" = 200 ]; do
		[ "$SECONDS" -lt "$until" ] || {
			echo "/readyz still answers $(status_of /readyz)"
			return 1
		}
		sleep 0.2
	done
}

# What script/call must know, read from the root's files.
write_data() {
	mkdir -p "$WORK/data/tls"
	cp "$ROOT/var/lib/mainline-web/tls/cert.pem" "$WORK/data/tls/"
	inside mainline token add --name test --scope admin >"$WORK/data/admin-token"
	{
		inside mainline config | sed -n 's/^\([A-Z_]*\) = /\1=/p' | grep -v AUTH_TOKEN
		printf 'TWILIO_AUTH_TOKEN=%s\n' "$(cat "$ROOT/etc/mainline/secrets/twilio-auth-token")"
		printf 'MAINLINE_TLS_CA=%s\n' "$WORK/data/tls/cert.pem"
	} >"$WORK/data/stack.env"
}

start() {
	inside mainline-start >"$ROOT/root/start.log" 2>&1 &
	STARTED=$!
	until_ready
}

stop() {
	inside pkill -TERM -f 'bash /usr/sbin/mainline-start'
	wait "$STARTED"
}

step "a package for $SUITE"
quietly script/package
quietly script/bootstrap --call
DEB=$(echo build/mainline_*.deb)

step "a Debian with nothing on it"
quietly mmdebstrap --quiet --variant=minbase --include=ca-certificates,iproute2,logrotate,procps "$SUITE" "$ROOT"
cp -L /etc/resolv.conf "$ROOT/etc/resolv.conf"
mkdir -p "$ROOT/dev/shm"
printf '127.0.0.1 localhost\n' >"$ROOT/etc/hosts"
printf '#!/bin/sh\nexit 101\n' >"$ROOT/usr/sbin/policy-rc.d"
chmod 755 "$ROOT/usr/sbin/policy-rc.d"
cp "$DEB" "$ROOT/root/"

step "apt install ./mainline_*.deb"
quietly outside apt-get update
quietly outside sh -c 'cd /root && apt-get install -y ./mainline_*.deb'
said 'PostgreSQL does not run here'
said 'systemd does not run here'
quietly outside dpkg --verify mainline
expect "the settings' owner" "root mainline 640" "$(outside stat -c '%U %G %a' /etc/mainline/mainline.conf)"
expect "the token's owner" "root mainline 640" \
	"$(outside stat -c '%U %G %a' /etc/mainline/secrets/twilio-auth-token)"
for unit in mainline mainline-jobs mainline-web; do
	[ -L "$ROOT/etc/systemd/system/mainline.target.wants/$unit.service" ]
done
[ -L "$ROOT/etc/systemd/system/multi-user.target.wants/mainline.target" ]
# The cluster took the first port that was free outside.
# shellcheck disable=SC2016 # the root's words
outside sh -c 'set -- $(pg_lsclusters -h); pg_conftool "$1" "$2" set port 5432'

step "mainline-start: ready"
hold
start
write_data

step "a call to a colleague, and a message"
quietly call --press 1
quietly call --press 2 --hang-up-after 4
expect "GET /api/calls" "1 answered, 1 voicemail" "$(outcomes)"
expect "a stranger at /api/calls" 401 "$(status_of /api/calls)"
expect "the page" 200 "$(status_of /)"
expect "/docs/" 200 "$(status_of /docs/)"

step "nobody but nginx's master and PostgreSQL's own is root"
expect "who runs the program" mainline "$(inside ps -C ml-hook -o user= | sort -u)"
expect "who runs nginx's workers" www-data "$(inside ps -eo user=,args= | sed -n 's/ .*nginx: worker.*//p' | sort -u)"

step "what is killed is started again"
for part in '/usr/libexec/mainline/mainline serve' '/usr/libexec/mainline/mainline jobs' 'nginx: master'; do
	inside pkill -KILL -o -f "$part"
	sleep 0.5
	until_ready
done
quietly call --press 1
expect "GET /api/calls" "2 answered, 1 voicemail" "$(outcomes)"

step "an upgrade keeps the settings and the calls"
echo 'MAINLINE_WORKERS = 3' >>"$ROOT/etc/mainline/mainline.conf"
quietly sh -c 'cd build/package && cpack -G DEB -D CPACK_PACKAGE_VERSION=99.0 -D CPACK_DEBIAN_PACKAGE_VERSION=99.0'
mv build/package/mainline_99.0_*.deb "$ROOT/root/"
quietly inside sh -c 'dpkg -i /root/mainline_99.0_*.deb'
said 'The schema is at version'
stop
start
# Process 1 of this root buries nobody: the dead do not count.
expect workers 3 "$(inside pgrep -r R,S,D -cx ml-hook)"
quietly call --press 2
expect "GET /api/calls" "2 answered, 2 voicemail" "$(outcomes)"

step "the log files are rotated"
quietly inside logrotate -f /etc/logrotate.d/mainline
expect "/readyz" 200 "$(status_of /readyz)"
sleep 0.5
[ -s "$ROOT/var/log/mainline/access.log" ] || expect "/readyz" 200 "$(status_of /readyz)"
[ -s "$ROOT/var/log/mainline/access.log" ]

step "removed and purged, the calls are kept"
stop
quietly inside dpkg --remove mainline
[ -e "$ROOT/etc/mainline/mainline.conf" ]
quietly inside dpkg --purge mainline
said 'the calls are kept'
[ ! -e "$ROOT/etc/mainline" ]
expect "the database" 4 "$(inside setpriv --reuid postgres --regid postgres --clear-groups \
	psql -XqAt -d mainline -c 'select count(*) from calls')"
expect "units that are left" "" "$(find "$ROOT/etc/systemd/system" -name 'mainline*')"

printf 'deb: passed, after %d s\n' "$SECONDS"
