/* view_script.c - a step as shell text: the variables that docker is given before the command or by a here-document, the command
 * itself broken into lines, and the test of its outcome.
 * Values from outside are references that ask for the variable; those of the spec stand where no argv shows them. */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

static const struct pos nowhere;

/* Where a value comes from, for people. */
static const char *
source_of(const struct passed *p) {
	const struct ref *ref = p->value.nspan ? p->value.span[0].ref : NULL;

	if (p->unset)
		return "nowhere";
	if (!ref || ref->from == REF_FOLDER)
		return "spec";
	return ref->file ? ref->file : "environment";
}

struct node *
view_env(struct ctx *ctx, const struct step *s, const struct quote_refs *refs, bool redact) {
	struct node *list = new_list(ctx);
	struct quote_refs all = *refs;

	all.all_outside = true;
	for (size_t i = 0; i < s->npass; i++) {
		const struct passed *p = &s->pass[i];
		struct node *n = new_map(ctx), *value;
		struct buf b = {0};
		quote_value(&b, &p->value, &all);
		value = node_str(ctx->mem, arena_take_buf(ctx->mem, &b), nowhere);
		value->flags |= redact ? NODE_SECRET : 0;
		put(ctx, n, "name", p->name);
		put_node(ctx, n, "value", value);
		put(ctx, n, "from", source_of(p));
		put_bool(ctx, n, "unset", p->unset);
		put_bool(ctx, n, "by_file", p->by_file);
		node_append(ctx->mem, list, n);
	}
	return list;
}

void
add_heredoc_text(struct buf *b, const char *text, size_t n) {
	for (size_t i = 0; i < n; i++) {
		if (strchr("\\$`", text[i]))
			buf_addc(b, '\\');
		buf_addc(b, text[i]);
	}
}

/* ${NAME:?...}, or $NAME for what a command said, as the quoting of words has it, without its double quotes. */
static void
add_heredoc_reference(struct buf *b, const struct word *w, const struct span *span) {
	struct span whole = {.off = 0, .len = span->len, .ref = span->ref};
	struct buf value = {0}, quoted = {0};

	buf_add(&value, w->s + span->off, span->len);
	quote_word(&quoted, &(struct word){.s = buf_str(&value), .span = &whole, .nspan = 1},
		&(struct quote_refs){.all_outside = true});
	/* what follows may be a letter: $NAME gets its braces */
	if (span->ref->from == REF_OUTPUT)
		buf_printf(b, "${%.*s}", (int)quoted.n - 3, quoted.s + 2);
	else
		buf_add(b, quoted.s + 1, quoted.n - 2);
	buf_free(&quoted);
	buf_free(&value);
}

void
add_heredoc_value(struct buf *b, const struct word *w, const struct quote_refs *refs) {
	size_t at = 0;

	for (size_t i = 0; i < w->nspan; i++) {
		const struct span *span = &w->span[i];
		add_heredoc_text(b, w->s + at, span->off - at);
		at = span->off + span->len;
		if (span->ref->from == REF_FOLDER && refs->folder && refs->folder[0] == '$') {
			buf_printf(b, "${%s}", refs->folder + 1);
		} else if (span->ref->from == REF_FOLDER) {
			add_heredoc_text(b, w->s + span->off, span->len);
		} else if (span->len || span->ref->from == REF_OUTPUT) {
			add_heredoc_reference(b, w, span);
		}
	}
	add_heredoc_text(b, w->s + at, strlen(w->s + at));
}

/* Is a value from outside passed on under the name it has already? */
static bool
is_same(const struct passed *p) {
	const struct span *span = p->value.span;

	return p->value.nspan == 1 && !span->off && !p->value.s[span->len] && span->ref->name &&
	       str_eq(ref_shell_name(span->ref), p->name);
}

/* Count in READERS, by position, how many values that are still to come read each variable; BY is 1 or -1 for value K. */
static void
count_reads(const struct step *s, size_t k, const struct node *place, int64_t *readers, int by) {
	const struct word *v = &s->pass[k].value;

	for (size_t j = 0; j < v->nspan && !is_same(&s->pass[k]); j++) {
		int64_t i;
		const char *name = ref_shell_name(v->span[j].ref);
		if (name && node_to_int(node_find(place, name), &i) && (size_t)i != k)
			readers[i] += by;
	}
}

/* A value as a script has it. One of which the spec itself says a part is not told, and is asked for. */
static void
add_value(struct buf *b, const struct passed *p, const struct node *env, bool redact) {
	if (redact && word_has_literal(&p->value))
		buf_printf(b, "\"${%s:?its value is kept out of here}\"", p->name);
	else
		buf_adds(b, node_text(node_find(env, "value")));
}

