# shellcheck shell=bash
# nginx: render its configuration.  Uses common.sh and places.sh's names.

# render TEMPLATE KEY=VALUE...: print TEMPLATE with each @KEY@ replaced.
render() {
	local text pair

	text=$(cat "$1")
	shift
	for pair; do
		text=${text//"@${pair%%=*}@"/"${pair#*=}"}
	done
	if [[ $text =~ @[A-Z0-9_]+@ ]]; then
		say "no value for ${BASH_REMATCH[0]}"
		return 1
	fi
	printf '%s\n' "$text"
}

# url_host URL: the host of an https origin, an IPv6 address with its brackets.
# Fails for anything but an origin: no path, no trailing slash.
url_host() {
	[[ $1 =~ ^https://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$ ]] ||
		return 1
	printf '%s\n' "${BASH_REMATCH[1],,}"
}

# is_local HOST: does the name mean this machine alone?
is_local() {
	case $1 in localhost | 127.0.0.1 | '[::1]') ;; *) return 1 ;; esac
}

# keypad_is_served: is there a page on which calls can be played?  Whoever reaches
# it may place them: only where Twilio is simulated, and for this machine alone.
keypad_is_served() {
	[ -n "${SIMULATED:-}" ] && is_local "$(url_host "$MAINLINE_PUBLIC_URL")"
}

# bucket_values: the values that a template needs of MAINLINE_S3_URL, in `BUCKET`.
# AUTHORITIES is the file of those whom a bucket's certificate may come from.
bucket_values() {
	local url=${MAINLINE_S3_URL:-} host port tls='' name

	BUCKET=(BUCKET='# no bucket: ' NO_BUCKET='' BUCKET_TLS='# no bucket: '
		BUCKET_ORIGIN='' BUCKET_HOST='' BUCKET_NAME='' AUTHORITIES=''
		RESOLVER='# no bucket, so no name is looked up')
	[ -n "$url" ] || return 0
	[[ $url =~ ^(https?)://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:([0-9]{1,5}))?/ ]] || {
		say "MAINLINE_S3_URL must be https://HOST/BUCKET"
		return 1
	}
	host=${BASH_REMATCH[2]} port=${BASH_REMATCH[3]} name=$host
	[ "${BASH_REMATCH[1]}" = https ] || tls='# no TLS: '
	# Signed is the name as it is given, a port that goes without saying left out.
	case ${BASH_REMATCH[1]}$port in https:443 | http:80) port='' ;; esac
	[ "${name,,}" != localhost ] || name=127.0.0.1
	BUCKET=(BUCKET='' NO_BUCKET='# there is one: ' BUCKET_TLS="$tls"
		BUCKET_ORIGIN="${BASH_REMATCH[1]}://$name${BASH_REMATCH[3]}"
		BUCKET_HOST="$host$port" BUCKET_NAME="$host"
		AUTHORITIES="${AUTHORITIES:-/etc/ssl/certs/ca-certificates.crt}"
		RESOLVER="$(resolver_line)")
}

# oauth2_values: the values that a template needs of MAINLINE_OAUTH2_PROXY, in
# `OAUTH2`.  It goes into the configuration as it is, so it is read strictly.
oauth2_values() {
	local url=${MAINLINE_OAUTH2_PROXY:-}

	OAUTH2=(OAUTH2='# no oauth2-proxy: ' OAUTH2_ORIGIN='')
	[ -n "$url" ] || return 0
	[[ $url =~ ^http://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$ ]] || {
		say "MAINLINE_OAUTH2_PROXY must be an origin like http://127.0.0.1:4180"
		return 1
	}
	OAUTH2=(OAUTH2='' OAUTH2_ORIGIN="$url")
}

# resolver_line: nginx looks names up by itself and again, since a bucket's
# addresses change; of whom libc asks.
resolver_line() {
	local word server servers='' v6=''

	while read -r word server _; do
		[ "$word" = nameserver ] || continue
		case $server in
		*%*) ;;
		*:*) servers+=" [$server]" ;;
		?*) servers+=" $server" ;;
		esac
	done < <(cat /etc/resolv.conf 2>/dev/null)
	has_ipv6 || v6=' ipv6=off'
	if [ -n "$servers" ]; then
		printf 'resolver%s valid=30s%s;\n' "$servers" "$v6"
	else
		printf '# /etc/resolv.conf names no server\n'
	fi
}

