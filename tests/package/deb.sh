#!/usr/bin/env bash
# deb: the package, installed on a Debian with nothing else on it: what the
# documents say to do then, calls, kills, an upgrade, and its removal.  Without
# systemd; systemd.sh is with it.
set -euo pipefail

TOP=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck disable=SC2034 # root.sh's
NAME=deb INSIDE=''
for part in script/lib/common script/lib/certificate tests/package/root; do
	# shellcheck source=/dev/null
	. "$TOP/$part.sh"
done

# hold: a network of the root's own, so that its ports are nobody else's, as long
# as a process lives in it.
hold() {
	# shellcheck disable=SC2016 # sh's words
	unshare --net --mount --pid --fork --kill-child --mount-proc="$ROOT/proc" sh -c '
		mount -t tmpfs tmpfs "$1/dev/shm"
		chroot "$1" ip link set lo up
		exec chroot "$1" sleep infinity' sh "$ROOT" &
	HOLDER=$!
	# shellcheck disable=SC2034
	until INSIDE=$(pgrep -P "$HOLDER" -x sleep); do sleep 0.05; done
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
make_package

step "a Debian with nothing on it"
make_root iproute2,logrotate,procps
printf '#!/bin/sh\nexit 101\n' >"$ROOT/usr/sbin/policy-rc.d"
chmod 755 "$ROOT/usr/sbin/policy-rc.d"

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
make_next
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

step "a certificate by ACME: asked for, served, left alone, renewed"
start_authority
stop
start
expect "without one, who trusts the authority gets" 000 "$(trusted)"
quietly inside mainline-certificate
said "certificate for $ACME_HOST from https://localhost:14000/dir"
expect "who trusts the authority gets" 200 "$(trusted)"
quietly inside mainline-certificate --check
first=$(mark)
quietly inside mainline-certificate
expect "what it says while there is nothing to do" "" "$(cat "$WORK/log")"
expect certificate "$first" "$(mark)"
quietly inside mainline-certificate --force
said "nginx serves it"
[ "$(mark)" != "$first" ]
[ ! -e "$ROOT/var/cache/mainline-web/nginx/leaving" ]
stop
start
expect "after a start, who trusts the authority gets" 200 "$(trusted)"

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