/* "A=1 \" for each value. A shell lets each see those before it, so readers come first. */
static void
add_values(
	struct ctx *ctx, struct buf *b, const struct step *s, const struct node *env, bool redact) {
	bool *done = arena_array(ctx->mem, s->npass, sizeof(bool));
	int64_t *readers = arena_array(ctx->mem, s->npass, sizeof(*readers));
	struct node *place = new_map(ctx);
	bool again = true, force = false;

	for (size_t i = 0; i < s->npass; i++)
		node_set(ctx->mem, place, s->pass[i].name, nowhere,
			node_int(ctx->mem, (int64_t)i, nowhere));
	for (size_t i = 0; i < s->npass; i++)
		if (!(done[i] = s->pass[i].unset || s->pass[i].by_file))
			count_reads(s, i, place, readers, 1);
	while (again || !force) {
		force = !again;
		again = false;
		for (size_t i = 0; i < s->npass; i++) {
			if (done[i] || (!force && !is_same(&s->pass[i]) && readers[i]))
				continue;
			buf_printf(b, "%s=", s->pass[i].name);
			add_value(b, &s->pass[i], env->u.item[i], redact);
			buf_adds(b, " \\\n");
			done[i] = again = true;
			count_reads(s, i, place, readers, -1);
		}
	}
}

/* "A=1 \", "env -u B \": what stands before the command. */
static void
add_assignments(
	struct ctx *ctx, struct buf *b, const struct step *s, const struct node *env, bool redact) {
	bool unset = false;

	add_values(ctx, b, s, env, redact);
	for (size_t i = 0; i < s->npass; i++) {
		if (!s->pass[i].unset)
			continue;
		buf_printf(b, "%s-u ", unset ? "" : "env ");
		quote_text(b, QUOTE_SH, s->pass[i].name);
		buf_addc(b, ' ');
		unset = true;
	}
}

/* Is a variable given by file? */
static bool
has_file(const struct step *s) {
	for (size_t i = 0; i < s->npass; i++)
		if (s->pass[i].by_file)
			return true;
	return false;
}

/* The document of these variables. */
static void
add_file(struct buf *b, const struct step *s, const struct quote_refs *refs, bool redact) {
	for (size_t i = 0; i < s->npass; i++) {
		if (!s->pass[i].by_file)
			continue;
		buf_addc(b, '\n');
		add_heredoc_text(b, s->pass[i].name, strlen(s->pass[i].name));
		buf_addc(b, '=');
		if (redact && word_has_literal(&s->pass[i].value))
			buf_printf(b, "${%s:?its value is kept out of here}", s->pass[i].name);
		else
			add_heredoc_value(b, &s->pass[i].value, refs);
	}
	buf_adds(b, "\nSTACKPLAN_ENV");
}

/* Does a word of the command stand for several? */
static bool
is_split(const struct step *s) {
	for (size_t i = s->argv.n; i-- > 0;)
		if (word_is_many(&s->argv.v[i]))
			return true;
	return false;
}

bool
script_is_command(const struct step *s) {
	return !s->npass && !s->feed && (step_is_plain(s) || !is_split(s));
}

struct node *
view_script(struct ctx *ctx, const struct step *s, const char *command,
	const struct quote_refs *refs, bool redact) {
	bool kept = redact && input_has_literal(s->feed);
	struct buf b = {0};

	if (script_is_command(s))
		return node_str(ctx->mem, command, nowhere);
	if (is_split(s)) /* at line ends, and nothing is taken for a pattern */
		buf_adds(&b, "# shellcheck disable=SC2086 # each line is a word\n"
			     "( set -f; IFS=$(printf '\\n.'); IFS=${IFS%.}; ");
	if (!kept)
		add_input_before(ctx, &b, s, refs);
	add_assignments(ctx, &b, s, view_env(ctx, s, refs, false), redact);
	buf_adds(&b, command);
	if (kept)
		buf_printf(&b,
			" <\"${INPUT_%u:?the file with its input, which is kept out of here}\"",
			s->id);
	if (has_file(s))
		buf_adds(&b, " 3<<STACKPLAN_ENV");
	if (!kept)
		add_input_after(&b, s, refs);
	if (has_file(s))
		add_file(&b, s, refs, redact);
	if (!kept)
		add_input_end(ctx, &b, s, refs);
	if (is_split(s))
		buf_adds(&b, has_file(s) || s->feed ? "\n)" : " )");
	return node_str(ctx->mem, arena_take_buf(ctx->mem, &b), nowhere);
}

const char *
view_test(struct ctx *ctx, const struct step *s, const char *command) {
	const struct extra *x = step_extra(s);
	struct buf b = {0}, text = {0};
	const char *both = s->both ? " 2>&1" : "";

	quote_text(&text, QUOTE_SH, x->expect ? x->expect : "");
	if (x->how == EXPECT_EQUAL)
		buf_printf(&b, "[ \"$(%s%s)\" = %s ]", command, both, buf_str(&text));
	else if (x->expect_exit)
		buf_printf(&b, "{ rc=0; %s%s || rc=$?; [ \"$rc\" -eq %lld ]; }", command, both,
			(long long)x->expect_exit);
	else if (x->how == EXPECT_ANY)
		buf_adds(&b, command);
	else
		buf_printf(&b, "%s%s | grep %s -e %s", command, both,
			x->how == EXPECT_REGEX ? "-E" : "-F", buf_str(&text));
	buf_free(&text);
	return arena_take_buf(ctx->mem, &b);
}
