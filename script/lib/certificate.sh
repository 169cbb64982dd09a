# shellcheck shell=bash
# certificate: a self-signed one for the start, and what is wrong with any other.
# Uses common.sh.
#
# A folder of a certificate holds cert.pem (the whole chain) and key.pem.  Beside
# them lies whose they are:
#
#  names   we made the certificate; what it is good for
#  acme    acme.sh got it; the address of the authority's directory
#  neither the owner's, and never touched

# certificate_see_to FOLDER HOST: leave in FOLDER a certificate that nginx can
# serve: one that is there is checked, else one is made.
certificate_see_to() {
	local fault

	if [ ! -e "$1/cert.pem" ] && [ ! -e "$1/key.pem" ] || [ -e "$1/names" ]; then
		[ -w "$1" ] || [ ! -e "$1" ] || die "$1 holds no cert.pem and key.pem, and user" \
			"$(id -u) may not make them there"
		certificate_make "$1" "$2"
		return 0
	fi
	fault=$(certificate_fault "$1") || die "the certificate cannot be used: $fault"
	fault=$(certificate_complaint "$1" "$2") || say "the certificate is served, but: $fault"
}

# certificate_fault FOLDER: print why nginx could not serve what lies there, and
# fail; or succeed.
certificate_fault() {
	local file key

	for file in cert.pem key.pem; do
		[ -e "$1/$file" ] || {
			printf '%s\n' "there is no $1/$file"
			return 1
		}
		[ -r "$1/$file" ] || {
			printf '%s\n' "$1/$file cannot be read by user $(id -u), group $(id -g);" \
				"it belongs to $(stat -c '%u:%g, mode %a' "$1/$file")" | paste -sd ' '
			return 1
		}
	done
	openssl x509 -in "$1/cert.pem" -noout 2>/dev/null || {
		printf '%s\n' "$1/cert.pem is no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
		return 1
	}
	# With a password of nobody's: one that is asked for would be waited for.
	key=$(openssl pkey -in "$1/key.pem" -pubout -passin pass: 2>/dev/null) || {
		printf '%s\n' "$1/key.pem is no private key in PEM form, or one with a password"
		return 1
	}
	[ "$key" = "$(openssl x509 -in "$1/cert.pem" -noout -pubkey)" ] || {
		printf '%s\n' "$1/key.pem is not the key of $1/cert.pem, whose first" \
			"certificate must be the server's own" | paste -sd ' '
		return 1
	}
}

# certificate_complaint FOLDER HOST: print why Twilio or a browser would not
# trust what nginx can serve, and fail; or succeed.
certificate_complaint() {
	local ends host=${2#[}

	host=${host%]}
	ends=$(openssl x509 -in "$1/cert.pem" -noout -enddate)
	if ! openssl x509 -in "$1/cert.pem" -noout -checkend 0 >/dev/null; then
		printf '%s\n' "it has expired (${ends#*=}); Twilio does not call a host whose certificate has"
	elif [ "$(certificate_time "$1/cert.pem" startdate)" -gt "$(date +%s)" ]; then
		printf '%s\n' "it is not valid yet; is this machine's clock right?"
	elif ! certificate_names "$1/cert.pem" "$host"; then
		printf '%s\n' "it is not for $host, the host of MAINLINE_PUBLIC_URL, but for" \
			"$(openssl x509 -in "$1/cert.pem" -noout -ext subjectAltName 2>/dev/null |
				sed -n '2s/^ *//p')" | paste -sd ' '
	elif ! certificate_is_self_signed "$1/cert.pem" &&
	    [ "$(grep -c -e '-----BEGIN CERTIFICATE-----' "$1/cert.pem")" = 1 ]; then
		printf '%s\n' "$1/cert.pem holds no intermediate certificate: Twilio, which needs" \
			"the whole chain, may not trust it" | paste -sd ' '
	else
		return 0
	fi
	return 1
}

# certificate_names FILE HOST: is it for that name or address?
certificate_names() {
	local kind=-checkhost

	[[ $2 != *:* && $2 = *[!0-9.]* ]] || kind=-checkip
	openssl x509 -in "$1" -noout "$kind" "$2" | grep -q 'does match'
}

certificate_is_self_signed() {
	[ "$(openssl x509 -in "$1" -noout -issuer | cut -d= -f2-)" = \
		"$(openssl x509 -in "$1" -noout -subject | cut -d= -f2-)" ]
}

# certificate_time FILE startdate|enddate: seconds since 1970.
certificate_time() {
	local said

	said=$(openssl x509 -in "$1" -noout "-$2")
	date -d "${said#*=}" +%s
}

# certificate_mark FILE: one word for this certificate and no other.
certificate_mark() {
	openssl x509 -in "$1" -noout -fingerprint -sha256 2>/dev/null
}

# certificate_served PORT HOST: the mark of the one that this machine serves.
certificate_served() {
	openssl s_client -connect "127.0.0.1:$1" -servername "$2" </dev/null 2>/dev/null |
		openssl x509 -noout -fingerprint -sha256 2>/dev/null
}

# certificate_make FOLDER HOST: leave FOLDER/cert.pem and FOLDER/key.pem, good
# for localhost and for HOST.  Kept while it names HOST and lasts another week.
certificate_make() {
	local names="DNS:localhost,IP:127.0.0.1,IP:::1" host=$2

	case $host in
	localhost | 127.0.0.1 | '[::1]') ;;
	\[*\]) host=${host#[} names=$names,IP:${host%]} ;;
	*[!0-9.]*) names=$names,DNS:$host ;;
	*) names=$names,IP:$host ;;
	esac
	if [ -s "$1/key.pem" ] && [ "$(cat "$1/names" 2>/dev/null)" = "$names" ] &&
	    openssl x509 -in "$1/cert.pem" -noout -checkend 604800 \
		>/dev/null 2>&1; then
		return 0
	fi
	say "certificate for ${names//,/, }"
	mkdir -p "$1" && chmod 700 "$1"
	# CA:FALSE: who trusts this file trusts these names, and no more.
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 365 -keyout "$1/key.new" -out "$1/cert.new" -config - \
		2>"$1/openssl.log" <<-END || die "openssl: $(tail -n 1 "$1/openssl.log")"
		[req]
		distinguished_name = name
		x509_extensions = ext
		prompt = no
		[name]
		CN = localhost
		[ext]
		subjectAltName = $names
		basicConstraints = critical,CA:FALSE
		keyUsage = critical,digitalSignature
		extendedKeyUsage = serverAuth
	END
	chmod 600 "$1/key.new"
	rm -f "$1/names" "$1/openssl.log"
	mv -f "$1/key.new" "$1/key.pem"
	mv -f "$1/cert.new" "$1/cert.pem"
	printf '%s\n' "$names" >"$1/names"
}
