#!/bin/sh
# codes.sh - every code of a diagnostic has its words in src/cli/explain_codes.c, and every row there is used and sorted.
# Codes are the fourth argument of diag(), and what is given for a parameter called `code` of our own functions;
# the codes that come out of a choice (x ? "a" : "b") or stand on the next lines count too.
set -eu
cd "$(dirname "$0")/.."

awk '
# the text of a file in one line, comments left out
FNR == 1 && NR > 1 { keep() }
FNR == 1 { name = FILENAME; text = "" }
{ text = text " " $0 }
END { keep(); look(); exit bad }
function keep() { gsub(/\/\*[^*]*\*+([^\/*][^*]*\*+)*\//, " ", text); body[name] = text }

# the number of the argument called code in each function that has one
# (a static one counts in its own file only)
function wrappers(t,   head, list, n, arg, i, f, before) {
	while (match(t, /[a-z_0-9]+\([^(){};]*const char [*]code[^(){};]*\)/)) {
		head = substr(t, RSTART, RLENGTH)
		before = RSTART > 40 ? substr(t, RSTART - 40, 40) : substr(t, 1, RSTART - 1)
		t = substr(t, RSTART + RLENGTH)
		f = head; sub(/\(.*/, "", f)
		list = head; sub(/[^(]*\(/, "", list)
		n = split(list, arg, ",")
		for (i = 1; i <= n; i++) if (arg[i] ~ /[*]code/) place[f, before ~ /static [a-z_ ]+[* ]$/ ? file : ""] = i
	}
}
# the literals in argument number WHICH of every call of F in T
function calls(f, which, t,   i, c, depth, n, quoted, word) {
	while (match(t, "[^a-z_0-9]" f "\\(")) {
		t = substr(t, RSTART + RLENGTH)
		depth = 1; n = 1; quoted = 0; word = ""
		for (i = 1; depth > 0 && i <= length(t); i++) {
			c = substr(t, i, 1)
			if (quoted) {
				if (c == "\\") i++
				else if (c == "\"") { quoted = 0; if (n == which && depth <= 2) found(word) }
				else word = word c
			} else if (c == "\"") { quoted = 1; word = "" }
			else if (c == "(" || c == "{" || c == "[") depth++
			else if (c == ")" || c == "}" || c == "]") depth--
			else if (c == "," && depth == 1) n++
		}
	}
}
function found(word) { if (word ~ /^[a-z0-9]+(-[a-z0-9]+)*$/) used[word] = used[word] " " file }
# what is assigned to a variable called code
function assigned(t,   part) {
	while (match(t, /char [*]code = [^;]*;/)) {
		part = substr(t, RSTART, RLENGTH)
		t = substr(t, RSTART + RLENGTH)
		while (match(part, /"[a-z0-9-]+"/)) {
			found(substr(part, RSTART + 1, RLENGTH - 2))
			part = substr(part, RSTART + RLENGTH)
		}
	}
}
function look(   f, t, row, before, part) {
	place["diag", ""] = 4
	for (file in body) wrappers(body[file])
	for (file in body) {
		if (file ~ /explain_codes/) continue
		for (f in place) {
			split(f, part, SUBSEP)
			if (part[2] == "" || part[2] == file) calls(part[1], place[f], body[file])
		}
		assigned(body[file])
	}
	t = body["src/cli/explain_codes.c"]
	while (match(t, /[{]"[a-z0-9-]+",/)) {
		row = substr(t, RSTART + 2, RLENGTH - 4)
		t = substr(t, RSTART + RLENGTH)
		has[row] = 1
		if (row <= before) { print "codes: \"" row "\" is not in its place: rows are sorted"; bad = 1 }
		before = row
	}
	for (f in used) {
		n++
		if (!(f in has)) { print "codes: no words for \"" f "\", used in" used[f]; bad = 1 }
	}
	for (f in has) if (!(f in used) && f !~ /^undefined-/) { print "codes: \"" f "\" is used nowhere"; bad = 1 }
	if (!bad) print "codes: all " n " explained"
}' src/*/*.c
