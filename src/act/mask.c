/* mask.c - keeping secret values out of what is shown.
 * mask_make() collects the values once for a plan: what is passed to a child by its environment or an env file, values from
 * outside in files that it reads, what comes from an outside variable with a secret name, passwords inside URLs. mask_add() then replaces them in any text. Values of
 * fewer than four bytes are hidden only where they are a whole line: anywhere else they would eat ordinary words. */
#include "run_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST = 4, NPAIRS = 65536 };

static const char redacted[] = "<redacted>";

struct needle {
	const char *s;
	size_t n;
};

struct needles {
	struct needle *v;
	size_t n, cap;
};

struct mask {
	struct needles anywhere;        /* by first byte, longer ones first; no two alike */
	struct needles whole;           /* those shorter than SHORTEST */
	uint32_t bucket[257];           /* where the needles of a first byte start */
	unsigned char pair[NPAIRS / 8]; /* may a needle start with these two bytes? */
	size_t longest;
};

/* Add a needle to its list. */
static void
push(struct ctx *ctx, struct mask *m, const char *s, size_t n) {
	struct needles *list = n < SHORTEST ? &m->whole : &m->anywhere;

	if (n == 0)
		return;
	if (list->n == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 16;
		list->v = arena_grow(ctx->mem, list->v, list->cap, cap, sizeof(*list->v));
		list->cap = cap;
	}
	list->v[list->n++] = (struct needle){s, n};
}

/* The value as a program prints it between double quotes, if that differs. */
static void
push_quoted(struct ctx *ctx, struct mask *m, const char *s) {
	static const char special[] = "\"\\\n\r\t", letter[] = "\"\\nrt";
	struct buf b = {0};

	if (!strpbrk(s, special))
		return;
	for (; *s; s++) {
		const char *at = strchr(special, *s);
		if (at)
			buf_addc(&b, '\\');
		buf_addc(&b, at ? letter[at - special] : *s);
	}
	size_t n = b.n;
	push(ctx, m, arena_take_buf(ctx->mem, &b), n);
}

/* Each line of a value that has several: output is looked at line by line. */
static void
push_lines(struct ctx *ctx, struct mask *m, const char *s) {
	if (!strpbrk(s, "\r\n"))
		return;
	for (s += strspn(s, "\r\n"); *s; s += strspn(s, "\r\n")) {
		size_t n = strcspn(s, "\r\n");
		if (n >= SHORTEST)
			push(ctx, m, s, n);
		s += n;
	}
}

/* The password in the user part of a URL. */
static void
push_url_password(struct ctx *ctx, struct mask *m, const char *s) {
	const char *user = str_has_url_password(s) ? strstr(s, "://") : NULL;
	const char *colon = user ? strchr(user + 3, ':') : NULL;
	const char *at = colon ? strchr(colon, '@') : NULL;

	if (at && at - colon > SHORTEST)
		push(ctx, m, colon + 1, (size_t)(at - colon) - 1);
}

/* A secret value in all forms in which it may turn up. */
static void
push_value(struct ctx *ctx, struct mask *m, const char *s) {
	push(ctx, m, s, strlen(s));
	push_quoted(ctx, m, s);
	push_lines(ctx, m, s);
	push_url_password(ctx, m, s);
}

/* The parts of a word that come from outside variables with secret names. */
static void
push_spans(struct ctx *ctx, struct mask *m, const struct word *w) {
	for (size_t i = 0; i < w->nspan; i++) {
		const struct span *span = &w->span[i];
		if (span->len == 0 || span->ref->from == REF_FOLDER ||
			span->ref->from == REF_OUTPUT)
			continue;
		if (str_is_secret_name(span->ref->name))
			push_value(ctx, m, arena_strndup(ctx->mem, w->s + span->off, span->len));
	}
}

/* By first byte, then the longer one first, then by content. */
static int
compare(const void *a, const void *b) {
	const struct needle *x = a, *y = b;
	unsigned char c = (unsigned char)*x->s, d = (unsigned char)*y->s;

	if (c != d)
		return c < d ? -1 : 1;
	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return memcmp(x->s, y->s, x->n);
}

/* The number of two bytes in the table of pairs. */
static size_t
pair_of(const char *s) {
	return (size_t)(unsigned char)s[0] << 8 | (unsigned char)s[1];
}

/* Sort and drop doubles. */
static void
sort_unique(struct needles *list) {
	size_t n = 0;

	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), compare);
	for (size_t i = 0; i < list->n; i++)
		if (n == 0 || compare(&list->v[n - 1], &list->v[i]) != 0)
			list->v[n++] = list->v[i];
	list->n = n;
}

