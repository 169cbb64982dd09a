#!/usr/bin/env bash
# server.sh start|stop|restart|pause|resume FOLDER: a private PostgreSQL for
# tests.  FOLDER/path names where it lives: a folder in the temporary files, since
# the name of a socket may have 107 bytes only.  Run by root it becomes the user
# postgres, which is who may run a server.
set -euo pipefail

bin=$(for each in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
	[ ! -x "$each/initdb" ] || printf '%s\n' "$each"
done | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(readlink -f "$(command -v initdb)")")

as_owner() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && exec setpriv --reuid postgres --regid postgres \
			--clear-groups --no-new-privs "$@")
	else
		(cd / && exec "$@")
	fi
}

where() { cat "$1/path"; }

start() {
	local at

	mkdir -p "$1"
	[ ! -s "$1/path" ] || stop "$1"
	at=$(mktemp -d "${TMPDIR:-/tmp}/mainline-pg-XXXXXX")
	[ "$(id -u)" != 0 ] || chown postgres: "$at"
	printf '%s\n' "$at" >"$1/path"
	as_owner "$bin/initdb" -D "$at/data" -U postgres -A trust -E UTF8 \
		--locale=C.UTF-8 -N --no-instructions >/dev/null
	printf '%s\n' "listen_addresses = ''" \
		"unix_socket_directories = '$at'" \
		"max_connections = 60" |
		as_owner tee -a "$at/data/postgresql.conf" >/dev/null
	up "$at"
	as_owner "$bin/psql" -XqAt -h "$at" -U postgres -d postgres \
		-c 'CREATE ROLE mainline LOGIN CREATEDB'
}

up() { as_owner "$bin/pg_ctl" -s -w -D "$1/data" -l "$1/log" start >/dev/null; }
down() { as_owner "$bin/pg_ctl" -s -w -D "$1/data" -m immediate stop; }

stop() {
	local at

	at=$(where "$1")
	case $at in */mainline-pg-??????) ;; *) exit 1 ;; esac
	[ ! -s "$at/data/postmaster.pid" ] || down "$at" || :
	rm -rf "$at" "$1/path"
}

case $1 in
start | stop) "$1" "$2" ;;
pause) down "$(where "$2")" ;;
resume) up "$(where "$2")" ;;
restart)
	down "$(where "$2")"
	up "$(where "$2")"
	;;
*) exit 2 ;;
esac
