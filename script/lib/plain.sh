# shellcheck shell=bash
# plain: nginx's configuration for a place whose router ends TLS before us and
# passes plain HTTP on (Heroku, Fly.io).  Uses nginx.sh.
#
# Nobody but the router may reach the port: what it says of the client is
# believed, for limits by address and to send who came by http to https.  The
# signature of a webhook needs none of it: it is over MAINLINE_PUBLIC_URL.

# A port that nobody has: what listens there is taken out again.
PLAIN_NO_PORT=2

# plain_render TEMPLATE PUBLIC_URL PORT: print the configuration for PORT, as
# nginx_render does.  NGINX_PROXY_FROM is who the router may be, as nginx's
# set_real_ip_from has it: several with blanks, anybody when empty.
plain_render() {
	# shellcheck disable=SC2034 # nginx_render's
	local NGINX_LISTEN=all

	nginx_render "$1" "$2" "$3" "$PLAIN_NO_PORT" |
		awk -v port="$3" -v none="$PLAIN_NO_PORT" -v run="$RUN" -v url="$2" \
			-v from="${NGINX_PROXY_FROM:-0.0.0.0/0 ::/0}" '
		/^ *ssl_/ || /^ *http2 on;/ { next }
		/^ *#/ { print; next }
		# The door that leads from http to https is of no use here.
		/^ *listen / && $0 ~ (":" none "[ ;]") {
			if ($0 ~ /\[/) next
			last = $0 ~ /default_server/ ? " default_server;" : ";"
			print "        listen unix:" run "/closed.sock" last
			next
		}
		/^ *listen / { sub(/ ssl/, ""); sub(/ http2/, "") }
		{ print }
		/^ *server_tokens off;/ { proxy() }
		/^ *listen / && $0 ~ (":" port ";") && !told { refuse(); told = 1 }
		function proxy(  list, n, i) {
			n = split(from, list, " ")
			for (i = 1; i <= n; i++) print "    set_real_ip_from " list[i] ";"
			print "    real_ip_header X-Forwarded-For;"
			print "    map \"$http_x_forwarded_proto:$uri\" $plain {"
			print "        \"~^http:/twilio/\" webhook;"
			print "        \"~^http:\" page;"
			print "        default \"\";"
			print "    }"
		}
		function refuse() {
			print "        if ($plain = webhook) { return 403; }"
			print "        if ($plain = page) { return 301 " url "$request_uri; }"
		}'
}
