/* view_input.c - what a command reads on its standard input: as a tree for JSON and templates, and as shell text around the
 * command. A text that ends in a newline is a here-document; any other text, and files, come through a pipe, from builtins of
 * the shell alone, so that no value stands in an argv. The left end of a pipe can't stop a script: what asks for variables
 * stands before it. */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

static const struct pos nowhere;

bool
word_has_literal(const struct word *w) {
	size_t n = 0;

	for (size_t i = 0; i < w->nspan; i++)
		n += w->span[i].ref->from == REF_FOLDER ? 0 : w->span[i].len;
	return n < strlen(w->s);
}

bool
input_has_literal(const struct feed *feed) {
	if (feed && feed->kind == FEED_TEXT)
		return word_has_literal(&feed->text);
	for (size_t i = 0; feed && i < feed->nfile; i++)
		if (word_has_literal(&feed->file[i].content))
			return true;
	return false;
}

/* A text with ${NAME} for all that came from outside. */
static struct node *
shown(struct ctx *ctx, const struct word *w, bool redact) {
	struct buf b = {0};
	size_t at = 0;

	for (size_t i = 0; i < w->nspan; i++) {
		const struct span *s = &w->span[i];
		if (s->ref->from == REF_FOLDER)
			continue;
		buf_add(&b, w->s + at, s->off - at);
		buf_printf(&b, "${%s}", s->ref->name);
		at = s->off + s->len;
	}
	buf_adds(&b, w->s + at);
	struct node *n = node_str(ctx->mem, arena_take_buf(ctx->mem, &b), nowhere);
	n->flags |= redact && word_has_literal(w) ? NODE_SECRET : 0;
	return n;
}

/* One file of a feed. */
static struct node *
file_of(struct ctx *ctx, const struct feed_file *f, bool redact) {
	struct node *n = new_map(ctx);

	put(ctx, n, "path", f->path);
	put(ctx, n, "mode", arena_printf(ctx->mem, "0%03o", (unsigned)f->mode));
	put_int(ctx, n, "uid", f->uid);
	put_int(ctx, n, "gid", f->gid);
	put_node(ctx, n, "content", shown(ctx, &f->content, redact));
	return n;
}

struct node *
view_input(struct ctx *ctx, const struct step *s, bool redact) {
	const struct feed *feed = s->feed;
	struct node *n, *files;

	if (!feed)
		return node_new(ctx->mem, NODE_NULL, nowhere);
	n = new_map(ctx);
	put(ctx, n, "kind", feed->kind == FEED_TEXT ? "text" : "files");
	if (feed->kind == FEED_TEXT) {
		put_node(ctx, n, "text", shown(ctx, &feed->text, redact));
		return n;
	}
	files = new_list(ctx);
	for (size_t i = 0; i < feed->nfile; i++)
		node_append(ctx->mem, files, file_of(ctx, &feed->file[i], redact));
	put_node(ctx, n, "files", files);
	return n;
}

/* Does a line of the text say just this? */
static bool
has_line(const char *text, const char *line) {
	size_t n = strlen(line);

	for (; *text; text += *text == '\n') {
		size_t len = strcspn(text, "\n");
		if (len == n && memcmp(text, line, n) == 0)
			return true;
		text += len;
	}
	return false;
}

/* The word that ends the here-document of a feed; NULL when it can't be one. */
static const char *
delimiter_of(const struct feed *feed) {
	static const char *const words[] = {"EOF", "END_OF_INPUT", "STACKPLAN_INPUT"};
	const struct word *w = &feed->text;
	size_t n = w->s ? strlen(w->s) : 0;
	const struct span *last = w->nspan ? &w->span[w->nspan - 1] : NULL;

	if (feed->kind != FEED_TEXT || !n || w->s[n - 1] != '\n' ||
		(last && (size_t)last->off + last->len == n))
		return NULL;
	for (size_t i = 0; i < countof(words); i++)
		if (!has_line(w->s, words[i]))
			return words[i];
	return NULL;
}

/* Is something of the word for a shell to put in? */
static bool
is_filled_in(const struct word *w, const struct quote_refs *refs) {
	for (size_t i = 0; i < w->nspan; i++)
		if (w->span[i].ref->from != REF_FOLDER || refs->folder)
			return true;
	return false;
}

/* The word with plain $NAME for each reference: what must be set has been asked for before. */
static struct word
plain_references(struct ctx *ctx, const struct word *w) {
	struct span *span = arena_array(ctx->mem, w->nspan, sizeof(*span));
	struct word out = *w;

	for (size_t i = 0; i < w->nspan; i++) {
		struct ref *ref = arena_make(ctx->mem, struct ref);
		span[i] = w->span[i];
		if (span[i].ref->from == REF_FOLDER)
			continue;
		*ref = (struct ref){.from = REF_OUTPUT, .name = ref_shell_name(span[i].ref)};
		span[i].ref = ref;
	}
	out.span = span;
	return out;
}

