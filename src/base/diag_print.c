/* diag_print.c - showing diagnostics: choose and sort them, then text or JSON lines.
 * Start at diags_print(). What is printed is made safe here: messages and file names hold
 * whatever the input held. */
#include "base_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

enum {
	SHOWN = 20,       /* diags of one print */
	SHOWN_NOTES = 50, /* notes of one diag */
	SHOWN_LINES = 10, /* notes of one diag that are shown with their source line */
};

static const char *const severity_words[] = {
	[SEV_NOTE] = "note",
	[SEV_WARNING] = "warning",
	[SEV_ERROR] = "error",
};

static const char *const severity_colours[] = {
	[SEV_NOTE] = "\033[1m",
	[SEV_WARNING] = "\033[1;35m",
	[SEV_ERROR] = "\033[1;31m",
};

/* What all of one print share. */
struct printer {
	const struct diags *diags;
	struct buf b;
	bool colour;
};

/* Order of two numbers for qsort. */
static int
compare(size_t a, size_t b) {
	return a < b ? -1 : a > b;
}

/* Errors first, then by place; what has none comes last, what has only a file before the lines of
 * that file. */
static int
by_place(const void *x, const void *y) {
	const struct diag *const *a = x, *const *b = y;
	const struct pos *p = &(*a)->line.at, *q = &(*b)->line.at;
	int order = compare((*b)->sev, (*a)->sev);
	/* 0 - 1 is the largest number: no file sorts behind all files */
	if (order == 0)
		order = compare((size_t)p->src - 1, (size_t)q->src - 1);
	if (order == 0)
		order = compare(p->line, q->line);
	if (order == 0)
		order = compare(p->col, q->col);
	return order != 0 ? order : compare((*a)->order, (*b)->order);
}

/* Do two diags say the same of the same place? */
static bool
is_same(const struct diag *a, const struct diag *b) {
	const struct pos *p = &a->line.at, *q = &b->line.at;
	return p->src == q->src && p->line == q->line && p->col == q->col && a->sev == b->sev &&
	       str_eq(a->line.text, b->line.text);
}

/* Drop what was said before of the same place. The array is sorted. */
static size_t
drop_equal(struct diag **v, size_t n) {
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		bool is_new = true;
		for (size_t j = kept; j > 0 && is_new; j--) {
			const struct pos *p = &v[i]->line.at, *q = &v[j - 1]->line.at;
			if (p->src != q->src || p->line != q->line || p->col != q->col)
				break;
			is_new = !is_same(v[i], v[j - 1]);
		}
		if (is_new)
			v[kept++] = v[i];
	}
	return kept;
}

/* Keep SHOWN of the sorted diags; count in REST what must stay out. */
static size_t
choose(struct diag **v, size_t n, size_t rest[static SEV_ERROR + 1]) {
	for (size_t i = SHOWN; i < n; i++)
		rest[v[i]->sev]++;
	return n < SHOWN ? n : SHOWN;
}

/* "7 more errors, 1 more warning" */
static void
add_rest(struct buf *b, const size_t rest[static SEV_ERROR + 1]) {
	const char *between = "";
	for (size_t sev = SEV_ERROR + 1; sev-- > 0;) {
		if (rest[sev] == 0)
			continue;
		buf_printf(b, "%s%zu more %s%s", between, rest[sev], severity_words[sev],
			rest[sev] == 1 ? "" : "s");
		between = ", ";
	}
}

/* Append a message; what follows a line break in it is indented. */
static void
add_message(struct buf *b, const char *text) {
	for (;;) {
		size_t n = strcspn(text, "\n");
		str_safe(b, text, n, false);
		if (text[n] == '\0')
			return;
		text += n + 1;
		if (*text != '\0')
			buf_adds(b, "\n    ");
	}
}

/* Append "file:line:col: severity: message", as far as there is a place. */
static void
add_head(struct printer *p, const struct diag_line *line, enum severity sev, const char *nowhere) {
	const struct diag_source *source = diags_find_source(p->diags, line->at.src);
	if (source->name[0] == '\0') {
		buf_adds(&p->b, nowhere);
	} else {
		str_safe(&p->b, source->name, strlen(source->name), false);
		if (line->at.line != 0)
			buf_printf(&p->b, ":%u", (unsigned)line->at.line);
		if (line->at.line != 0 && line->at.col != 0)
			buf_printf(&p->b, ":%u", (unsigned)line->at.col);
		buf_adds(&p->b, ": ");
	}
	const char *word = severity_words[sev];
	if (p->colour)
		buf_printf(&p->b, "%s%s:\033[0m ", severity_colours[sev], word);
	else
		buf_printf(&p->b, "%s: ", word);
	add_message(&p->b, line->text);
}

