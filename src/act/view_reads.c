/* view_reads.c - how a script gets the values that it never contains: those that stand in env files are read from there when
 * it runs.
 *
 *   reads  [{file, path_sh, vars: [{name, script}]}]: a list for each file; SCRIPT is shell text that sets the variable */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

static const struct pos nowhere;

struct reading {
	struct ctx *ctx;
	const struct step_view *view;
	struct node *dotenv,
		*files; /* the lists: what is in .env is needed by other files, so it comes first */
	struct node *place; /* from a path to its entry */
	struct node *seen;  /* names of variables */
	bool *fills;        /* is one of them made of others */
};

/* A path as a word of shell, relative to the project folder where it is below. */
static const char *
path_word(const struct reading *r, const char *path) {
	const struct project *p = r->view->project;
	const char *rest = path_below(path, p->folder);
	struct text t = {0};
	struct buf b = {0};

	if (rest) {
		text_add_ref(&t, p->folder, p->folder_ref);
		text_add(&t, rest);
	} else {
		text_add(&t, path);
	}
	struct word w = text_take(r->ctx->mem, &t, nowhere);
	quote_word(&b, &w, &r->view->refs);
	return arena_take_buf(r->ctx->mem, &b);
}

/* The entry of a file, new or old. */
static struct node *
entry_of(const struct reading *r, const struct ref *ref) {
	bool first = ref->from == REF_DOTENV;
	const char *key = arena_printf(r->ctx->mem, "%d%s", first, ref->path);
	const char *rest = path_below(ref->path, r->view->project->folder);
	struct node *n = node_find(r->place, key);

	if (n)
		return n;
	n = new_map(r->ctx);
	put(r->ctx, n, "file", one_line(r->ctx, rest ? rest + 1 : ref->path));
	put(r->ctx, n, "path_sh", path_word(r, ref->path));
	put_node(r->ctx, n, "vars", new_list(r->ctx));
	put_node(r->ctx, r->place, key, n);
	node_append(r->ctx->mem, first ? r->dotenv : r->files, n);
	return n;
}

/* Is the variable IN there when the other one is read? */
static bool
comes_before(const struct ref *in, const struct ref *ref) {
	if (in->from == REF_ENVIRON || (in->from == REF_DOTENV && ref->from == REF_ENVFILE))
		return true;
	return in->from == ref->from && in->path && str_eq(in->path, ref->path);
}

/* May a shell function be called with this name set to another value? */
static bool
is_harmless(const char *name) {
	return !str_in("PATH IFS ENV", name) && !str_starts(name, "LD_");
}

/* Can a script read it by one line? */
static bool
is_readable(const struct ref *ref) {
	if (!ref->path || ref->line == LINE_OTHER)
		return false;
	for (size_t i = 0; ref->with && i < ref->with->nspan; i++) {
		const struct ref *in = ref->with->span[i].ref;
		if (!in->name || (in->as && !is_harmless(in->name)) || !comes_before(in, ref) ||
			(in->from != REF_ENVIRON && !is_readable(in)))
			return false;
	}
	return true;
}

/* What puts the variables that a line uses into it, under the names that it has for them. */
static void
add_fill(struct buf *b, const struct ref *ref) {
	if (!ref->with)
		return;
	buf_adds(b, " |");
	for (size_t i = 0; i < ref->with->nspan; i++) {
		const struct ref *in = ref->with->span[i].ref;
		if (in->as)
			buf_printf(b, " %s=$%s", in->name, in->as);
	}
	buf_adds(b, " fill");
}

/* Append the name for a pattern of sed. */
static void
add_pattern(struct buf *b, const char *name) {
	for (; *name; name++) {
		if (strchr(".[]", *name))
			buf_addc(b, '\\');
		buf_addc(b, *name);
	}
}

/* The shell text: a variable of .env may be given by the environment, one of an env_file is that of the file. */
static const char *
script_of(const struct reading *r, const struct ref *ref, const char *path) {
	static const char *const rule[] = {
		[LINE_OTHER] = "",
		[LINE_PLAIN] = "'s/^%s=//p'",
		[LINE_SPACED] = "'s/^%s=\\([^#]*[^#[:space:]]\\).*/\\1/p'",
		[LINE_SINGLE] = "\"s/^%s='\\(.*\\)'\\$/\\1/p\"",
		[LINE_DOUBLE] = "'s/^%s=\"\\(.*\\)\"$/\\1/p'",
	};
	const char *as = ref_shell_name(ref), *at = strstr(rule[ref->line], "%s");
	bool may_be_given = ref->from == REF_DOTENV && str_is_shell_name(ref->name);
	struct buf b = {0};

	buf_printf(&b, "%s=", as);
	if (may_be_given)
		buf_printf(&b, "${%s-", ref->name);
	buf_adds(&b, "$(sed -n ");
	buf_add(&b, rule[ref->line], (size_t)(at - rule[ref->line]));
	add_pattern(&b, ref->name);
	buf_printf(&b, "%s %s", at + 2, path);
	add_fill(&b, ref);
	buf_addc(&b, ')');
	if (may_be_given)
		buf_addc(&b, '}');
	return arena_take_buf(r->ctx->mem, &b);
}

/* Note one reference, after those that it needs. A variable can need only those before it. */
static void
add_ref(const struct reading *r, const struct ref *ref) {
	const char *as = ref_shell_name(ref);
	struct node *entry, *var;

	if (!is_readable(ref) || node_find(r->seen, as))
		return;
	put_bool(r->ctx, r->seen, as, true);
	for (size_t i = 0; ref->with && i < ref->with->nspan; i++)
		add_ref(r, ref->with->span[i].ref);
	*r->fills = *r->fills || ref->with;
	entry = entry_of(r, ref);
	var = new_map(r->ctx);
	put(r->ctx, var, "name", as);
	put(r->ctx, var, "script", script_of(r, ref, node_text(node_find(entry, "path_sh"))));
	node_append(r->ctx->mem, node_find(entry, "vars"), var);
}

/* Note the references that a word is written with. */
static void
add_word(const struct reading *r, const struct word *w, const struct quote_refs *refs) {
	for (size_t i = 0; i < w->nspan; i++)
		if (quote_refers(w, i, refs))
			add_ref(r, w->span[i].ref);
}

/* The same for all words of a step. */
static void
add_step(const struct reading *r, const struct step *s) {
	struct quote_refs all = r->view->refs;

	all.all_outside = true;
	for (size_t i = 0; !step_is_plain(s) && i < s->argv.n; i++)
		add_word(r, &s->argv.v[i], &r->view->refs);
	for (size_t i = 0; i < s->npass; i++)
		if (!s->pass[i].unset)
			add_word(r, &s->pass[i].value, &all);
	if (s->feed)
		add_word(r, &s->feed->text, &all);
	for (size_t i = 0; s->feed && i < s->feed->nfile; i++)
		add_word(r, &s->feed->file[i].content, &all);
}

struct node *
view_reads(struct ctx *ctx, const struct plan *p, const struct step_view *view, bool *fills) {
	const struct reading r = {.ctx = ctx,
		.view = view,
		.dotenv = new_list(ctx),
		.files = new_list(ctx),
		.place = new_map(ctx),
		.seen = new_map(ctx),
		.fills = fills};

	for (size_t i = 0; i < p->nstep; i++)
		add_step(&r, p->step[i]);
	for (size_t i = 0; i < r.files->n; i++)
		node_append(ctx->mem, r.dotenv, r.files->u.item[i]);
	return r.dotenv;
}
