#!/usr/bin/env bash
# units: what the services may do is as little as is promised, by systemd's own
# count of exposure; and systemd understands the units.
#   units.sh FOLDER   of the units that CMake configured
set -euo pipefail
cd "$(dirname "$0")/../.."

command -v systemd-analyze >/dev/null || {
	echo "units: systemd-analyze is missing; script/bootstrap --test installs it" >&2
	exit 1
}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
found=0

say() {
	echo "units: $*"
	found=1
}

# at_most TENTHS UNIT [DROP-IN]
at_most() {
	local folder=$WORK/$2.d

	if [ -n "${3:-}" ]; then
		mkdir -p "$folder"
		cp "$3" "$folder/"
	fi
	systemd-analyze security --offline=true --threshold="$1" "$WORK/$2" >"$WORK/out" 2>&1 ||
		say "$2 ${3:-}: $(tail -n 1 "$WORK/out"), where at most $1 tenths are promised"
	rm -rf "$folder"
}

# As they are installed, but for paths that are not there before that.
cp "$1"/*.service systemd/*.socket systemd/*.target systemd/*.timer "$WORK/"
at_most 5 mainline.service
at_most 5 mainline-migrate.service
at_most 15 mainline-jobs.service
at_most 16 mainline-certificate.service
for unit in mainline mainline-migrate; do
	at_most 15 "$unit.service" systemd/examples/tcp.conf
done
for unit in mainline mainline-jobs; do
	at_most 15 "$unit.service" systemd/examples/credentials.conf
done

sed -i -E 's,^(Exec[A-Za-z]+=)[^ ]+,\1/bin/true,' "$WORK"/*.service
complaints=$(SYSTEMD_UNIT_PATH=$WORK: systemd-analyze verify --man=no \
	"$WORK"/mainline* 2>&1 | grep "$WORK\|^mainline" || :)
[ -z "$complaints" ] || say "$complaints"

[ "$found" = 0 ] && echo "units: as closed as is promised"
exit "$found"
