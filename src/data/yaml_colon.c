/* yaml_colon.c - a ':' where none may stand: find the mistake that led to it.
 *
 * There are three usual ones: no blank behind the ':' of the line above, a line that is indented
 * too deep, and a value that holds ': ' and lacks quotes. */
#include "data_int.h"

/* A line of the text as offsets. */
struct line {
	size_t begin, text, end; /* text: its first byte that is no blank */
};

/* The line that holds the byte OFF. */
static struct line
line_at(const struct cursor *c, size_t off) {
	struct line l = {.begin = off, .end = off};

	while (l.begin > 0 && c->s[l.begin - 1] != '\n')
		l.begin--;
	while (l.end < c->n && c->s[l.end] != '\n' && c->s[l.end] != '\r')
		l.end++;
	for (l.text = l.begin; l.text < l.end && c->s[l.text] == ' ';)
		l.text++;
	return l;
}

/* The last line above that is not empty; false if there is none. */
static bool
line_above(const struct cursor *c, struct line *l) {
	while (l->begin > 0) {
		*l = line_at(c, l->begin - 1);
		if (l->text < l->end && c->s[l->text] != '#')
			return true;
	}
	return false;
}

/* The first ':' from BEGIN to END that has a blank behind it, or that has none; END if there is no such. */
static size_t
find_colon(const struct cursor *c, size_t begin, size_t end, bool has_blank) {
	for (size_t i = begin; i < end; i++)
		if (c->s[i] == ':' && (i + 1 == c->n || c->s[i + 1] <= ' ') == has_blank)
			return i;
	return end;
}

/* The place of one byte. */
static struct pos
byte_pos(struct cursor at, size_t off) {
	cursor_to_byte(&at, off);
	return cursor_pos(&at, at.index + 1);
}

void
yaml_bad_colon(struct ctx *ctx, struct cursor at, size_t index) {
	struct pos begin, pos;
	struct line here, above;

	cursor_to(&at, index);
	pos = cursor_pos(&at, index + 1);
	here = above = line_at(&at, at.off);
	if (find_colon(&at, here.text, at.off, true) == at.off && line_above(&at, &above)) {
		size_t colon = find_colon(&at, above.text, above.end, false);
		if (find_colon(&at, above.text, above.end, true) == above.end &&
			colon < above.end) {
			diag(ctx, SEV_ERROR, byte_pos(at, colon), "yaml-syntax",
				"no blank behind this ':': write 'key: value'");
			diag_note(ctx, pos, "noticed here");
			return;
		}
		begin = byte_pos(at, here.text);
		if (here.text - here.begin > above.text - above.begin && begin.line == pos.line) {
			begin.len =
				(uint16_t)(pos.col - begin.col < 1000 ? pos.col - begin.col : 1000);
			diag(ctx, SEV_ERROR, begin, "yaml-syntax",
				"this line is indented too deep: the one above has its value "
				"already");
			diag_note(ctx, byte_pos(at, above.text), "the line above");
			return;
		}
	}
	diag(ctx, SEV_ERROR, pos, "yaml-syntax",
		"a ':' cannot stand here: a value that holds ': ' needs quotes");
}
