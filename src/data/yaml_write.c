/* yaml_write.c - a tree as block-style YAML that our reader and Compose read back the same.
 *
 * Text is written bare only where no reader, be it of YAML 1.1, could take it for something
 * else; texts of several lines become block scalars where that is safe, else double-quoted. */
#include "data_int.h"

#include <stackplan/buf.h>
#include <stackplan/str.h>
#include <string.h>

/* Longer keys need the form "? key" (libyaml's limit is 1,024 characters). */
enum { KEY_MAX = 500 };

static void write_node(struct buf *, const struct node *, int level, bool is_inline);

/* The valid UTF-8 character at S as a code point; its bytes in *len. */
static uint32_t
code_point(const unsigned char *s, size_t *len) {
	uint32_t c = *s;

	*len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (*len > 1)
		c &= 0x7fu >> *len;
	for (size_t i = 1; i < *len; i++)
		c = c << 6 | (s[i] & 0x3fu);
	return c;
}

/* May the character stand in YAML as it is? Line breaks of YAML 1.1 and invisible ones may not. */
static bool
is_printable(uint32_t c) {
	return (c >= 0x20 && c <= 0x7e) ||
	       (c >= 0xa0 && c <= 0xd7ff && c != 0x2028 && c != 0x2029) ||
	       (c >= 0xe000 && c <= 0xfffd && c != 0xfeff) || c >= 0x10000;
}

/* Are all characters printable, or among the EXTRA ones? */
static bool
is_all_printable(const char *s, const char *extra) {
	size_t bad, len;

	if (!str_is_utf8(s, strlen(s), &bad))
		return false;
	for (; *s != '\0'; s += len) {
		uint32_t c = code_point((const unsigned char *)s, &len);
		if (!is_printable(c) && (c >= 0x80 || strchr(extra, (int)c) == NULL))
			return false;
	}
	return true;
}

/* Could some reader take the text for a number, a time or a date? */
static bool
is_like_number(const char *s) {
	return strchr("0123456789+-.", *s) != NULL &&
	       s[strspn(s, "0123456789abcdefABCDEFxXoO_:.,+-")] == '\0';
}

/* May the text stand without quotes? */
static bool
is_bare(const char *s) {
	size_t n = strlen(s);
	unsigned flags = 0;
	bool truth;

	if (n == 0 || strchr("-?:,[]{}#&*!|>'\"%@`=<~ ", s[0]) != NULL || s[n - 1] == ' ' ||
		s[n - 1] == ':')
		return false;
	if (strstr(s, ": ") != NULL || strstr(s, " #") != NULL || !is_all_printable(s, ""))
		return false;
	return !str_bool(s, &truth) && !is_like_number(s) && !str_starts(s, "...") &&
	       scalar_type(s, n, &flags) == NODE_STR && flags == 0;
}

/* Write double-quoted: anything can be written so. */
static void
write_double(struct buf *out, const char *s) {
	size_t len, bad, n = strlen(s);

	buf_addc(out, '"');
	for (size_t good = 0; n > 0; s += len, n -= len, good -= len) {
		uint32_t c;
		if (good == 0)
			good = str_is_utf8(s, n, &bad) ? n : bad;
		if (good == 0) {
			buf_adds(out, "\\uFFFD");
			len = good = 1;
			continue;
		}
		c = code_point((const unsigned char *)s, &len);
		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", (char)c);
		else if (c == '\n')
			buf_adds(out, "\\n");
		else if (c == '\t')
			buf_adds(out, "\\t");
		else if (is_printable(c))
			buf_add(out, s, len);
		else
			buf_printf(out, c < 0x100 ? "\\x%02X" : "\\u%04X", c);
	}
	buf_addc(out, '"');
}

/* Write a text on one line. */
static void
write_text(struct buf *out, const char *s) {
	if (is_bare(s)) {
		buf_adds(out, s);
	} else if (is_all_printable(s, "") && strchr(s, '\'') == NULL) {
		buf_addc(out, '\'');
		buf_adds(out, s);
		buf_addc(out, '\'');
	} else {
		write_double(out, s);
	}
}

/* Begin a line, LEVEL deep. */
static void
begin_line(struct buf *out, int level) {
	for (int i = 0; i < level; i++)
		buf_adds(out, "  ");
}

