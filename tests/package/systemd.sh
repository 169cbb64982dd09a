#!/usr/bin/env bash
# systemd: the package on a Debian that systemd runs: installed, called, restarted
# and upgraded while somebody calls, frozen, and removed, with the services as
# closed as their units say.
set -euo pipefail

TOP=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck disable=SC2034 # root.sh's
NAME=systemd INSIDE=''
for part in script/lib/common script/lib/certificate tests/package/root; do
	# shellcheck source=/dev/null
	. "$TOP/$part.sh"
done

CGROUPS=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)/mainline-test-$$
mkdir "$CGROUPS" 2>/dev/null || not_run "no cgroups can be made here"

# boot: systemd as process 1 of the root, in a network of its own.
boot() {
	# shellcheck disable=SC2016 # sh's words
	sh -c '
		echo $$ >"$2/cgroup.procs"
		exec unshare --mount --propagation private --pid --fork --kill-child --uts --ipc --net --cgroup sh -c "
			set -e
			cd \"\$1\"
			mount --bind . . && cd \"\$1\"
			mount -t proc proc proc
			mount -t sysfs sysfs sys
			mount -t cgroup2 cgroup2 sys/fs/cgroup
			mount -t tmpfs -o mode=755 tmpfs dev
			for d in null zero full random urandom tty; do touch dev/\$d; mount --bind /dev/\$d dev/\$d; done
			mkdir dev/pts dev/shm
			mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
			ln -s pts/ptmx dev/ptmx
			ln -s /proc/self/fd dev/fd
			mount -t tmpfs tmpfs dev/shm
			mount -t tmpfs -o mode=755 tmpfs run
			mount -t tmpfs tmpfs tmp
			chroot . ip link set lo up
			exec chroot . env -i container=other PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --log-target=journal
		" sh "$1"' sh "$ROOT" "$CGROUPS" >"$WORK/boot" 2>&1 &
	HOLDER=$!
	# shellcheck disable=SC2034
	until INSIDE=$(pgrep -P "$HOLDER" -x systemd); do
		proc_birth "$HOLDER" >/dev/null || not_run "systemd cannot be started here: $(tail -n 1 "$WORK/boot")"
		sleep 0.1
	done
	until inside systemctl is-system-running --wait 2>/dev/null | grep -qE 'running|degraded'; do
		sleep 0.5
	done
}

# What systemd has made there.
after_holder() {
	local left=50 # its processes take their time to be gone

	while [ -d "$CGROUPS" ] && [ "$left" -gt 0 ]; do
		find "$CGROUPS" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
		left=$((left - 1))
	done
}

# callers: POST to a voice route until told to stop; each line is a status.  A
# worker refuses it (403, it is not signed), nginx in its place answers 200.
callers() {
	while [ ! -e "$WORK/stop" ]; do
		in_its_network curl -q -s -k -o /dev/null -w '%{http_code}\n' --noproxy '*' --max-time 5 \
			-d CallSid=x "https://localhost/twilio/voice?line=%2B15550100001" || :
	done
}

# nobody_is_refused COMMAND...: while it goes on, each caller is answered by a worker.
nobody_is_refused() {
	rm -f "$WORK/stop"
	callers >"$WORK/answers" &
	sleep 0.5
	quietly "$@"
	sleep 1
	touch "$WORK/stop"
	wait $!
	[ -s "$WORK/answers" ]
	expect "other answers than a worker's" "" "$(grep -vx 403 "$WORK/answers" | sort | uniq -c)"
}

restart_often() {
	for _ in 1 2 3 4; do
		inside systemctl restart mainline
		sleep 0.3
	done
	inside systemctl reload mainline
	inside systemctl reload mainline-web
	sleep 0.5
	inside systemctl kill -s KILL --kill-who=main mainline
	sleep 1
}

step "a package for $SUITE"
make_package

step "a Debian with systemd"
make_root systemd,systemd-sysv,dbus,iproute2,procps
quietly outside apt-get update
quietly outside sh -c 'apt-get install -y --download-only /root/mainline_*.deb'
boot

step "apt install ./mainline_*.deb: it is ready"
quietly inside sh -c 'apt-get install -y /root/mainline_*.deb'
said "making the database mainline in PostgreSQL"
said "nginx.service serves nothing but its page of welcome"
until_ready
write_data
expect "failed units" "" "$(inside systemctl --failed --plain --no-legend)"

step "a call to a colleague, and a message"
quietly call --press 1
quietly call --press 2 --hang-up-after 4
expect "GET /api/calls" "1 answered, 1 voicemail" "$(outcomes)"
expect "what open pages ask" 200 "$(status_of /api/changes)"

step "restarts, reloads and a kill, while somebody calls"
nobody_is_refused restart_often
until_ready

step "a supervisor that is silent is replaced"
before=$(inside systemctl show -p NRestarts --value mainline)
# shellcheck disable=SC2016 # the root's words
inside sh -c 'kill -STOP "$(systemctl show -p MainPID --value mainline)"'
sleep 33
expect "starts after it" "$((before + 1))" "$(inside systemctl show -p NRestarts --value mainline)"
until_ready
quietly call --press 1

step "an upgrade, while somebody calls"
make_next
echo 'MAINLINE_WORKERS = 3' >>"$ROOT/etc/mainline/mainline.conf"
nobody_is_refused inside sh -c 'dpkg -i /root/mainline_99.0_*.deb'
until_ready
expect workers 3 "$(inside pgrep -cx ml-hook)"
expect "GET /api/calls" "2 answered, 1 voicemail" "$(outcomes)"

step "a certificate by ACME, by the unit that the timer starts, while somebody calls"
expect "the timer, of whom nobody wanted anything" disabled \
	"$(inside systemctl is-enabled mainline-certificate.timer || :)"
start_authority
quietly inside systemctl restart mainline mainline-web
until_ready
quietly inside systemctl enable --now mainline-certificate.timer
expect "without one, who trusts the authority gets" 000 "$(trusted)"
nobody_is_refused inside systemctl start mainline-certificate.service
expect "who trusts the authority gets" 200 "$(trusted)"
quietly inside mainline-certificate --check
quietly inside sh -c 'dpkg -i /root/mainline_99.0_*.deb'
quietly inside systemctl is-enabled mainline-certificate.timer
quietly inside systemctl is-active mainline-certificate.timer

step "removed and purged"
quietly inside dpkg --purge mainline
said 'the calls are kept'
expect "processes that are left" "" "$(inside pgrep -u mainline || :)"
expect "units that are left" "" "$(find "$ROOT/etc/systemd/system" -name 'mainline*')"

printf 'systemd: passed, after %d s\n' "$SECONDS"