/* The tables for looking up. */
static void
make_index(struct mask *m) {
	sort_unique(&m->anywhere);
	sort_unique(&m->whole);
	for (size_t i = 0; i < m->anywhere.n; i++) {
		const struct needle *x = &m->anywhere.v[i];
		size_t pair = pair_of(x->s);
		m->pair[pair / 8] |= (unsigned char)(1U << pair % 8);
		m->bucket[(unsigned char)*x->s + 1]++;
		if (x->n > m->longest)
			m->longest = x->n;
	}
	for (size_t i = 1; i < countof(m->bucket); i++)
		m->bucket[i] += m->bucket[i - 1];
}

/* The values that are passed to a child, as far as they are set. */
static void
push_passed(struct ctx *ctx, struct mask *m, const struct passed *pass, size_t n) {
	for (size_t i = 0; i < n; i++) {
		if (pass[i].unset)
			continue;
		push_value(ctx, m, pass[i].value.s);
		push_spans(ctx, m, &pass[i].value);
	}
}

/* What a child reads: in a text the secrets by name, in files all that came from outside. */
static void
push_feed(struct ctx *ctx, struct mask *m, const struct feed *feed) {
	push_spans(ctx, m, &feed->text);
	for (size_t i = 0; i < feed->nfile; i++) {
		const struct word *w = &feed->file[i].content;
		for (size_t k = 0; k < w->nspan; k++)
			if (w->span[k].ref->from != REF_FOLDER && w->span[k].len)
				push_value(ctx, m,
					arena_strndup(
						ctx->mem, w->s + w->span[k].off, w->span[k].len));
	}
}

struct mask *
mask_make(struct ctx *ctx, const struct plan *plan) {
	struct mask *m = arena_make(ctx->mem, struct mask);

	/* A container that is there already has its values too, and a check in it may say them */
	for (size_t i = 0; plan->changes && i < plan->changes->n; i++) {
		const struct resource *r = plan->changes->v[i].want;
		push_passed(ctx, m, r->pass, r->npass);
		if (r->files)
			push_feed(ctx, m, r->files);
	}
	for (size_t i = 0; i < plan->nstep; i++) {
		const struct step *s = plan->step[i];
		push_passed(ctx, m, s->pass, s->npass);
		if (s->feed)
			push_feed(ctx, m, s->feed);
		for (size_t k = 0; k < s->argv.n; k++)
			push_spans(ctx, m, &s->argv.v[k]);
	}
	make_index(m);
	return m;
}

size_t
mask_reach(const struct mask *m) {
	return m->longest ? m->longest - 1 : 0;
}

/* The length of the short secret value that is all of the line that starts here, or 0. */
static size_t
match_line(const struct mask *m, const char *s, size_t len) {
	for (size_t i = 0; i < m->whole.n; i++) {
		const struct needle *x = &m->whole.v[i];
		if (x->n > len || memcmp(x->s, s, x->n) != 0)
			continue;
		if (x->n == len || s[x->n] == '\n' || s[x->n] == '\r')
			return x->n;
	}
	return 0;
}

/* The length of the longest secret value that stands here; 0 if none does. */
static size_t
match_at(const struct mask *m, const char *text, size_t len, size_t i) {
	const char *s = text + i;

	if (m->whole.n && (i == 0 || s[-1] == '\n')) {
		size_t n = match_line(m, s, len - i);
		if (n)
			return n;
	}
	if (len - i < SHORTEST || !(m->pair[pair_of(s) / 8] >> pair_of(s) % 8 & 1))
		return 0;
	unsigned char c = (unsigned char)*s;
	for (uint32_t k = m->bucket[c]; k < m->bucket[c + 1]; k++) {
		const struct needle *x = &m->anywhere.v[k];
		if (x->n <= len - i && memcmp(x->s, s, x->n) == 0)
			return x->n;
	}
	return 0;
}

/* Append bytes a .. b of TEXT, as far as they lie in from .. to. */
static void
add_clipped(struct buf *out, const char *text, size_t a, size_t b, size_t from, size_t to) {
	if (a < from)
		a = from;
	if (b > to)
		b = to;
	if (a < b)
		buf_add(out, text + a, b - a);
}

void
mask_add(const struct mask *m, struct buf *out, const char *text, size_t len, size_t from,
	size_t to) {
	size_t plain = 0; /* all before this is done */

	for (size_t i = 0; i < len;) {
		size_t n = match_at(m, text, len, i), end = i + n;
		if (n == 0) {
			i++;
			continue;
		}
		/* values may overlap: hide the whole stretch that any of them covers */
		for (size_t k = i + 1; k < end; k++) {
			size_t more = match_at(m, text, len, k);
			if (k + more > end)
				end = k + more;
		}
		add_clipped(out, text, plain, i, from, to);
		if (end > from && i < to)
			buf_adds(out, redacted);
		plain = i = end;
	}
	add_clipped(out, text, plain, len, from, to);
}

char *
mask_text(struct ctx *ctx, const struct mask *m, const char *text) {
	struct buf b = {0};
	size_t n = strlen(text);

	mask_add(m, &b, text, n, 0, n);
	return arena_take_buf(ctx->mem, &b);
}
