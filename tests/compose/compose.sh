#!/usr/bin/env bash
# compose: the containers, built and brought up for real: calls of all stories
# through the published port, kills, restarts, an upgrade, certificates, secrets,
# the demo, settings that cannot be used.
#
# A stack of its own, with names, ports and volumes that nobody else has, and
# gone at the end.  Without docker it does not run and says so: exit status 77,
# which ctest's SKIP_RETURN_CODE takes for "skipped", never for "passed".
# COMPOSE_STEPS=outages,demo,... runs these parts alone, beside the building.
set -euo pipefail

TOP=$(cd "$(dirname "$0")/../.." && pwd -P)
for part in common nginx certificate; do
	# shellcheck source=/dev/null
	. "$TOP/script/lib/$part.sh"
done
cd "$TOP"

not_run() {
	echo "compose: NOT RUN: $*"
	exit 77
}

# wanted STEP: is it among those that are to run?
wanted() {
	case ",${COMPOSE_STEPS:-$1}," in *",$1,"*) ;; *) return 1 ;; esac
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
unset MAINLINE_PUBLIC_CONNECT # empty, it would mean something
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
	[ -z "${AUTHORITY:-}" ] || docker rm -f "$AUTHORITY" >/dev/null 2>&1 || :
	COMPOSE_PROFILES=demo,acme docker compose down -v --rmi all >/dev/null 2>&1 || :
	docker image rm "$MAINLINE_IMAGES-pebble" >/dev/null 2>&1 || :
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

# served: the mark of the certificate that the published port shows for HOST.
served() { # HOST
	certificate_served "$MAINLINE_HTTPS_PORT" "$1" || :
}

until_served() { # HOST MARK SECONDS
	local until=$((SECONDS + $3))

	while [ "$(served "$1")" != "$2" ]; do
		[ "$SECONDS" -lt "$until" ] || {
			echo "another certificate is served still"
			return 1
		}
		sleep 0.5
	done
}

# node_test FILE: one of the tests beside this, against the containers.
node_test() {
	MAINLINE_COMPOSE_DATA=$WORK/data tests/node_modules/.bin/node --test \
		--test-reporter=spec "tests/compose/$1" >"$WORK/log" 2>&1 || {
		cat "$WORK/log"
		return 1
	}
	grep -E '^(✔|﹣|ℹ (first|[0-9]+ calls|answers|acknowledged|no bad))' "$WORK/log"
}

# limits: each container has its share of the machine, and no more.
limits() {
	local service id

	for service in db app jobs web; do
		id=$(docker compose ps -q "$service")
		read -r memory cpus pids < <(docker inspect -f \
			'{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}' "$id")
		if [ "$memory" -le 0 ] || [ "$cpus" -le 0 ] || [ "$pids" -le 0 ]; then
			echo "$service: memory $memory, cpus $cpus, pids $pids"
			return 1
		fi
	done
}

# own_certificate FOLDER HOST: one as an owner would bring it.
own_certificate() {
	mkdir -p "$1"
	certificate_make "$1" "$2" 2>/dev/null
	rm -f "$1/names"
	chmod 755 "$1"
	chmod 644 "$1/cert.pem" "$1/key.pem"
}