# nginx_render TEMPLATE PUBLIC_URL HTTPS_PORT HTTP_PORT: print the configuration
# for DATA, STATE, RUN and RECORDINGS; logs and certificate are in DATA/log and
# DATA/tls and what an authority asks for in STATE/challenges, unless LOG_FOLDER,
# TLS_FOLDER and CHALLENGES say otherwise.  Other machines are let in only when the
# public URL names more than this one, or with NGINX_LISTEN=all, where something
# else keeps the door (a container's published ports).  The rates may be changed
# for measurements.
nginx_render() {
	local host names='localhost 127.0.0.1 [::1]' addr4=127.0.0.1 addr6='[::1]'
	local user='# not started by root: the workers are who the master is' open
	local BUCKET OAUTH2 keypad='# no keypad: '
	local http2=' http2' http2_on='# HTTP/2 is asked for at each "listen"'

	host=$(url_host "$2")
	if ! is_local "$host"; then
		names="$host $names" addr4='*' addr6='[::]'
	fi
	if [ "${NGINX_LISTEN:-}" = all ]; then addr4='*' addr6='[::]'; fi
	if nginx_has_http2_directive; then
		http2='' http2_on='http2 on;'
	fi
	bucket_values || return 1
	oauth2_values || return 1
	if keypad_is_served; then keypad=''; fi
	[ -z "$SERVICE_USER" ] || user="user $SERVICE_USER $SERVICE_GROUP;"
	open=$(ulimit -n)
	if [ "$open" = unlimited ] || [ "$open" -gt 33000 ]; then open=33000; fi
	render "$1" USER="$user" RUN="$RUN" LOG="${LOG_FOLDER:-$DATA/log}" TEMP="$STATE/nginx" \
		WEB="$WEB" RECORDINGS="$RECORDINGS" \
		CHALLENGES="${CHALLENGES:-$STATE/challenges}" "${BUCKET[@]}" KEYPAD="$keypad" \
		"${OAUTH2[@]}" PUBLIC_AUTHORITY="${2#https://}" \
		CONNECTIONS="$((open / 2))" CERTIFICATE="${TLS_FOLDER:-$DATA/tls}/cert.pem" \
		KEY="${TLS_FOLDER:-$DATA/tls}/key.pem" HOOK_RATE="${NGINX_HOOK_RATE:-10000r/s}" \
		API_RATE="${NGINX_API_RATE:-2000r/s}" \
		SIGN_IN_RATE="${NGINX_SIGN_IN_RATE:-30r/m}" \
		SIGN_INS_RATE="${NGINX_SIGN_INS_RATE:-10r/s}" PUBLIC_HOST="$host" \
		PUBLIC_URL="$2" ADDR4="$addr4" ADDR6="$addr6" HTTPS_PORT="$3" \
		HTTP_PORT="$4" HTTP2="$http2" HTTP2_ON="$http2_on" IPV6="$(has_ipv6 || echo '# no IPv6: ')" \
		SERVER_NAMES="$names"
}

# How long who keeps a connection has for one more request over it, by whose
# answer it learns that there will be no other.
NGINX_LEAVE_S=2

# nginx_renew TEMP [COMMAND]: have the nginx whose temporary files lie in TEMP read
# its configuration and its certificate again, by COMMAND if there is one; no
# request is lost by it.  What it cannot use it takes no notice of, so who wants to
# know asks for what is served.  A shell of its own: whoever stops it must not leave
# an nginx behind that ends every connection.
nginx_renew() (
	status=0 leaving=$1/leaving

	trap 'rm -f "$leaving"' EXIT
	trap 'exit 1' INT TERM HUP
	: >"$leaving"
	sleep "$NGINX_LEAVE_S"
	if [ -n "${2:-}" ]; then
		sh -c "$2" || status=$?
	else
		kill -HUP "$(cat "$1/nginx.pid")" || status=$?
	fi
	# The new workers are there at once, and say the same for as long.
	sleep 0.5
	exit "$status"
)

# Since 1.25.1 HTTP/2 has a directive, and the word at "listen" earns a warning.
nginx_has_http2_directive() {
	local version

	version=$(nginx -v 2>&1)
	printf '%s\n' 1.25.1 "${version##*/}" | sort -CV
}

# The kernel may have been started without IPv6, as many containers are.
has_ipv6() {
	grep -qs '^00000000000000000000000000000001 ' /proc/net/if_inet6
}

# port_is_taken PORT: does anybody listen there, at any address?  Read from the
# kernel's tables, so that nobody is bothered with a connection.
port_is_taken() {
	local hex

	printf -v hex %04X "$1"
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
		awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { hit = 1 }
			END { exit !hit }'
}
