#!/usr/bin/env bash
# compose: the containers, built and brought up for real: calls through the
# published port, stops, kills, an upgrade, settings that cannot be used.
#
# A stack of its own, with names, ports and volumes that nobody else has, and
# gone at the end.  Without docker it does not run and says so: exit status 77,
# which ctest's SKIP_RETURN_CODE takes for "skipped", never for "passed".
set -euo pipefail

TOP=$(cd "$(dirname "$0")/../.." && pwd -P)
for part in common nginx; do
	# shellcheck source=/dev/null
	. "$TOP/script/lib/$part.sh"
done
cd "$TOP"

not_run() {
	echo "compose: NOT RUN: $*"
	exit 77
}

command -v docker >/dev/null || not_run "there is no docker here"
docker compose version >/dev/null 2>&1 || not_run "docker has no compose (docker-compose-v2)"
docker info >/dev/null 2>&1 || not_run "no docker daemon answers"

free_port() {
	local port

	while port=$((20000 + RANDOM % 12000)) && port_is_taken "$port"; do :; done
	printf '%s\n' "$port"
}

# Neither the settings of whoever runs this nor those of a .env here, but for the
# way to npm's registry.
ca=${MAINLINE_BUILD_CA:-${NODE_EXTRA_CA_CERTS:-}}
while read -r name; do
	export "$name="
done < <(sed -n 's/^#\([A-Z0-9_]*\)=.*/\1/p' .env.example)
export MAINLINE_BUILD_CA=$ca COMPOSE_ENV_FILES=/dev/null COMPOSE_FILE=docker-compose.yml
export COMPOSE_PROJECT_NAME=mainline-test-$$ MAINLINE_IMAGES=mainline-test-$$
MAINLINE_HTTPS_PORT=$(free_port) MAINLINE_HTTP_PORT=$(free_port)
export MAINLINE_HTTPS_PORT MAINLINE_HTTP_PORT
WORK=$(mktemp -d)
URL=https://localhost:$MAINLINE_HTTPS_PORT

on_exit() {
	local status=$?

	[ -z "${FEED:-}" ] || kill "$FEED" 2>/dev/null || :
	if [ "$status" != 0 ]; then
		echo "compose: FAILED after $SECONDS s: ${STEP:-}"
		docker compose ps -a || :
		docker compose logs --no-color --tail 15 || :
	fi
	docker compose down -v --rmi all >/dev/null 2>&1 || :
	rm -rf "$WORK"
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
	"$@" >"$WORK/log" 2>&1 || {
		tail -n 40 "$WORK/log"
		return 1
	}
}

expect() { # WHAT WANTED GOT
	[ "$2" = "$3" ] || {
		echo "$1: $3, not $2"
		return 1
	}
}

# refused COMMAND...: it must fail; what it said is in $WORK/log.
refused() {
	if "$@" >"$WORK/log" 2>&1; then
		echo "went through: $*"
		return 1
	fi
}

status_of() {
	curl -q -s -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 5 \
		--cacert "$WORK/data/tls/cert.pem" "$URL$1" || :
}

api() {
	curl -q -sS --fail --noproxy '*' --max-time 5 --cacert "$WORK/data/tls/cert.pem" \
		-H "Authorization: Bearer $(cat "$WORK/data/admin-token")" "$URL$1"
}

call() {
	MAINLINE_DATA=$WORK/data script/call --quiet "$@"
}

outcomes() {
	api /api/calls | grep -o '"outcome":"[a-z]*"' | cut -d'"' -f4 | sort | uniq -c |
		awk '{ printf "%s%s %s", sep, $1, $2; sep = ", " }'
}

until_ready() {
	local until=$((SECONDS + 30))

	while [ "$(status_of /readyz)" != 200 ]; do
		[ "$SECONDS" -lt "$until" ] || {
			echo "/readyz still answers $(status_of /readyz)"
			return 1
		}
		sleep 0.2
	done
}

# kill_main SERVICE: as the kernel would when memory is short.  `docker kill`
# would count as a wish of ours, after which nothing is restarted.
kill_main() {
	local pid

	pid=$(docker inspect -f '{{.State.Pid}}' "$(docker compose ps -q "$1")")
	docker run --rm --pid=host --user 0 --entrypoint kill "$MAINLINE_IMAGES-db" -9 "$pid"
}

# feed: POST to a voice route until told to stop; each line is a status.  A
# worker refuses it (403, it is not signed), nginx in its place answers 200.
feed() {
	while [ ! -e "$WORK/stop" ]; do
		curl -q -s -o /dev/null -w '%{http_code}\n' --noproxy '*' --max-time 5 \
			--cacert "$WORK/data/tls/cert.pem" -d CallSid=x \
			"$URL/twilio/voice?line=%2B15550100001" || :
	done
}

step "build and up, from nothing"
quietly docker compose build
quietly docker compose up --wait
quietly script/compose-env "$WORK/data"
expect /readyz 200 "$(status_of /readyz)"
expect "a stranger at /api/calls" 401 "$(status_of /api/calls)"

step "a call to a colleague, and a message, through the published port"
quietly call --press 1
quietly call --press 2 --hang-up-after 4
expect "GET /api/calls" "1 answered, 1 voicemail" "$(outcomes)"

step "up again: what runs goes on running"
before=$(docker compose ps -q db app web | sort)
quietly docker compose up --wait
expect containers "$before" "$(docker compose ps -q db app web | sort)"

step "nobody is root, and nothing can be written but the volumes"
for service in db app web; do
	expect "CapBnd of $service" 0000000000000000 \
		"$(docker compose exec -T "$service" sed -n 's/^CapBnd:\t//p' /proc/1/status)"
	refused docker compose exec -T "$service" touch /etc/x
	grep -q 'Read-only file system' "$WORK/log"
	[ "$(docker compose exec -T "$service" id -u)" != 0 ]
done

step "the program is nobody but itself to the database"
refused docker compose exec -T -e DATABASE_URL='host=/run/database user=postgres' \
	app mainline token list
grep -q 'Peer authentication failed' "$WORK/log"

step "kill -9: app, db and web come back"
for service in app db web; do
	kill_main "$service"
	sleep 0.3
	until_ready
done
quietly call --press 1
expect "GET /api/calls" "2 answered, 1 voicemail" "$(outcomes)"

step "settings that cannot be used are refused while the app still runs"
MAINLINE_LINE=12 refused docker compose run --rm migrate
grep -q 'MAINLINE_LINE: is not a number' "$WORK/log"
expect /readyz 200 "$(status_of /readyz)"

step "an upgrade: each caller meanwhile is answered"
feed >"$WORK/feed" &
FEED=$!
sleep 0.5
quietly docker compose up --wait --force-recreate --no-deps app
sleep 0.5
touch "$WORK/stop"
wait "$FEED"
FEED=''
[ -s "$WORK/feed" ] || {
	echo "nobody called during the upgrade"
	exit 1
}
expect "answers other than a worker's and nginx's" 0 "$(grep -cvE '^(200|403)$' "$WORK/feed" || :)"
printf 'of %d callers nginx answered %d\n' "$(wc -l <"$WORK/feed")" "$(grep -c 200 "$WORK/feed" || :)"

step "down and up: the calls, the token and the certificate are kept"
quietly docker compose down
quietly docker compose up --wait
expect "GET /api/calls" "2 answered, 1 voicemail" "$(outcomes)"
quietly call --press 2
expect "GET /api/calls" "2 answered, 2 voicemail" "$(outcomes)"

printf 'compose: passed, after %d s\n' "$SECONDS"
