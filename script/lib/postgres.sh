# shellcheck shell=bash
# shellcheck disable=SC2034 # PG_PID is for the scripts that read this file
# postgres: a private PostgreSQL, reachable through a socket in a closed folder
# and no other way.  Uses common.sh; SERVICE_USER is who runs it.
#
# A cluster is a folder: FOLDER/data, made at the first start, and FOLDER/lock.

# pg_bin FOLDER: print where the programs are: those of the major version that
# made the cluster, which no other can open; for a new one the newest.
pg_bin() {
	local version='' initdb

	[ ! -s "$1/data/PG_VERSION" ] || version=$(cat "$1/data/PG_VERSION")
	for initdb in /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb \
	    "$(readlink -f "$(command -v initdb)")"; do
		[ -x "$initdb" ] || continue
		case $("$initdb" --version) in
		*") ${version:-}"*) printf '%s\n' "${initdb%/initdb}" ;;
		esac
	done | sort -V | tail -n 1 | grep .
}

# pg_is_running FOLDER: does a server live there?  A zombie is none, though
# pg_ctl takes it for one.
pg_is_running() {
	local pid bin

	{ read -r pid <"$1/data/postmaster.pid"; } 2>/dev/null &&
		proc_birth "$pid" >/dev/null && bin=$(pg_bin "$1") &&
		as_service "$bin/pg_ctl" -s -D "$1/data" status >/dev/null 2>&1
}

# pg_bury FOLDER: forget a server that is dead but not yet buried by its parent,
# which no parent may ever do (process 1 of many containers does not); the next
# would take it for alive.  Not while one of its own still works in the cluster.
pg_bury() {
	local pid link

	{ read -r pid <"$1/data/postmaster.pid"; } 2>/dev/null || return 0
	if [ ! -e "/proc/$pid" ] || proc_birth "$pid" >/dev/null; then
		return 0
	fi
	for link in /proc/[0-9]*/cwd; do
		[ "$(readlink "$link")" != "$1/data" ] || return 0
	done
	rm -f "$1/data/postmaster.pid"
}

# pg_make FOLDER BIN: a new cluster.  A half-made one never gets the real name.
pg_make() {
	local out

	rm -rf "$1/data.new"
	# The socket's folder is the lock on the door, hence "trust" behind it; where
	# others may enter that folder, PG_AUTH names another method.
	# initdb need not sync each file: all is synced at once before the rename.
	if ! out=$(as_service "$2/initdb" -D "$1/data.new" -U postgres -A "${PG_AUTH:-trust}" \
	    -E UTF8 --locale=C.UTF-8 -k -N --no-instructions 2>&1); then
		say "initdb failed: $(tail -n 2 <<<"$out")"
		return 1
	fi
	# Terse: the details of an error may hold what a caller sent.
	printf '%s\n' "listen_addresses = ''" 'unix_socket_permissions = 0700' \
		'log_error_verbosity = terse' "include_if_exists = 'place.conf'" |
		as_service tee -a "$1/data.new/postgresql.conf" >/dev/null
	sync -f "$1/data.new" 2>/dev/null || sync
	mv "$1/data.new" "$1/data"
}

# pg_start FOLDER SOCKETS LOG: start it, or find it running.  Two starts at once:
# one waits for the other.  PG_PID is the server's process, from its beginning: a
# child of this shell in a session of its own, if it was started here.
pg_start() {
	local bin

	if ! bin=$(pg_bin "$1"); then
		say "PostgreSQL $(cat "$1/data/PG_VERSION" 2>/dev/null) is missing:" \
			"run script/bootstrap. A cluster of an older version ($1) needs" \
			"its postgresql-N package, or to be moved away"
		return 1
	fi
	[ -d "$1" ] || make_private "$1" service
	exec 8>"$1/lock"
	flock 8
	if [ ! -s "$1/data/PG_VERSION" ]; then
		pg_make "$1" "$bin" || return 1
	fi
	# In a file, so that `pg_ctl restart` finds the sockets' folder too.
	printf "unix_socket_directories = '%s'\n" "${2//\'/\'\'}" |
		as_service tee "$1/data/place.conf" >/dev/null
	pg_launch "$1" "$2" "$3" "$bin" || return 1
	read -r PG_PID <"$1/data/postmaster.pid"
	pg_database "$bin" "$2" || return 1
	exec 8>&-
}

# After a kill -9 the old server's last children may hold on for a moment, so
# one that ends at once is tried again.  Recovery may take as long as it takes.
pg_launch() {
	local tries=0

	PG_PID=''

	until as_service "$4/pg_isready" -q -h "$2" -p 5432; do
		if ! { [ -n "$PG_PID" ] && proc_birth "$PG_PID" >/dev/null; } &&
		    ! pg_is_running "$1"; then
			tries=$((tries + 1))
			if [ "$tries" -gt 15 ]; then
				say "PostgreSQL does not start: $(tail -n 3 "$3")"
				return 1
			fi
			[ -z "$PG_PID" ] || sleep 0.3
			pg_bury "$1"
			pg_serve "$1" "$4" "$3"
			PG_PID=$!
		fi
		sleep 0.05
	done
}

pg_serve() {
	local as=()

	[ -z "${SERVICE_USER:-}" ] || as=(setpriv --reuid "$SERVICE_USER"
		--regid "$SERVICE_GROUP" --clear-groups --no-new-privs)
	(cd / && exec setsid "${as[@]}" "$2/postgres" -D "$1/data" -p 5432) \
		</dev/null >>"$3" 2>&1 8>&- 9>&- &
}

# The program's own role may make databases (tests do) and rule nothing else.
pg_database() {
	local psql=(as_service "$1/psql" -XqAt -v ON_ERROR_STOP=1 -h "$2" -p 5432
		-U postgres -d postgres)

	if [ -z "$("${psql[@]}" -c "select 1 from pg_roles where rolname = 'mainline'")" ]; then
		"${psql[@]}" -c 'create role mainline login createdb'
	fi
	if [ -z "$("${psql[@]}" -c "select 1 from pg_database where datname = 'mainline'")" ]; then
		"${psql[@]}" -c 'create database mainline owner mainline'
	fi
}

# pg_stop FOLDER: finish what runs, break off who is idle, write all out.
pg_stop() {
	local bin

	pg_is_running "$1" || return 0
	bin=$(pg_bin "$1")
	as_service "$bin/pg_ctl" -s -D "$1/data" -m fast -w -t 30 stop ||
		as_service "$bin/pg_ctl" -s -D "$1/data" -m immediate -w -t 10 stop
}

# pg_url SOCKETS: print the connection string, for libpq and for others: a URL
# without spaces, ampersands or quotes.
pg_url() {
	local i c out=''

	for ((i = 0; i < ${#1}; i++)); do
		c=${1:i:1}
		case $c in
		[A-Za-z0-9._~-]) ;;
		*) c=$(printf %s "$c" | od -An -v -tx1 | tr -d '\n' | tr ' a-f' '%A-F') ;;
		esac
		out+=$c
	done
	printf 'postgresql://mainline@%s/mainline\n' "$out"
}
