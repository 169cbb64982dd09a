# shellcheck shell=bash
# documents: are they still true?  For script/lint, whose say() tells findings.
#
#  links     each relative link in a document leads to a file, and what stands
#            behind its # to a heading
#  settings  each key of the program stands in docs/settings.md, and what stands
#            there is one
#  code map  each header of a floor stands in the README's row of it, and what
#            stands there is a file

# documents_prose FILE: without code, as "LINE:text".
documents_prose() {
	awk '/^ *```/ { code = !code; next } !code { gsub(/`[^`]*`/, ""); print NR ":" $0 }' "$1"
}

# documents_headings FILE: what a # may name.
documents_headings() {
	sed -nE 's/^#{1,6} +//p' "$1" | tr '[:upper:]' '[:lower:]' |
		sed -E 's/[^[:alnum:] _-]//g; s/ /-/g'
}

documents_links() {
	local file line target path heading

	while IFS= read -r file; do
		while IFS=: read -r line target; do
			path=${target%%#*}
			heading=${target#"$path"}
			if [ -n "$path" ]; then
				path=$(dirname "$file")/$path
			else
				path=$file
			fi
			if [ ! -e "$path" ]; then
				say "$file:$line: $target leads nowhere"
			elif [ -n "$heading" ] && ! documents_headings "$path" | grep -qx -- "${heading#\#}"; then
				say "$file:$line: $target: there is no such heading"
			fi
		done < <(documents_prose "$file" | grep -vE '^[0-9]+: {4}[^ ]' |
			grep -oE '^[0-9]+:|\]\([^) ]+\)|(src|srcset)="[^"]+"' | awk '
				/^[0-9]+:$/ { line = $0; next }
				{ sub(/^(\]\(|srcset="|src=")/, ""); sub(/[)"]$/, "") }
				!/^(https?|mailto):/ { print line $0 }')
	done < <(find . \( -name node_modules -o -name build -o -name var -o -name .git \) -prune \
		-o -name '*.md' -print | sed 's,^\./,,' | sort)
}

documents_settings() {
	local page=docs/settings.md name

	while IFS= read -r name; do
		grep -qF "\`$name\`" "$page" || say "$page:1: says nothing of $name"
	done < <(sed -nE 's/^\t\{ "([A-Z0-9_]+)",.*/\1/p' src/io/conf_keys.c
		grep -ohE '\bNGINX_[A-Z_]+_RATE\b' script/lib/nginx.sh | sort -u)
	while IFS= read -r name; do
		grep -rqwF -- "$name" src/io/conf_keys.c script ||
			say "$page:$(grep -nF "\`$name\`" "$page" | head -n 1 | cut -d: -f1): there is no setting $name"
	done < <(sed -nE 's/^\| ([^|]*) \|.*/\1/p' "$page" | tr '`, ' '\n' |
		grep -xE '[A-Z][A-Z0-9]*_[A-Z0-9_]+' | sort -u)
}

# documents_row FLOOR: what its row names, one a line: names, or name_* for many.
documents_row() {
	sed -nE "s/^\| \`$1\`[^|]*\| (.*) \|\$/\1/p" README.md |
		sed -E ':more; s/ *\([^()]*\)//g; t more; s/ and /, /g; s/, */\n/g'
}

# documents_code_map FLOOR...
documents_code_map() {
	local floor name header module line

	for floor; do
		line=$(grep -n "^| \`$floor\`" README.md | cut -d: -f1)
		while IFS= read -r name; do
			compgen -G "include/mainline/$floor/$name.h" >/dev/null ||
				compgen -G "src/$floor/$name.[ch]" >/dev/null ||
				say "README.md:$line: the code map names $name, which is not on the floor $floor"
		done < <(documents_row "$floor")
		for header in include/mainline/"$floor"/*.h; do
			module=$(basename "$header" .h)
			while IFS= read -r name; do
				# shellcheck disable=SC2053 # a pattern
				[[ $module != $name ]] || continue 2
			done < <(documents_row "$floor")
			say "README.md:$line: the code map does not name $module, of the floor $floor"
		done
	done
}

# documents_check FLOOR...
documents_check() {
	documents_links
	documents_settings
	documents_code_map "$@"
}
