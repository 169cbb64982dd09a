#!/usr/bin/env bash
# man: the manual says what the program says.  Every command has a page; every
# option and word of its --help is there, and no other option; so is every key of
# the settings.
#   man.sh PROGRAM
set -euo pipefail
cd "$(dirname "$0")/../.."

program=$1 found=0

say() {
	echo "man: $*"
	found=1
}

# What a reader sees, without what makes it bold.
page() {
	mandoc -Tascii -Owidth=200 "$1" | sed 's/.\x08//g'
}

options() {
	grep -oE '(^|[^-[:alnum:]])--[a-z]+(-[a-z]+)*' | grep -oE -- '--[a-z-]+' | grep -vx -- --help | sort -u
}

# The words behind the command in the lines of its usage: list, retry.
words() { sed -nE "s/^(usage:)? +mainline $1 ([a-z]+).*/\2/p" | sort -u; }

# compare PAGE HELP [COMMAND]
compare() {
	local text word

	text=$(page "$1")
	for word in $(options <<<"$2"); do
		grep -qE -- "$word([^-[:alnum:]]|\$)" <<<"$text" || say "$1 does not have $word"
	done
	for word in $(options <<<"$text"); do
		grep -qE -- "$word([^-[:alnum:]]|\$)" <<<"$2" ||
			say "$1 has $word, of which --help knows nothing"
	done
	[ -n "${3:-}" ] || return 0
	for word in $(words "$3" <<<"$2"); do
		grep -qE "^ +mainline $3 $word( |\$)" <<<"$text" || say "$1 does not have \"$3 $word\""
	done
}

mapfile -t commands < <("$program" --help | sed -nE 's/^  ([a-z]+) .*/\1/p')
[ "${#commands[@]}" -gt 10 ] || say "$program --help lists no commands"
overview=$(page man/mainline.1)
for command in "${commands[@]}"; do
	grep -qE "^ +$command( |\$)" <<<"$overview" || say "man/mainline.1 does not have $command"
	help=$("$program" "$command" --help)
	# One line says all of it.
	[ "$(wc -l <<<"$help")" -gt 1 ] || continue
	pages=(man/mainline-"$command".[18])
	if [ -e "${pages[0]}" ]; then
		compare "${pages[0]}" "$help" "$command"
	else
		say "there is no page man/mainline-$command.1 (or .8); man/mainline.1 names the others"
	fi
done
for script in setup start certificate; do
	compare "man/mainline-$script.8" "$(sed -n "/<<-'END'/,/END\$/p" "package/mainline-$script.in")"
done

settings=$(page man/mainline.conf.5)
known=$("$program" config --help)
while read -r key; do
	grep -qE "^ +$key( |\$)" <<<"$settings" || say "man/mainline.conf.5 does not have $key"
done < <(sed -nE 's/^  ([A-Z][A-Z0-9_]+) .*/\1/p' <<<"$known")
while read -r key; do
	grep -q "^  $key " <<<"$known" || say "man/mainline.conf.5 has $key, which is no key"
done < <(grep -oE '^ +[A-Z][A-Z0-9]*_[A-Z0-9_]+' <<<"$settings")

mandoc -Tlint -Wwarning man/* || found=1
[ "$found" = 0 ] && echo "man: ${#commands[@]} commands and the settings are as the program says"
exit "$found"