/* A text as a word of shell; '' if it is empty. */
static void
add_text(struct ctx *ctx, struct buf *b, const struct word *w, const struct quote_refs *refs) {
	struct word plain = plain_references(ctx, w);

	quote_word(b, &plain, refs);
}

/* MODE UID GID PATH TEXT, as tar_files takes them; what the header of the file can't say before it as a file of mode x. */
static void
add_file(struct ctx *ctx, struct buf *b, const struct feed_file *f, const char *sep,
	const struct quote_refs *refs) {
	const char *records = tar_records(ctx, f);
	struct tar_head h = tar_head(ctx, f);

	if (*records) {
		buf_printf(b, "%sx 0 0 %s ", sep, TAR_RECORDS_NAME);
		quote_text(b, QUOTE_SH, records);
	}
	buf_printf(b, "%s%o %u %u ", sep, (unsigned)h.mode, (unsigned)h.uid, (unsigned)h.gid);
	quote_text(b, QUOTE_SH, h.name);
	buf_addc(b, ' ');
	add_text(ctx, b, &f->content, refs);
}

/* `: "${NAME:?...}"` for each variable from outside in a text that has not been asked for in SEEN. */
static void
add_checks(struct ctx *ctx, struct buf *b, const struct word *w, struct node *seen) {
	const struct quote_refs all = {.all_outside = true};

	for (size_t i = 0; i < w->nspan; i++) {
		const struct span *span = &w->span[i];
		struct span whole = {.off = 0, .len = span->len, .ref = span->ref};
		struct word one = {.span = &whole, .nspan = 1};
		if (span->ref->from == REF_FOLDER || span->ref->from == REF_OUTPUT ||
			node_find(seen, ref_shell_name(span->ref)))
			continue;
		put_bool(ctx, seen, ref_shell_name(span->ref), true);
		one.s = arena_strndup(ctx->mem, w->s + span->off, span->len);
		buf_adds(b, seen->n == 1 ? ": " : " ");
		quote_word(b, &one, &all);
	}
}

/* The variables that the pipe needs; false if it needs none. */
static bool
add_all_checks(struct ctx *ctx, struct buf *b, const struct step *s) {
	struct node *seen = new_map(ctx);

	if (s->feed->kind == FEED_TEXT)
		add_checks(ctx, b, &s->feed->text, seen);
	for (size_t i = 0; i < s->feed->nfile; i++)
		add_checks(ctx, b, &s->feed->file[i].content, seen);
	return seen->n > 0;
}

/* What writes into the pipe. */
static void
add_writer(struct ctx *ctx, struct buf *b, const struct step *s, const struct quote_refs *refs) {
	const struct feed *feed = s->feed;
	bool several = feed->nfile > 1 || (feed->nfile && *tar_records(ctx, &feed->file[0]));
	const char *sep = several ? " \\\n    " : " ";

	if (feed->kind == FEED_TEXT) {
		buf_adds(b, "printf %s ");
		add_text(ctx, b, &feed->text, refs);
	} else {
		buf_adds(b, "tar_files");
		for (size_t i = 0; i < feed->nfile; i++)
			add_file(ctx, b, &feed->file[i], sep, refs);
	}
	buf_adds(b, " |\n    ");
}

void
add_input_before(
	struct ctx *ctx, struct buf *b, const struct step *s, const struct quote_refs *refs) {
	struct buf checks = {0};

	if (!s->feed || delimiter_of(s->feed))
		return;
	if (add_all_checks(ctx, &checks, s))
		buf_printf(b, "%s%s\n", s->guarded ? "{\n" : "", buf_str(&checks));
	buf_free(&checks);
	add_writer(ctx, b, s, refs);
}

void
add_input_after(struct buf *b, const struct step *s, const struct quote_refs *refs) {
	const char *end = s->feed ? delimiter_of(s->feed) : NULL;

	if (end)
		buf_printf(b, is_filled_in(&s->feed->text, refs) ? " <<%s" : " <<'%s'", end);
}

void
add_input_end(struct ctx *ctx, struct buf *b, const struct step *s, const struct quote_refs *refs) {
	const char *end = s->feed ? delimiter_of(s->feed) : NULL;
	struct buf checks = {0};

	if (end) {
		buf_addc(b, '\n');
		if (is_filled_in(&s->feed->text, refs))
			add_heredoc_value(b, &s->feed->text, refs);
		else
			buf_adds(b, s->feed->text.s);
		buf_adds(b, end);
	} else if (s->feed && s->guarded && add_all_checks(ctx, &checks, s)) {
		buf_adds(b, "\n}");
	}
	buf_free(&checks);
}