# authority: pebble, an authority for tests, in a container of Debian's package in the
# network of the stack, where the host's name is web's.
authority() {
	AUTHORITY=$COMPOSE_PROJECT_NAME-pebble
	mkdir -p "$WORK/pebble"
	own_certificate "$WORK/pebble" "$AUTHORITY"
	printf '%s\n' '{"pebble":{"listenAddress":"0.0.0.0:14000",' \
		'"managementListenAddress":"0.0.0.0:15000","certificate":"/pebble/cert.pem",' \
		"\"privateKey\":\"/pebble/key.pem\",\"httpPort\":$MAINLINE_HTTP_PORT,\"tlsPort\":5001}}" \
		>"$WORK/pebble/config.json"
	quietly docker build -t "$MAINLINE_IMAGES-pebble" - <<-'END'
		FROM debian:trixie-slim
		RUN apt-get update && apt-get install -y --no-install-recommends pebble
		ENTRYPOINT ["pebble", "-config", "/pebble/config.json"]
	END
	quietly docker run -d --name "$AUTHORITY" --network "${COMPOSE_PROJECT_NAME}_default" \
		-e PEBBLE_VA_NOSLEEP=1 -v "$WORK/pebble:/pebble:ro" "$MAINLINE_IMAGES-pebble"
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

step "the doctor comes to nginx, whose certificate nobody trusts yet"
refused docker compose exec -T app mainline doctor
grep -q certificate_self_signed "$WORK/log"

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

step "each has its share of the machine, and none a compiler"
limits
for service in db app web; do
	for tool in cc gcc c++ make npm node; do
		refused docker compose exec -T "$service" sh -c "command -v $tool"
	done
done
docker image ls --format '{{.Repository}} {{.Size}}' | sed -n "s/^$MAINLINE_IMAGES-/image /p" | sort

if wanted outages; then
	step "each story; each main process killed, the database restarted, down and up"
	node_test outages.test.js
fi

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
before=$(api '/api/calls?limit=200')
quietly docker compose down
quietly docker compose up --wait
expect "GET /api/calls" "$before" "$(api '/api/calls?limit=200')"
quietly call --press 2

if wanted secrets; then
	step "secrets are files, and one that cannot be read is said"
	# shellcheck disable=SC2030,SC2031
	(
		umask 022
		export TWILIO_ACCOUNT_SID=AC00000000000000000000000000000002
		export TWILIO_AUTH_TOKEN_FILE=$WORK/token
		printf '%032d\n' 7 >"$WORK/token"
		quietly docker compose run --rm --no-deps migrate config
		grep -q 'TWILIO_AUTH_TOKEN = ' "$WORK/log"
		chmod 600 "$WORK/token"
		refused docker compose run --rm --no-deps migrate config
		grep -q 'TWILIO_AUTH_TOKEN: its file cannot be read by user 10001' "$WORK/log"
	)
fi

if wanted own; then
	step "a certificate of one's own: checked at the start, and taken up when it is replaced"
	own_certificate "$WORK/tls" phone.mainline.example
	own_certificate "$WORK/other" phone.mainline.example
	cp "$WORK/tls/key.pem" "$WORK/key.pem"
	cp "$WORK/other/key.pem" "$WORK/tls/key.pem"
	export MAINLINE_TLS=$WORK/tls
	refused timeout 60 docker compose run --rm --no-deps web
	grep -q 'key.pem is not the key of ' "$WORK/log"
	chmod 600 "$WORK/tls/key.pem"
	refused timeout 60 docker compose run --rm --no-deps web
	grep -q 'key.pem cannot be read by user 33' "$WORK/log"
	cp --remove-destination "$WORK/key.pem" "$WORK/tls/key.pem"
	chmod 644 "$WORK/tls/key.pem"
	quietly docker compose up --wait --no-deps web
	until_served localhost "$(certificate_mark "$WORK/tls/cert.pem")" 5
	cp "$WORK/other/key.pem" "$WORK/other/cert.pem" "$WORK/tls"
	until_served localhost "$(certificate_mark "$WORK/other/cert.pem")" 20
	unset MAINLINE_TLS
	quietly docker compose up --wait --no-deps web
fi

if wanted demo; then
	step "the demo: a message by the keypad's page, kept and heard"
	export COMPOSE_PROFILES=demo
	quietly docker compose build
	quietly docker compose up --wait
	node_test demo.test.js
	MAINLINE_BIND=0.0.0.0 refused timeout 60 docker compose run --rm --no-deps demo
	grep -q 'the demo is for a try on your own machine' "$WORK/log"
	quietly docker compose rm -sf demo
	unset COMPOSE_PROFILES
	quietly docker compose up --wait
	refused api /keypad/
fi

if wanted acme; then
	step "a certificate by ACME: got, served, and renewed"
	export MAINLINE_PUBLIC_URL=https://phone.mainline.example
	export MAINLINE_ACME_CA_FILE=$WORK/pebble/cert.pem COMPOSE_PROFILES=acme
	export MAINLINE_ACME_DIRECTORY=https://$COMPOSE_PROJECT_NAME-pebble:14000/dir
	cat >"$WORK/alias.yml" <<-'END'
		services:
		  web:
		    networks: { default: { aliases: [phone.mainline.example] } }
	END
	export COMPOSE_FILE=docker-compose.yml:$WORK/alias.yml
	quietly docker compose build
	authority
	quietly docker compose up --wait
	docker compose logs --no-color acme | grep -o 'certificate for .*'
	first=$(docker compose exec -T web openssl x509 -noout -fingerprint -sha256 \
		-in /var/lib/mainline/tls/cert.pem)
	until_served phone.mainline.example "$first" 20
	quietly docker compose exec -T web sh -c 'test ! -e /var/lib/mainline/tls/names'
	# Asked for from another authority than it came from, it is renewed.
	export MAINLINE_ACME_DIRECTORY=https://$COMPOSE_PROJECT_NAME-pebble:14000/dir/../dir
	quietly docker compose up --wait --no-deps acme
	until=$((SECONDS + 60))
	while [ "$(served phone.mainline.example)" = "$first" ]; do
		[ "$SECONDS" -lt "$until" ] || {
			echo "it was not renewed"
			exit 1
		}
		sleep 0.5
	done
	expect "the key" 1 "$(docker compose exec -T web sh -c \
		'openssl x509 -in /var/lib/mainline/tls/cert.pem -noout -pubkey |
		openssl pkey -pubin -outform der | sha256sum; openssl pkey \
		-in /var/lib/mainline/tls/key.pem -pubout -outform der | sha256sum' | sort -u | wc -l)"
fi

printf 'compose: passed, after %d s\n' "$SECONDS"
