# shellcheck shell=bash
# root: a clean Debian in a folder, with network and processes that nobody else
# has, for a test of the package.  Who sources it says what it is called in NAME,
# and sets HOLDER and INSIDE: the process that ends it all, and its process 1.
#
# Without the rights or the tools for that the test does not run and says so: exit
# status 77.

not_run() {
	echo "$NAME: NOT RUN: $*"
	exit 77
}

[ "$(id -u)" = 0 ] || not_run "only root can make a clean system"
for tool in mmdebstrap unshare nsenter pgrep pebble pebble-challtestsrv; do
	command -v "$tool" >/dev/null || not_run "there is no $tool here"
done
# shellcheck source=/dev/null
SUITE=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
unshare --net --pid --fork --mount true 2>/dev/null || not_run "no namespaces can be made here"

WORK=$(mktemp -d) ROOT=$(mktemp -d /var/tmp/mainline-deb.XXXXXX) HOLDER=''
chmod 755 "$ROOT"

# What is left of it once HOLDER is gone; a test may have something to add.
after_holder() { :; }

on_exit() {
	local status=$?

	[ -z "${AUTHORITY:-}" ] || kill "${AUTHORITY[@]}" 2>/dev/null || :
	[ "$status" = 0 ] || {
		echo "$NAME: FAILED after $SECONDS s: ${STEP:-}"
		tail -n 20 "$WORK/log" "$ROOT/root/start.log" "$ROOT/var/log/mainline/nginx-error.log" 2>/dev/null || :
	}
	if [ -n "$HOLDER" ]; then
		kill -KILL "$HOLDER" 2>/dev/null || :
		wait "$HOLDER" 2>/dev/null || :
	fi
	after_holder
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

# make_package: of this checkout, as DEB.
make_package() {
	quietly script/package
	quietly script/bootstrap --call
	DEB=$(echo build/mainline_*.deb)
}

# make_root PACKAGE,...: the clean Debian, with those, our package in /root.
make_root() {
	quietly mmdebstrap --quiet --variant=minbase --include="ca-certificates,$1" "$SUITE" "$ROOT"
	cp -L /etc/resolv.conf "$ROOT/etc/resolv.conf"
	mkdir -p "$ROOT/dev/shm"
	printf '127.0.0.1 localhost\n' >"$ROOT/etc/hosts"
	cp "$DEB" "$ROOT/root/"
}

# make_next: our package again, as version 99.0, in /root.
make_next() {
	quietly sh -c 'cd build/package && cpack -G DEB -D CPACK_PACKAGE_VERSION=99.0 -D CPACK_DEBIAN_PACKAGE_VERSION=99.0'
	mv build/package/mainline_99.0_*.deb "$ROOT/root/"
}

# An authority, pebble, in the root's network, where every name is the root itself;
# and the settings by which mainline-certificate asks it for one for ACME_HOST.
ACME_HOST=phone.mainline.example
start_authority() {
	local door doors=()

	certificate_make "$WORK/pebble" localhost 2>/dev/null
	cp "$WORK/pebble/cert.pem" "$ROOT/etc/mainline/authority.pem"
	printf '%s\n' '{"pebble":{"listenAddress":"127.0.0.1:14000","httpPort":80,"tlsPort":443,' \
		"\"certificate\":\"$WORK/pebble/cert.pem\",\"privateKey\":\"$WORK/pebble/key.pem\"," \
		'"managementListenAddress":"127.0.0.1:15000"}}' >"$WORK/pebble/config.json"
	# Debian 13's listens at one door more, whose option Debian 12's does not know.
	for door in -http01 -https01 -tlsalpn01 -doh; do
		! pebble-challtestsrv -h 2>&1 | grep -q -- "$door " || doors+=("$door" '')
	done
	in_its_network pebble-challtestsrv -defaultIPv4 127.0.0.1 -defaultIPv6 '' \
		-dns01 127.0.0.1:8053 -management 127.0.0.1:8055 "${doors[@]}" >/dev/null 2>&1 &
	AUTHORITY=($!)
	in_its_network env PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 pebble \
		-config "$WORK/pebble/config.json" -dnsserver 127.0.0.1:8053 >/dev/null 2>&1 &
	AUTHORITY+=($!)
	until in_its_network curl -q -s -S --noproxy '*' --cacert "$WORK/pebble/cert.pem" \
		https://localhost:15000/roots/0 >"$WORK/pebble/root.pem" 2>/dev/null; do sleep 0.1; done
	printf '%s\n' 'MAINLINE_ACME_DIRECTORY=https://localhost:14000/dir' \
		'MAINLINE_ACME_CA_FILE=/etc/mainline/authority.pem' >"$ROOT/etc/mainline/certificate.env"
	sed -i "s,^MAINLINE_PUBLIC_URL = .*,MAINLINE_PUBLIC_URL = https://$ACME_HOST," \
		"$ROOT/etc/mainline/mainline.conf"
}

# trusted: what who trusts that authority is answered there; 000 if it is not trusted.
trusted() {
	in_its_network curl -q -s -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 5 \
		--cacert "$WORK/pebble/root.pem" --resolve "$ACME_HOST:443:127.0.0.1" \
		"https://$ACME_HOST/readyz" || :
}

# The mark of the certificate that nginx has been told to serve.
mark() { certificate_mark "$ROOT/etc/mainline/tls/cert.pem"; }
