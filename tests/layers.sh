#!/bin/sh
# layers.sh - data flows one way: a room may include only its own headers and those of rooms to its left.
# Which room shows a header is written in the table below; a header that is missing there fails too.
set -eu
cd "$(dirname "$0")/.."

awk '
BEGIN {
	rooms = split("base data spec plan act cli", room, " ")
	for (i = 1; i <= rooms; i++) rank[room[i]] = i
	own["base"] = "arena buf diag hash path proc sig str words"
	own["data"] = "mustache node quote"
	own["spec"] = "env keys load project"
	own["plan"] = "compose engine plan resource world"
	own["act"] = "follow planfile run view"
	for (r in own) {
		n = split(own[r], h, " ")
		for (i = 1; i <= n; i++) shows[h[i]] = r
	}
	# headers may include these of their own: types that are passed by value, and what a type extends
	free["diag"] = free["words"] = free["buf"] = 1
}
function fail(text) { print FILENAME ":" FNR ": " text; bad = 1 }
FNR == 1 {
	n = split(FILENAME, part, "/")
	header = part[1] == "include"
	here = header ? "" : part[2]
	if (header) {
		name = part[n]; sub(/[.]h$/, "", name)
		here = shows[name]
		if (here == "") fail("no room shows this header: add it to tests/layers.sh")
	}
}
/^[ \t]*#[ \t]*include[ \t]*<stackplan\// {
	name = $0; sub(/.*<stackplan\//, "", name); sub(/[.]h>.*/, "", name)
	there = shows[name]
	if (there == "") fail("unknown header " name)
	else if (rank[there] > rank[here]) fail("room " here " must not include " name ".h of room " there)
	else if (header && there != here && !(name in free)) fail("a header includes only diag.h, words.h and its own room")
}
/^[ \t]*#[ \t]*include[ \t]*"/ && !header {
	name = $0; sub(/.*"/, "", name)
	if (name ~ /\//) fail("private headers are of the same folder")
}
/(^|[^a-z_])(exit|system|popen)[ ]*\(/ && here != "cli" && !header && FILENAME !~ /arena.c$|sig.c$/ && !/^ \*|\/\*/ {
	fail("only src/cli may exit, and nothing runs a shell")
}
/(^|[^a-z_])(proc_start|proc_capture|posix_spawnp?|fork|execve?p?)[ ]*\(/ && !header && !/^ \*|\/\*/ &&
	FILENAME !~ /^src\/base\/|^src\/plan\/docker_call.c$|^src\/act\/(run_job|attend|follow).c$/ {
	fail("planning starts a process by docker_read_all alone, where the list of reading commands stands")
}
END { exit bad }
' include/stackplan/*.h src/*/*.c

# files: none over 500 lines, the median of the .c files under 300
wc -l src/*/*.c include/stackplan/*.h tests/unit/*.c | awk '
$2 != "total" { if ($1 > 500) { print $2 ": " $1 " lines, more than 500"; bad = 1 } }
$2 ~ /^src.*[.]c$/ { n[++count] = $1 }
END {
	for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++) if (n[j] < n[i]) { t = n[i]; n[i] = n[j]; n[j] = t }
	median = n[int((count + 1) / 2)]
	printf "layers: %d files, median %d lines, longest %d\n", count, median, n[count]
	exit bad || median >= 300
}'