/* Does the text read well and safely as a block scalar? */
static bool
is_block_text(const char *s) {
	const char *first = s + strspn(s, "\n");

	return strchr(s, '\n') != NULL && first == s && *s != ' ' && *s != '\t' &&
	       is_all_printable(s, "\n\t");
}

/* Write a text of several lines as a block scalar; its lines are LEVEL deep. */
static void
write_block(struct buf *out, const char *s, int level) {
	buf_adds(out, !str_ends(s, "\n") ? "|-\n" : str_ends(s, "\n\n") ? "|+\n" : "|\n");
	while (*s != '\0') {
		size_t line = strcspn(s, "\n");
		if (line > 0)
			begin_line(out, level);
		buf_add(out, s, line);
		buf_addc(out, '\n');
		s += line + (s[line] == '\n' ? 1 : 0);
	}
}

/* Write a number that reads back as one of its type. */
static void
write_number(struct buf *out, const struct node *n) {
	unsigned flags = 0;

	buf_adds(out, n->u.s.str);
	if (n->type == NODE_FLOAT &&
		scalar_type(n->u.s.str, strlen(n->u.s.str), &flags) == NODE_INT)
		buf_adds(out, ".0");
}

/* Write a scalar and the end of its line. */
static void
write_scalar(struct buf *out, const struct node *n, int level) {
	const char *s = node_text(n);

	if (n->type == NODE_STR && !(n->flags & NODE_TIME) && is_block_text(s)) {
		write_block(out, s, level);
		return;
	}
	if (n->type == NODE_NULL)
		buf_adds(out, "null");
	else if (n->type == NODE_BOOL)
		buf_adds(out, node_is_true(n) ? "true" : "false");
	else if (n->type != NODE_STR)
		write_number(out, n);
	else if (n->flags & NODE_TIME)
		buf_adds(out, s);
	else
		write_text(out, s);
	buf_addc(out, '\n');
}

/* Write the members of a mapping. IS_INLINE: the first goes on where a line has begun. */
static void
write_map(struct buf *out, const struct node *map, int level, bool is_inline) {
	for (size_t i = 0; i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		bool is_long = strlen(m->key) > KEY_MAX;
		if (i > 0 || !is_inline)
			begin_line(out, level);
		if (is_long)
			buf_adds(out, "? ");
		write_text(out, m->key);
		if (is_long) {
			buf_addc(out, '\n');
			begin_line(out, level);
		}
		buf_addc(out, ':');
		write_node(out, m->val, level + 1, false);
	}
}

/* Write the items of a list. */
static void
write_list(struct buf *out, const struct node *list, int level, bool is_inline) {
	for (size_t i = 0; i < list->n; i++) {
		if (i > 0 || !is_inline)
			begin_line(out, level);
		buf_addc(out, '-');
		write_node(out, list->u.item[i], level + 1, true);
	}
}

/* Write what follows a "key:" or a "-", down to the end of its last line. */
static void
write_node(struct buf *out, const struct node *n, int level, bool is_inline) {
	bool is_tagged = (n->flags & (NODE_RESET | NODE_OVERRIDE)) != 0;

	if (is_tagged)
		buf_adds(out, n->flags & NODE_RESET ? " !reset" : " !override");
	if (node_is_scalar(n)) {
		buf_addc(out, ' ');
		write_scalar(out, n, level);
	} else if (n->n == 0) {
		buf_adds(out, n->type == NODE_MAP ? " {}\n" : " []\n");
	} else {
		is_inline = is_inline && !is_tagged;
		buf_addc(out, is_inline ? ' ' : '\n');
		if (n->type == NODE_MAP)
			write_map(out, n, level, is_inline);
		else
			write_list(out, n, level, is_inline);
	}
}

void
yaml_write(struct buf *out, const struct node *n) {
	if (n->n == 0 || node_is_scalar(n) || (n->flags & (NODE_RESET | NODE_OVERRIDE)) != 0) {
		buf_adds(out, "---");
		write_node(out, n, 1, false);
	} else if (n->type == NODE_MAP) {
		write_map(out, n, 0, false);
	} else {
		write_list(out, n, 0, false);
	}
}
