# shellcheck shell=bash
# certificate: a self-signed one for the local stack.  Uses common.sh.

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
