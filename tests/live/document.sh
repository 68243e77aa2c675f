#!/bin/sh
# document.sh - the Markdown that is exported renders, and neither it nor the script holds a path of this machine; needs no engine
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=document
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_folder
cp -R "$repo/templates/stacks/todo-app" "$work/app"
cd "$work/app"
for labels in full none; do
	for format in sh markdown; do
		"$sp" export --labels "$labels" --format "$format" >"$work/$labels.$format"
	done
	"$sp" show --labels "$labels" >"$work/$labels.show"
done

# fences FILE: each fence that is opened is closed, and it prints how many blocks of which language there are
fences() {
	awk '/^(```|~~~)/ {
			if (open == "") { open = substr($0, 1, 3); language[substr($0, 4)]++; blocks++ }
			else if ($0 == open) open = ""
		}
		END {
			for (name in language) printf "%d %s, ", language[name], name
			printf "%d in all\n", blocks
			exit open != "" || !blocks
		}' "$1"
}

no_paths() {
	for file; do
		[ -s "$file" ] || return 1
		! grep -nF -e "$work" -e "$HOME/" -e "$repo" "$file" || return 1
	done
}

# The mermaid block begins with a kind of picture and has an edge from the app to the database
has_picture() {
	sed -n '/^```mermaid$/,/^```$/p' "$1" >"$work/picture"
	sed -n 2p "$work/picture" | grep -E '^flowchart (LR|TB|TD)$' && grep -F -e '-->' "$work/picture"
}

for labels in full none; do
	expect "labels $labels: no path of this machine in script and document" no_paths "$work/$labels.sh" "$work/$labels.markdown"
	expect "labels $labels: the fences are balanced ($(fences "$work/$labels.markdown"))" fences "$work/$labels.markdown"
	expect "labels $labels: there is a picture of the stack" has_picture "$work/$labels.markdown"
done
expect 'without labels there is none in the document' not grep -F -e '--label' "$work/none.markdown"
expect 'the headings begin with the name of the project' sh -c 'head -n 1 "$1" | grep -qx "# todo-app"' sh "$work/full.markdown"

renderer=
for program in cmark lowdown; do
	[ -n "$renderer" ] || ! has "$program" || renderer=$program
done
if [ -n "$renderer" ]; then
	"$renderer" "$work/none.markdown" >"$work/page.html"
	headings=$(grep -c '^##* ' "$work/none.markdown")
	expect "$renderer makes a page of it, with $headings headings" same "$(grep -c '<h[1-6]' "$work/page.html")" "$headings"
	expect "$renderer finds as many code blocks as there are fences" same \
		"$(grep -c '<pre>' "$work/page.html")" "$(fences "$work/none.markdown" | sed 's/.*, //; s/ in all//')"
	expect 'no Markdown mark is left in the text of the page' not sh -c \
		'sed "/<pre>/,/<\/pre>/d; s/<code>[^<]*<\/code>//g" "$1" | grep -nE "\`|\*\*|^#"' sh "$work/page.html"
else
	skip 'a page is made of it: neither cmark nor lowdown is here'
fi
for shell in dash 'busybox sh' bash; do
	if has "${shell%% *}"; then
		# shellcheck disable=SC2086 # a program and its argument
		expect "$shell can read the script and the plan" sh -c '"$@" -n "$0" && "$@" -n "${0%.sh}.show"' "$work/full.sh" $shell
	else
		skip "$shell can read the script and the plan: it is not here"
	fi
done
if has shellcheck; then
	expect 'shellcheck -s sh finds nothing in the script' shellcheck -s sh "$work/full.sh" "$work/none.sh"
else
	skip 'shellcheck -s sh finds nothing in the script: it is not here'
fi

live_end