/* Append one diag with its notes. */
static void
add_text(struct printer *p, const struct diag *diag) {
	struct pos at = diag->line.at;
	add_head(p, &diag->line, diag->sev, "stackplan: ");
	if (diag->code != NULL)
		buf_printf(&p->b, " [%s]", diag->code);
	buf_addc(&p->b, '\n');
	snippet_add(&p->b, p->diags, at);
	size_t n = 0, rest = 0;
	for (const struct diag_line *note = diag->line.next; note != NULL; note = note->next) {
		if (n++ >= SHOWN_NOTES) {
			rest++;
			continue;
		}
		add_head(p, note, SEV_NOTE, "");
		buf_addc(&p->b, '\n');
		if (n <= SHOWN_LINES && (note->at.src != at.src || note->at.line != at.line))
			snippet_add(&p->b, p->diags, note->at);
	}
	if (rest != 0)
		buf_printf(&p->b, "note: %zu more notes\n", rest);
}

/* Append a JSON string. What is no UTF-8 becomes U+FFFD, control characters are escaped. */
static void
add_json_string(struct buf *b, const char *text) {
	size_t len = strlen(text);
	buf_addc(b, '"');
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t code;
		n = utf8_decode(text + i, len - i, &code);
		if (n == 0) {
			buf_adds(b, "\xef\xbf\xbd");
			n = 1;
		} else if (code == '"' || code == '\\') {
			buf_printf(b, "\\%c", (char)code);
		} else if (code == '\n') {
			buf_adds(b, "\\n");
		} else if (code_is_control(code)) {
			buf_printf(b, "\\u%04x", (unsigned)code);
		} else {
			buf_add(b, text + i, n);
		}
	}
	buf_addc(b, '"');
}

/* Append the members that say where. */
static void
add_json_place(struct printer *p, struct pos at) {
	const struct diag_source *source = diags_find_source(p->diags, at.src);
	buf_adds(&p->b, "\"file\":");
	if (source->name[0] == '\0')
		buf_adds(&p->b, "null");
	else
		add_json_string(&p->b, source->name);
	buf_printf(&p->b, ",\"line\":%u,\"column\":%u", (unsigned)at.line, (unsigned)at.col);
}

/* Append one diag as an object on a line of its own. */
static void
add_json(struct printer *p, const struct diag *diag) {
	struct buf *b = &p->b;
	buf_printf(b, "{\"severity\":\"%s\",\"code\":", severity_words[diag->sev]);
	if (diag->code == NULL)
		buf_adds(b, "null");
	else
		add_json_string(b, diag->code);
	buf_addc(b, ',');
	add_json_place(p, diag->line.at);
	buf_printf(b, ",\"length\":%u,\"message\":", (unsigned)diag->line.at.len);
	add_json_string(b, diag->line.text);
	buf_adds(b, ",\"notes\":[");
	for (const struct diag_line *note = diag->line.next; note != NULL; note = note->next) {
		buf_addc(b, '{');
		add_json_place(p, note->at);
		buf_adds(b, ",\"message\":");
		add_json_string(b, note->text);
		buf_adds(b, note->next != NULL ? "}," : "}");
	}
	buf_adds(b, "]}\n");
}

/* Append the line that counts what is not shown. */
static void
add_rest_line(struct printer *p, const size_t rest[static SEV_ERROR + 1], enum diag_format format) {
	struct buf words = {0};
	add_rest(&words, rest);
	if (format == DIAG_TEXT && words.n != 0) {
		buf_printf(&p->b, "stackplan: %s\n", buf_str(&words));
	} else if (words.n != 0) {
		struct diag more = {.sev = SEV_NOTE, .line.text = buf_str(&words)};
		add_json(p, &more);
	}
	buf_free(&words);
}

void
diags_print(struct ctx *ctx, FILE *out, enum diag_format format, bool colour) {
	struct diags *diags = ctx->diags;
	struct printer p = {.diags = diags, .colour = colour};
	size_t n = 0, rest[SEV_ERROR + 1];
	memcpy(rest, diags->dropped, sizeof(rest));
	if (diags->n != 0) {
		qsort(diags->v, diags->n, sizeof(struct diag *), by_place);
		n = drop_equal(diags->v, diags->n);
		n = choose(diags->v, n, rest);
	}
	for (size_t i = 0; i < n; i++) {
		if (format == DIAG_JSON)
			add_json(&p, diags->v[i]);
		else
			add_text(&p, diags->v[i]);
	}
	add_rest_line(&p, rest, format);
	if (p.b.n != 0)
		fwrite(p.b.s, 1, p.b.n, out);
	buf_free(&p.b);
	diags->n = 0;
	diags->newest = NULL;
	memset(diags->dropped, 0, sizeof(diags->dropped));
	memset(diags->kept, 0, sizeof(diags->kept));
}
