# shellcheck shell=bash
# shellcheck disable=SC2034 # the names are script/server's
# stack: the settings of script/server, and the processes of a stack.  Uses the
# names of places.sh and nginx.sh.

# The settings of mainline that have a default here.  Others go to it as they
# are: it knows its keys, and refuses those that it does not know.
# What `mainline config` prints of them all is in DATA/server/settings.
STACK_KEYS="DATABASE_URL TWILIO_ACCOUNT_SID TWILIO_AUTH_TOKEN TWILIO_API_URL
	MAINLINE_PUBLIC_URL MAINLINE_DATA MAINLINE_RUN MAINLINE_LINE
	MAINLINE_FORWARD_TO MAINLINE_HTTPS_PORT MAINLINE_HTTP_PORT
	MAINLINE_USER MAINLINE_SOCKET_GROUP"

# settings_check: defaults that need no folder, and what cannot work said early.
settings_check() {
	local name file

	[ -z "${TWILIO_ACCOUNT_SID:-}" ] || [ -n "${TWILIO_AUTH_TOKEN:-}${TWILIO_AUTH_TOKEN_FILE:-}" ] ||
		die "TWILIO_ACCOUNT_SID is set and TWILIO_AUTH_TOKEN is not: every call of that" \
			"account would be refused; set both, or none for a simulated Twilio"
	# No keys of mainline, which would refuse them: one stands in stack.env, the
	# others are nginx's and script/certificate's.
	unset MAINLINE_TLS_CA "${!MAINLINE_ACME_@}"
	export -n MAINLINE_TLS
	if [ -n "${MAINLINE_TLS:-}" ]; then
		MAINLINE_TLS=$(cd "$MAINLINE_TLS" 2>/dev/null && pwd -P) ||
			die "MAINLINE_TLS: there is no folder $MAINLINE_TLS"
	fi
	[ -z "${MAINLINE_CONFIG:-}" ] || die "takes its settings from the environment;" \
		"MAINLINE_CONFIG is for mainline serve"
	settings_plain
	for name in DATABASE_URL TWILIO_AUTH_TOKEN; do
		file=${name}_FILE
		[ -n "${!file:-}" ] || continue
		[ -r "${!file}" ] || die "$file: cannot read ${!file}"
		printf -v "$name" %s "$(head -n 1 "${!file}")"
	done
	: "${MAINLINE_HTTPS_PORT:=8443}" "${MAINLINE_HTTP_PORT:=8080}"
	: "${MAINLINE_PUBLIC_URL:=https://localhost:$MAINLINE_HTTPS_PORT}"
	: "${MAINLINE_LINE:=+15550100001}" "${MAINLINE_FORWARD_TO:=+15550100777}"
	for name in MAINLINE_HTTPS_PORT MAINLINE_HTTP_PORT; do
		[[ ${!name} =~ ^[1-9][0-9]{0,4}$ && ${!name} -le 65535 ]] ||
			die "$name must be a port from 1 to 65535, not ${!name}"
		[ "$(id -u)" = 0 ] || [ "${!name}" -ge "$(first_open_port)" ] ||
			die "$name: only root may listen on port ${!name}; start as root," \
				"or take one from $(first_open_port) on"
	done
	[ "$MAINLINE_HTTPS_PORT" != "$MAINLINE_HTTP_PORT" ] ||
		die "MAINLINE_HTTPS_PORT and MAINLINE_HTTP_PORT must differ"
	url_host "$MAINLINE_PUBLIC_URL" >/dev/null || die \
		"MAINLINE_PUBLIC_URL must be https://HOST or https://HOST:PORT, no slash after it"
}

