# embed.awk - turns template files into the C table embedded_templates (view.h).
# Usage: awk -f embed.awk templates/*.mustache > embedded.c; the name is the file's without ".mustache".
function flush_name() { if (name != "") print "\t\t\"\"},"; }
# LINE as the inside of a C string; '?' is kept from making a trigraph.
function c_text(line,   out, i, c) {
	out = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (c == "\\" || c == "\"" || c == "?")
			out = out "\\" c
		else if (c == "\t")
			out = out "\\t"
		else
			out = out c
	}
	return out
}
BEGIN {
	print "/* Made by templates/embed.awk; edit the templates instead. */"
	print "#include <stackplan/view.h>\n"
	print "const struct embedded embedded_templates[] = {"
}
FNR == 1 {
	flush_name()
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.mustache$/, "", name)
	print "\t{\"" name "\","
	count++
}
{ print "\t\t\"" c_text($0) "\\n\"" }
END {
	flush_name()
	print "};\n"
	print "const size_t embedded_ntemplates = " count + 0 ";"
}
