/* interp.c - $NAME and ${NAME...} inside texts.
 *
 * Starts at interp_text() for one text and interp_tree() for every scalar of a tree. expand() walks
 * a text and adds to the result; braced() takes one ${...} apart, apply() does what its operator
 * says, both come back to expand() for the text inside, at most MAX_DEPTH deep. Values keep the
 * spans that tell where they came from. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/node.h>
#include <string.h>

#include "spec_int.h"

enum {
	MAX_DEPTH = 32,
	MAX_EXACT = 200,       /* places inside a scalar that are worked out, per run */
	MAX_TEXT = 4 << 20,    /* bytes of one text */
	MAX_VALUES = 64 << 20, /* bytes that variables bring, per run */
};

/* One text being expanded. */
struct job {
	struct ctx *ctx;
	struct interp *run;
	const struct word *in; /* the whole text, for places and slices */
	struct text out;
};

static bool expand(struct job *, size_t from, size_t to, unsigned depth);

/* May a name begin with this? */
static bool
is_name_start(char c) {
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* How many bytes from FROM on make a variable's name. */
static size_t
name_length(const char *s, size_t from, size_t to) {
	size_t i = from;

	if (i < to && is_name_start(s[i]))
		for (i++; i < to && (is_name_start(s[i]) || (s[i] >= '0' && s[i] <= '9')); i++)
			;
	return i - from;
}

/* The place of byte OFF of the text. */
static struct pos
place(const struct job *job, size_t off) {
	if (job->run->nplaced++ >= MAX_EXACT)
		return job->in->at;
	return interp_place(job->ctx, job->in->at, job->in->s, off);
}

/* Report a wrong form at its '$'. Always false. */
static bool
wrong_form(struct job *job, size_t dollar, const char *why) {
	diag(job->ctx, SEV_ERROR, place(job, dollar), "bad-interpolation",
		"%s; ${NAME}, ${NAME:-default}, ${NAME:?message} are right, and a '$' of its own "
		"is written '$$'",
		why);
	return false;
}

/* Add what a variable holds, if it is set; false when that is too much. */
static bool
add_value(struct job *job, const struct env_var *var, size_t dollar) {
	if (!var)
		return true;
	job->run->nbytes += strlen(var->value.s);
	text_add_word(&job->out, &var->value);
	if (job->run->nbytes <= MAX_VALUES && job->out.n <= MAX_TEXT)
		return true;
	diag(job->ctx, SEV_ERROR, place(job, dollar), "too-long",
		"the values of variables make this longer than 4 MiB, or the file longer than 64 "
		"MiB");
	return false;
}

/* The value of a variable, or NULL after one warning for each unset name. */
static const struct env_var *
value_of(struct job *job, size_t name, size_t len, size_t dollar) {
	const struct env_var *var = lookup_find(&job->run->in, job->in->s + name, len);

	if (!var && !env_find(job->run->warned, job->in->s + name, len)) {
		char *copy = arena_strndup(job->ctx->mem, job->in->s + name, len);

		env_set(job->ctx, job->run->warned, copy, "");
		diag(job->ctx, SEV_WARNING, place(job, dollar), "unset-variable",
			"variable '%s' is not set, an empty text takes its place", copy);
	}
	return var;
}

/* Report ${NAME?message}. The message is shown as it came out only when nothing from outside is in
 * it. */
static bool
required(struct job *job, size_t dollar, const char *name, size_t from, size_t to, unsigned depth) {
	struct job inner = {.ctx = job->ctx, .run = job->run, .in = job->in};
	bool good = expand(&inner, from, to, depth + 1);
	struct word said = text_take(job->ctx->mem, &inner.out, (struct pos){0});

	if (!good)
		return false;
	if (word_is_outside(&said))
		said.s = arena_strndup(job->ctx->mem, job->in->s + from, to - from);
	diag(job->ctx, SEV_ERROR, place(job, dollar), "required-variable",
		"required variable '%s' is missing a value%s%s", name, *said.s ? ": " : "", said.s);
	return false;
}

/* Do what the operator at OP says; the text after it ends at TO. */
static bool
apply(struct job *job, size_t dollar, size_t name, size_t len, size_t op, size_t to,
	unsigned depth) {
	const char *s = job->in->s;
	bool colon = s[op] == ':';
	char sign = s[op + colon];
	size_t from = op + colon + 1;
	const struct env_var *var = lookup_find(&job->run->in, s + name, len);
	bool given = var && !(colon && !*var->value.s);

	if (sign == '+' ? given : sign == '-' && !given)
		return expand(job, from, to, depth + 1);
	if (sign == '?' && !given)
		return required(
			job, dollar, arena_strndup(job->ctx->mem, s + name, len), from, to, depth);
	return add_value(job, var, dollar);
}

/* The '}' that closes the '{' at OPEN, by counting braces; TO when there is none. */
static size_t
closing(const char *s, size_t open, size_t to) {
	size_t depth = 0;

	for (size_t i = open; i < to; i++) {
		if (s[i] == '{')
			depth++;
		else if (s[i] == '}' && --depth == 0)
			return i;
	}
	return to;
}

/* One ${...} whose '$' is at DOLLAR; *NEXT gets what follows it. */
static bool
braced(struct job *job, size_t dollar, size_t to, size_t *next, unsigned depth) {
	const char *s = job->in->s;
	size_t name = dollar + 2, end = closing(s, dollar + 1, to);
	size_t len = name_length(s, name, end), op = name + len;

	*next = end + 1;
	if (end == to)
		return wrong_form(job, dollar, "'${' is never closed by a '}'");
	if (memchr(s + name, '\n', end - name))
		return wrong_form(job, dollar, "'${...}' cannot hold a line break");
	if (!len)
		return wrong_form(job, dollar, "'${' wants a name of letters, digits and '_'");
	if (op == end)
		return add_value(job, value_of(job, name, len, dollar), dollar);
	if (!strchr("-+?", s[op + (s[op] == ':')]))
		return wrong_form(job, dollar,
			"a name in '${...}' is followed by one of '}', '-', ':-', '+', ':+', '?', "
			"':?'");
	return apply(job, dollar, name, len, op, end, depth);
}

/* Add bytes FROM .. TO of the text to the result, variables replaced. */
static bool
expand(struct job *job, size_t from, size_t to, unsigned depth) {
	const char *s = job->in->s;

	if (depth > MAX_DEPTH)
		return wrong_form(job, from, "'${...}' is nested more than 32 deep");
	while (from < to) {
		const char *dollar = memchr(s + from, '$', to - from);
		size_t at = dollar ? (size_t)(dollar - s) : to, len = 0;

		text_add_slice(&job->out, job->in, from, at - from);
		from = at + 1;
		if (at == to)
			break;
		if (from < to && s[from] == '$') {
			text_add_slice(&job->out, job->in, from++, 1);
		} else if (from < to && s[from] == '{') {
			if (!braced(job, at, to, &from, depth))
				return false;
		} else if ((len = name_length(s, from, to)) > 0) {
			if (!add_value(job, value_of(job, from, len, at), at))
				return false;
			from += len;
		} else {
			text_add_slice(&job->out, job->in, at, 1);
		}
	}
	return true;
}

bool
interp_text(struct ctx *ctx, struct interp *run, const struct word *in, unsigned node_flags,
	struct word *out) {
	struct job job = {.ctx = ctx, .run = run, .in = in};
	bool good;

	(void)node_flags; /* the source itself tells whether a place inside is exact */
	if (!strchr(in->s, '$')) {
		*out = *in;
		return true;
	}
	good = expand(&job, 0, strlen(in->s), 0);
	*out = text_take(ctx->mem, &job.out, in->at);
	return good;
}

bool
interp_word(struct ctx *ctx, const struct word *in, unsigned node_flags, const struct env *env,
	struct word *out) {
	struct interp run = {.in = {{env}}, .warned = env_new(ctx, NULL)};

	return interp_text(ctx, &run, in, node_flags, out);
}

/* A string with its variables replaced, as a node of its own (aliases may share a scalar); NULL
 * after an error. */
static struct node *
scalar(struct ctx *ctx, struct interp *run, const struct node *node) {
	struct word in = node_word(node), out;
	struct node *made;

	if (!interp_text(ctx, run, &in, node->flags, &out))
		return NULL;
	made = node_from_word(ctx->mem, out);
	made->flags = node->flags;
	made->at = node->at;
	return made;
}

static bool tree(struct ctx *, struct interp *, struct node *);

/* The node to stand where NODE stood: itself, or a new scalar; NULL when the scalar failed. *GOOD
 * turns false then. */
static struct node *
replaced(struct ctx *ctx, struct interp *run, struct node *node, bool *good) {
	struct node *now = node;

	if (node->type == NODE_STR && strchr(node_text(node), '$')) {
		now = scalar(ctx, run, node);
		*good = *good && now;
	} else if (node->type == NODE_LIST || node->type == NODE_MAP) {
		*good = tree(ctx, run, node) && *good;
	}
	return now;
}

/* Interpolate what is below a list or map. What failed is left out, so that later stages say
 * nothing about it. */
static bool
tree(struct ctx *ctx, struct interp *run, struct node *node) {
	struct node *kept = NULL;
	bool good = true;

	for (size_t i = 0; i < node->n; i++) {
		struct node **slot =
			node->type == NODE_MAP ? &node->u.member[i].val : &node->u.item[i];
		struct node *now = replaced(ctx, run, *slot, &good);

		if (!now && !kept)
			kept = node_new(ctx->mem, node->type, node->at);
		*slot = now;
	}
	if (!kept)
		return good;
	for (size_t i = 0; i < node->n; i++) {
		if (node->type == NODE_LIST && node->u.item[i])
			node_append(ctx->mem, kept, node->u.item[i]);
		else if (node->type == NODE_MAP && node->u.member[i].val)
			node_add(ctx->mem, kept, node->u.member[i].key, node->u.member[i].at,
				node->u.member[i].val);
	}
	kept->flags = node->flags;
	*node = *kept;
	return false;
}

bool
interp_tree(struct ctx *ctx, struct node *top, const struct env *env) {
	struct interp run = {.in = {{env}}, .warned = env_new(ctx, NULL)};
	struct node *now;
	bool good = true;

	if (!top)
		return true;
	now = replaced(ctx, &run, top, &good);
	if (now && now != top)
		*top = *now;
	return good;
}
