/* json.c - JSON in and out.
 *
 * jansson reads: what engines print is hostile until proven otherwise. Writing is by hand: every
 * document we print comes from here, and it needs source order, redaction, mended UTF-8 and no
 * second tree in between. */
#include "data_int.h"

#include <jansson.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

static struct node *from_json(struct arena *, const json_t *);

/* An object's members in their order. */
static struct node *
from_object(struct arena *mem, const json_t *j) {
	struct node *map = node_new(mem, NODE_MAP, (struct pos){0});
	/* jansson's iterators want a pointer to what is not const, and change nothing. */
	json_t *object = (json_t *)(uintptr_t)j;

	for (void *i = json_object_iter(object); i != NULL; i = json_object_iter_next(object, i))
		node_add(mem, map, arena_strdup(mem, json_object_iter_key(i)), (struct pos){0},
			from_json(mem, json_object_iter_value(i)));
	return map;
}

/* An array's items. */
static struct node *
from_array(struct arena *mem, const json_t *j) {
	struct node *list = node_new(mem, NODE_LIST, (struct pos){0});

	for (size_t i = 0; i < json_array_size(j); i++)
		node_append(mem, list, from_json(mem, json_array_get(j, i)));
	return list;
}

/* One value; jansson has bounded how deep they nest. */
static struct node *
from_json(struct arena *mem, const json_t *j) {
	struct pos nowhere = {0};
	struct node *n;

	switch (json_typeof(j)) {
	case JSON_OBJECT:
		return from_object(mem, j);
	case JSON_ARRAY:
		return from_array(mem, j);
	case JSON_STRING:
		n = node_str(mem, arena_strndup(mem, json_string_value(j), json_string_length(j)),
			nowhere);
		n->flags = NODE_QUOTED;
		return n;
	case JSON_INTEGER:
		return node_int(mem, json_integer_value(j), nowhere);
	case JSON_REAL:
		n = node_new(mem, NODE_FLOAT, nowhere);
		n->u.s.str = str_from_double(mem, json_real_value(j));
		return n;
	case JSON_TRUE:
		return node_bool(mem, true, nowhere);
	case JSON_FALSE:
		return node_bool(mem, false, nowhere);
	case JSON_NULL:
	default:
		return node_new(mem, NODE_NULL, nowhere);
	}
}

/* Memory for jansson, which would call a failed allocation a syntax error. */
static void *
allocate(size_t n) {
	return xreallocarray(NULL, n, 1);
}

struct node *
json_read(struct arena *mem, const char *text, size_t len, const char **why) {
	json_error_t error;
	json_t *j;
	struct node *n;

	json_set_alloc_funcs(allocate, free);
	j = json_loadb(text, len, JSON_DECODE_ANY, &error);
	if (j == NULL) {
		*why = arena_printf(
			mem, "line %d, column %d: %s", error.line, error.column, error.text);
		return NULL;
	}
	n = from_json(mem, j);
	json_decref(j);
	return n;
}

/* ---- writing ---- */

struct writer {
	struct buf *out;
	int indent;            /* blanks a level; 0: all on one line */
	struct arena *scratch; /* for the digits of numbers; made when first needed */
};

/* Write one character that is valid, or begins a valid one; returns its bytes. */
static size_t
write_char(struct buf *out, const unsigned char *s) {
	static const char shorts[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";
	const char *found = *s != '\0' ? strchr(shorts, *s) : NULL;

	if (found != NULL) {
		buf_addc(out, '\\');
		buf_addc(out, letters[found - shorts]);
	} else if (*s < 0x20 || *s == 0x7f) {
		buf_printf(out, "\\u%04x", *s);
	} else if (*s == 0xc2 && s[1] < 0xa0) {
		buf_printf(out, "\\u%04x", s[1]);
		return 2;
	} else {
		buf_addc(out, (char)*s);
	}
	return 1;
}

/* How many of the N bytes need no escape. */
static size_t
plain_run(const char *s, size_t n) {
	size_t i = 0;

	while (i < n && (unsigned char)s[i] >= 0x20 && s[i] != '"' && s[i] != '\\' &&
		s[i] != 0x7f && (unsigned char)s[i] != 0xc2)
		i++;
	return i;
}

/* Write a string; a byte that is no UTF-8 becomes U+FFFD, control characters become escapes. */
static void
write_string(struct buf *out, const char *s) {
	size_t n = strlen(s), good, run;

	buf_addc(out, '"');
	while (n > 0) {
		if (str_is_utf8(s, n, &good))
			good = n;
		n -= good;
		while (good > 0) {
			run = plain_run(s, good);
			buf_add(out, s, run);
			if (run < good)
				run += write_char(out, (const unsigned char *)s + run);
			s += run;
			good -= run;
		}
		if (n > 0) {
			buf_adds(out, "\xef\xbf\xbd");
			s++;
			n--;
		}
	}
	buf_addc(out, '"');
}

/* Is the text a number as JSON writes them? Canonical numbers are, but for infinities and such. */
static bool
is_json_number(const char *s) {
	s += *s == '-' ? 1 : 0;
	return *s >= '0' && *s <= '9';
}

/* Write a number by its value, whatever its spelling in the source. */
static void
write_number(struct writer *w, const struct node *n) {
	const char *text;

	if (w->scratch == NULL)
		w->scratch = arena_new();
	text = node_canonical(w->scratch, n);
	if (is_json_number(text))
		buf_adds(w->out, text);
	else
		write_string(w->out, text);
}

/* Begin a new line, LEVEL deep. */
static void
write_line(struct writer *w, int level) {
	if (w->indent == 0)
		return;
	buf_addc(w->out, '\n');
	for (int i = 0; i < level * w->indent; i++)
		buf_addc(w->out, ' ');
}

/* Write a value; LEVEL is how deep it lies. */
static void
write_value(struct writer *w, const struct node *n, int level) {
	if (n == NULL || n->type == NODE_NULL) {
		buf_adds(w->out, "null");
	} else if (n->flags & NODE_SECRET) {
		buf_adds(w->out, "\"<redacted>\"");
	} else if (n->type == NODE_BOOL) {
		buf_adds(w->out, node_is_true(n) ? "true" : "false");
	} else if (n->type == NODE_INT || n->type == NODE_FLOAT) {
		write_number(w, n);
	} else if (n->type == NODE_STR) {
		write_string(w->out, n->u.s.str);
	} else {
		bool is_map = n->type == NODE_MAP;
		buf_addc(w->out, is_map ? '{' : '[');
		node_open(n);
		for (size_t i = 0; i < n->n; i++) {
			if (i > 0)
				buf_addc(w->out, ',');
			write_line(w, level + 1);
			if (is_map) {
				write_string(w->out, n->u.member[i].key);
				buf_adds(w->out, w->indent > 0 ? ": " : ":");
			}
			write_value(w, is_map ? n->u.member[i].val : node_item(n, i), level + 1);
		}
		node_close(n);
		if (n->n > 0)
			write_line(w, level);
		buf_addc(w->out, is_map ? '}' : ']');
	}
}

void
json_write(struct buf *out, const struct node *n, int indent) {
	struct writer w = {.out = out, .indent = indent};

	write_value(&w, n, 0);
	buf_addc(out, '\n');
	arena_free(w.scratch);
}
