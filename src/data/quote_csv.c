/* quote_csv.c - one field of the lists that docker reads as CSV: --mount, --network, --gpus,
 * --secret.
 *
 * Works on words, not on text: a field keeps its references, which the shell's quoting
 * (quote_sh.c) writes later. Only where a value from outside holds a '"' itself is care needed:
 * see put_span(). */
#include <stackplan/buf.h>
#include <stackplan/quote.h>
#include <string.h>

/* Must the field be wrapped, to be read as one field and unchanged? */
static bool
needs_wrapping(const char *field) {
	size_t n = strlen(field);
	if (n == 0) {
		return false;
	}
	return strpbrk(field, ",\"\r\n") != NULL || strchr(" \t", field[0]) != NULL ||
	       strchr(" \t", field[n - 1]) != NULL;
}

/* N bytes of TEXT with every '"' doubled. */
static void
double_quotes(struct buf *out, const char *text, size_t n) {
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"') {
			buf_addc(out, '"');
		}
		buf_addc(out, text[i]);
	}
}

/* The bytes of one span. If there is a '"' among them, a reference to the value would give it
 * undoubled: the project folder is then written as it is now. Other values stay references,
 * because they may be secret. */
static void
put_span(struct text *out, const struct word *field, const struct span *span) {
	struct buf value = {0};
	double_quotes(&value, field->s + span->off, span->len);
	if (span->ref->from == REF_FOLDER && value.n > span->len) {
		text_add(out, buf_str(&value));
	} else {
		text_add_ref(out, buf_str(&value), span->ref);
	}
	buf_free(&value);
}

/* N bytes from outside any span. */
static void
put_literal(struct text *out, const char *s, size_t n) {
	struct buf doubled = {0};
	double_quotes(&doubled, s, n);
	text_add(out, buf_str(&doubled));
	buf_free(&doubled);
}

void
quote_csv(struct text *out, const struct word *field) {
	if (!needs_wrapping(field->s)) {
		text_add_word(out, field);
		return;
	}
	size_t at = 0;
	text_add(out, "\"");
	for (size_t i = 0; i < field->nspan; i++) {
		const struct span *span = &field->span[i];
		put_literal(out, field->s + at, span->off - at);
		put_span(out, field, span);
		at = span->off + span->len;
	}
	put_literal(out, field->s + at, strlen(field->s + at));
	text_add(out, "\"");
}