# settings_plain: each can be a line of stack.env, and means the same to who
# reads it in another folder.
settings_plain() {
	local name

	for name in "${!MAINLINE_@}" "${!TWILIO_@}" "${!DATABASE_URL@}"; do
		[[ ${!name} != *[$'\n\r']* ]] || die "$name must not hold a line break"
		case $name in
		*_FILE) [[ -z ${!name} || ${!name} = /* ]] || printf -v "$name" %s "$PWD/${!name}" ;;
		esac
	done
}

# settings_complete: the defaults that are kept in DATA.
settings_complete() {
	if [ -z "${TWILIO_AUTH_TOKEN:-}" ]; then
		[ -s "$DATA/twilio-auth-token" ] ||
			openssl rand -hex 16 | write_private "$DATA/twilio-auth-token"
		TWILIO_AUTH_TOKEN=$(cat "$DATA/twilio-auth-token")
	fi
	SIMULATED=''
	[ -n "${TWILIO_ACCOUNT_SID:-}${TWILIO_API_URL:-}" ] || SIMULATED=yes
	: "${TWILIO_ACCOUNT_SID:=AC00000000000000000000000000000001}"
	MAINLINE_DATA=$STATE MAINLINE_RUN=$RUN
	if [ -n "$SERVICE_USER" ]; then
		MAINLINE_USER=$SERVICE_USER
		: "${MAINLINE_SOCKET_GROUP:=$SERVICE_GROUP}"
	fi
	# Secrets go to mainline alone, by mainline_environment.
	export -n DATABASE_URL TWILIO_AUTH_TOKEN
}

# mainline_environment: in a subshell, what mainline is to find.
mainline_environment() {
	local name

	for name in $STACK_KEYS; do
		[ -z "${!name:-}" ] || export "${name?}"
	done
}

# stack_lock: one stack a data folder.  The kernel lets go of the lock when we
# are gone, however we went; 9 is closed in every child.
stack_lock() {
	local pid=''

	exec 9<>"$DATA/server/lock"
	if ! flock -n 9; then
		read -r pid <&9 || :
		die "a stack runs on $DATA already (process ${pid:-unknown})"
	fi
	printf '%s\n' $$ >"$DATA/server/lock"
}

# begun NAME PID LOG: remember a part, also for a start after a kill -9.
begun() {
	PARTS[$1]=$2 LOGS[$1]=$3 BORN[$1]=$SECONDS
	printf '%s %s %s\n' "$1" "$2" "$(proc_birth "$2")" >>"$DATA/server/processes"
}

# stack_sweep: end what a killed script left behind.  A number alone proves
# nothing: ours is the process that began when we noted, or a session whose
# leader is gone (its number is given to nobody while members live).
stack_sweep() {
	local name pid birth now

	if [ -s "$DATA/server/processes" ]; then
		while read -r name pid birth; do
			now=$(proc_birth "$pid") || now=gone
			if [ "$now" = "$birth" ] || {
				[ "$now" = gone ] && [ "${birth#*@}" = "$(boot_id)" ] &&
				session_lives "$pid"
			}; then
				say "$name (process $pid) was left running; stopping it"
				stop_session "$pid" TERM 5
			fi
		done < <(tac "$DATA/server/processes")
		rm -f "$DATA/server/processes"
	fi
	if [ -d "$STATE/pg/data" ] && pg_is_running "$STATE/pg"; then
		say "PostgreSQL was left running; stopping it"
		pg_stop "$STATE/pg"
	fi
}

# The first port that every user may listen on.
first_open_port() {
	cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024
}

ports_check() {
	local name

	for name in MAINLINE_HTTPS_PORT MAINLINE_HTTP_PORT; do
		! port_is_taken "${!name}" ||
			die "port ${!name} is in use; set $name to another"
	done
}

# A connection is two files to nginx; ten thousand slow clients need room.
raise_file_limit() {
	local most

	most=$(ulimit -Hn)
	if [ "$most" = unlimited ] || [ "$most" -gt 33000 ]; then most=33000; fi
	if [ "$(ulimit -n)" != unlimited ] && [ "$(ulimit -n)" -lt "$most" ]; then
		ulimit -Sn "$most"
	fi
}

# settings_names: print what a setting of mainline may be called, from its own
# list: the names, and those of the files that hold secrets.
settings_names() {
	sed -nE 's/^(; )?([A-Z][A-Z0-9_]*) (=|is not set).*/\2\n\2_FILE/p' \
		"$DATA/server/settings"
}

# stack_write: what other programs need to know of a running stack, every setting
# that it was given or has by default included.  They may give mainline the same
# MAINLINE_DATA, so it is STATE.
stack_write() {
	local name

	{
		for name in $(settings_names); do
			[ -z "${!name:-}" ] || printf '%s=%s\n' "$name" "${!name}"
		done
		printf '%s=%s\n' MAINLINE_TLS_CA "$TLS_TRUST" NGINX_TLS "$TLS_FOLDER" \
			NGINX_TEMP "$STATE/nginx" NGINX_CHALLENGES "$CHALLENGES" \
			SERVE_PID "${PARTS[mainline]}" JOBS_PID "${PARTS[jobs]:-}" NGINX_PID "${PARTS[nginx]}" \
			SIMULATOR_PID "${PARTS[twilio]:-}" PG_DATA "${PG_DATA:-}" NGINX_CONF "$DATA/server/nginx.conf"
	} | write_private "$DATA/stack.env"
}

# since TIME: seconds since an $EPOCHREALTIME, with a tenth.
since() {
	local us=$((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}))

	printf '%d.%d\n' $((us / 1000000)) $((us / 100000 % 10))
}
