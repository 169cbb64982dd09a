# shellcheck shell=bash
# acme: a certificate that the world trusts, got and renewed by dehydrated.  Uses
# common.sh and certificate.sh.  The names that it needs:
#
#  TLS_FOLDER  the folder of the certificate, see certificate.sh
#  ACME_HOME   what the client keeps: its account with the authority
#  CHALLENGES  the folder that nginx serves at /.well-known/acme-challenge/
#  MAINLINE_ACME_DIRECTORY  the authority (Let's Encrypt)
#  MAINLINE_ACME_EMAIL      whom it may write to (nobody)
#  MAINLINE_ACME_CA_FILE    an authority of one's own: who vouches for its HTTPS
#
# The key stays the same from one certificate to the next, the self-signed one
# that they all begin with included.  So a renewal replaces one file, and whenever
# nginx starts or reads again, certificate and key belong together.

ACME_LETSENCRYPT=https://acme-v02.api.letsencrypt.org/directory

# acme_check HOST: settings that cannot work, said before anything is asked for.
acme_check() {
	: "${MAINLINE_ACME_DIRECTORY:=$ACME_LETSENCRYPT}"
	case $1 in
	localhost | *.localhost | \[* | [!a-z0-9]* | *[!a-z0-9.-]* | *.*[0-9])
		die "no authority gives a certificate for $1; MAINLINE_PUBLIC_URL must name" \
			"a domain that leads here" ;;
	*.*) ;;
	*) die "no authority gives a certificate for $1, which is no whole domain" ;;
	esac
	[[ $MAINLINE_ACME_DIRECTORY =~ ^https://[][A-Za-z0-9._:/~-]+$ ]] ||
		die "MAINLINE_ACME_DIRECTORY must be the https:// address of an ACME directory"
	[[ ${MAINLINE_ACME_EMAIL:-a@b} =~ ^[A-Za-z0-9.!#%+=_-]+@[A-Za-z0-9.-]+$ ]] ||
		die "MAINLINE_ACME_EMAIL is no mail address: $MAINLINE_ACME_EMAIL"
	[ -z "${MAINLINE_ACME_CA_FILE:-}" ] || [ -r "$MAINLINE_ACME_CA_FILE" ] ||
		die "MAINLINE_ACME_CA_FILE: cannot read $MAINLINE_ACME_CA_FILE"
	if [ -e "$TLS_FOLDER/cert.pem" ] && [ ! -e "$TLS_FOLDER/names" ] &&
	    [ ! -e "$TLS_FOLDER/acme" ]; then
		die "the certificate in $TLS_FOLDER is one of your own, which is not touched; move" \
			"cert.pem and key.pem away to have one got in their place"
	fi
	command -v dehydrated >/dev/null || die "dehydrated is missing, the client that asks" \
		"for certificates: apt-get install dehydrated"
}

# acme_is_due HOST: is it time for a new one?  When a third of its life is left,
# however long that is: authorities are making it shorter.
acme_is_due() {
	local file=$TLS_FOLDER/cert.pem begin end

	[ -s "$file" ] && [ -s "$TLS_FOLDER/key.pem" ] || return 0
	[ "$(cat "$TLS_FOLDER/acme" 2>/dev/null)" = "$MAINLINE_ACME_DIRECTORY" ] || return 0
	certificate_names "$file" "$1" || return 0
	begin=$(certificate_time "$file" startdate)
	end=$(certificate_time "$file" enddate)
	[ "$(date +%s)" -ge "$((end - (end - begin) / 3))" ]
}

# acme_issue HOST [new-key]: get a certificate and put it in TLS_FOLDER.  Fails, with
# what the authority said, and leaves what there was.
acme_issue() {
	local new=$ACME_HOME/new began=$EPOCHREALTIME

	mkdir -p "$ACME_HOME" && chmod 700 "$ACME_HOME"
	rm -rf "$new"
	mkdir -m 700 "$new"
	acme_configure >"$ACME_HOME/config"
	acme_key "${2:-}" >"$new/key.pem"
	# The name of a subject is long gone out of use; the other kind is what counts.
	openssl req -new -key "$new/key.pem" -out "$new/request.pem" -subj / \
		-addext "subjectAltName=DNS:$1" 2>"$new/log" || {
		acme_failed "$new/log"
		return 1
	}
	acme_client "$new/log" --register --accept-terms >/dev/null || return 1
	acme_client "$new/log" --signcsr "$new/request.pem" >"$new/answer" || return 1
	# Between the certificates stand the client's own remarks.
	sed -n '/^-----BEGIN CERTIFICATE-----/,/^-----END CERTIFICATE-----/p' \
		"$new/answer" >"$new/cert.pem"
	acme_install "$new" || return 1
	rm -rf "$new"
	say "certificate for $1 from $MAINLINE_ACME_DIRECTORY, until" \
		"$(date -u -d "@$(certificate_time "$TLS_FOLDER/cert.pem" enddate)" +%Y-%m-%d)" \
		"($(((${EPOCHREALTIME/[.,]/} - ${began/[.,]/}) / 1000000)) s)"
}

# acme_install FOLDER: put what was got in the place of what there was.
acme_install() {
	local fault

	fault=$(certificate_fault "$1") || {
		say "what the authority sent cannot be used: $fault"
		return 1
	}
	mkdir -p "$TLS_FOLDER"
	cp "$1/cert.pem" "$TLS_FOLDER/cert.new"
	if ! cmp -s "$1/key.pem" "$TLS_FOLDER/key.pem"; then
		(umask 077 && cp "$1/key.pem" "$TLS_FOLDER/key.new")
		mv -f "$TLS_FOLDER/key.new" "$TLS_FOLDER/key.pem"
	fi
	mv -f "$TLS_FOLDER/cert.new" "$TLS_FOLDER/cert.pem"
	printf '%s\n' "$MAINLINE_ACME_DIRECTORY" >"$TLS_FOLDER/acme"
	rm -f "$TLS_FOLDER/names"
}

# acme_key [new-key]: print the key that the certificate is to be for.
acme_key() {
	if [ "${1:-}" != new-key ] && [ -s "$TLS_FOLDER/key.pem" ]; then
		cat "$TLS_FOLDER/key.pem"
	else
		openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null
	fi
}

# The client reads its settings as lines of shell; all were checked.
acme_configure() {
	printf '%s=%q\n' BASEDIR "$ACME_HOME" WELLKNOWN "$CHALLENGES" CHALLENGETYPE http-01 \
		CA "$MAINLINE_ACME_DIRECTORY" CONTACT_EMAIL "${MAINLINE_ACME_EMAIL:-}" \
		LOCKFILE "$ACME_HOME/lock"
	# curl takes one file of authorities, so ours stands beside the world's.
	if [ -n "${MAINLINE_ACME_CA_FILE:-}" ]; then
		cat /etc/ssl/certs/ca-certificates.crt "$MAINLINE_ACME_CA_FILE" \
			>"$ACME_HOME/authorities.pem" 2>/dev/null || :
		printf 'export CURL_CA_BUNDLE=%q\n' "$ACME_HOME/authorities.pem"
	fi
}

# acme_client LOG ARG...: run it.  One that was killed leaves its lock behind;
# acme_lock sees to it that there is never a second one.
acme_client() {
	local log=$1

	shift
	rm -f "$ACME_HOME/lock"
	dehydrated --config "$ACME_HOME/config" "$@" 2>"$log" </dev/null || {
		acme_failed "$log"
		return 1
	}
}

# acme_failed LOG: what came of it, in one line for people and the rest below.
acme_failed() {
	say "no certificate was got; what there is stays. The client said:"
	sed 's/^/  /' "$1" | tail -n 25 | cut -c1-300 >&2
}

# acme_lock: one at a time.  8 is closed in every child that outlives us.
acme_lock() {
	mkdir -p "$ACME_HOME" && chmod 700 "$ACME_HOME"
	exec 8>"$ACME_HOME/running"
	flock -n 8 || die "another one is at it already"
}
