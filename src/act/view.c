/* view.c - the plan as a tree: what JSON prints and what templates see.
 *
 * The contract (members of the top, in this order):
 *   format_version  "1.0"; minor versions add members
 *   project         name of the project
 *   engine          "docker"
 *   program         the engine's program as commands call it
 *   call            the same with the words that each command has after it (--host ...), as shell text
 *   version         of stackplan
 *   about           text of x-stackplan: about, or ""; about_lines: [line] of it
 *   files           [name] of the spec's files, as from the project folder
 *   spec_sh         the first of them as a shell word
 *   folder          what stands for the project folder in commands
 *   labels          are bookkeeping labels written
 *   tar_files       do scripts of the steps need the shell function tar_files (tar.sh)
 *   reads           the values that scripts read from env files, see view_reads.c
 *   fills           do they need the shell function fill (fill.sh)
 *   steps           [step], see view_step.c
 *   checks          are there checks among the steps
 *   down            {steps: [step], has_batch}: how to remove the stack, where it was asked for; has_batch: a command is for several
 *   containers, networks, volumes   [{name, title, about, image, last}] that the plan makes or removes
 *   graph           {nodes, edges}: the stack as a picture, see view_graph.c
 *   fence           a Markdown fence longer than any in the commands
 *   totals          {steps, pulls, networks, volumes, containers, gates, checks, text} */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/engine.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

static const struct pos nowhere;

struct node *
new_map(struct ctx *ctx) {
	return node_new(ctx->mem, NODE_MAP, nowhere);
}

struct node *
new_list(struct ctx *ctx) {
	return node_new(ctx->mem, NODE_LIST, nowhere);
}

void
put_node(struct ctx *ctx, struct node *map, const char *key, struct node *val) {
	node_add(ctx->mem, map, key, nowhere, val);
}

void
put(struct ctx *ctx, struct node *map, const char *key, const char *text) {
	put_node(ctx, map, key, node_str(ctx->mem, text ? text : "", nowhere));
}

void
put_int(struct ctx *ctx, struct node *map, const char *key, int64_t v) {
	put_node(ctx, map, key, node_int(ctx->mem, v, nowhere));
}

void
put_bool(struct ctx *ctx, struct node *map, const char *key, bool v) {
	put_node(ctx, map, key, node_bool(ctx->mem, v, nowhere));
}

const char *
one_line(struct ctx *ctx, const char *text) {
	const char *c = text;
	char *copy;

	while ((unsigned char)*c >= ' ' && *c != 127)
		c++;
	if (!*c)
		return text;
	copy = arena_strdup(ctx->mem, text);
	for (char *p = copy; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = ' ';
	return copy;
}

/* The lines of a text. */
static struct node *
lines_of(struct ctx *ctx, const char *text) {
	struct node *list = new_list(ctx);

	while (*text) {
		size_t n = strcspn(text, "\n");
		node_append(ctx->mem, list,
			node_str(ctx->mem, one_line(ctx, arena_strndup(ctx->mem, text, n)),
				nowhere));
		text += n + (text[n] == '\n');
	}
	return list;
}

/* Files as seen from the project folder. */
static struct node *
files_of(struct ctx *ctx, const struct project *p) {
	struct node *list = new_list(ctx);

	for (size_t i = 0; i < p->nfile; i++) {
		const char *name = p->file[i].s;
		if (name[0] == '/')
			name = path_relative(ctx->mem, p->folder, name);
		node_append(ctx->mem, list, node_str(ctx->mem, one_line(ctx, name), nowhere));
	}
	return list;
}

/* The first file as a word of a shell script; one that is there wherever it runs when the spec came from standard input. */
static const char *
spec_word(struct ctx *ctx, const struct node *files) {
	struct buf b = {0};
	const char *name = files->n ? node_text(files->u.item[0]) : "";

	quote_text(&b, QUOTE_SH, *name && !str_eq(name, "-") ? name : ".");
	return arena_take_buf(ctx->mem, &b);
}

/* Makes the steps of a plan one after another, in an arena of their own that is emptied for the next one. */
struct step_maker {
	struct node_maker base;
	struct ctx ctx;
	struct arena_mark empty;
	struct step_view view;
};

/* Have what the next steps are made of fetched. */
static void
step_ahead(const struct plan *p, size_t i) {
	enum { NEAR = 2, FAR = 4 };

	if (i + FAR >= p->nstep)
		return;
	const struct step *near = p->step[i + NEAR];
	memory_ahead(p->step[i + FAR], sizeof(*near));
	memory_ahead(near->argv.v, near->argv.n * sizeof(*near->argv.v));
	memory_ahead(near->why, 32);
	if (near->service)
		project_ahead(p->project, near->service->place);
}

static struct node *
make_step(struct node_maker *base, size_t i) {
	struct step_maker *m = (struct step_maker *)base;

	step_ahead(m->view.plan, i);
	if (m->view.options.between)
		m->view.options.between(m->view.options.arg);
	if (base->readers == 1)
		arena_rewind(m->ctx.mem, m->empty);
	return view_step(&m->ctx, &m->view, m->view.plan->step[i]);
}

static struct node *
steps_of(struct ctx *ctx, const struct plan *p, const struct step_view *view) {
	struct step_maker *m = arena_make(ctx->mem, struct step_maker);

	m->base.make = make_step;
	m->ctx = (struct ctx){.mem = arena_below(ctx->mem), .diags = ctx->diags};
	arena_alloc(m->ctx.mem, 1);
	m->empty = arena_mark(m->ctx.mem);
	m->view = *view;
	m->view.plan = p;
	return node_made_list(ctx->mem, &m->base, p->nstep);
}

/* The things of one kind that the plan makes or removes, each once. */
static struct node *
things_of(struct ctx *ctx, const struct plan *p, enum kind kind) {
	struct node *list = new_list(ctx), *n = NULL;

	for (size_t i = 0; i < p->nstep; i++) {
		const struct step *s = p->step[i];
		bool made = s->act == ACT_CREATE || s->act == ACT_RUN || s->act == ACT_REMOVE;
		if (s->kind != kind || !s->res || !made)
			continue;
		n = new_map(ctx);
		put(ctx, n, "name", s->name);
		put(ctx, n, "title", s->title);
		put(ctx, n, "about",
			s->service ? one_line(ctx, about_of(ctx, s->service->tree)) : "");
		put(ctx, n, "image", s->service ? s->service->image.s : "");
		put_bool(ctx, n, "last", false);
		node_append(ctx->mem, list, n);
	}
	if (n)
		node_set(ctx->mem, n, "last", nowhere, node_bool(ctx->mem, true, nowhere));
	return list;
}

/* What is in a plan. */
struct tally {
	int64_t n[ACT_REMOVE + 1][KIND_CONTAINER + 1]; /* steps that do this to things of a kind */
	bool feeds_files; /* a command reads files from its standard input */
};

static struct tally
tally_of(const struct plan *p) {
	struct tally t = {0};

	for (size_t i = 0; i < p->nstep; i++) {
		const struct step *s = p->step[i];
		if (!step_extra(s)->hook)
			t.n[s->act][s->kind] += s->batch ? s->batch : 1;
		t.feeds_files = t.feeds_files || (s->feed && s->feed->kind == FEED_FILES);
	}
	return t;
}

/* "1 network, 2 containers": what is not zero. "3 steps" where nothing of that is made or removed. */
static const char *
totals_text(struct ctx *ctx, const struct node *totals) {
	struct buf b = {0};
	int64_t steps;

	for (size_t i = 1; i < totals->n; i++) {
		const struct member *m = &totals->u.member[i];
		size_t n = strlen(m->key);
		int64_t v;
		if (!node_to_int(m->val, &v) || !v)
			continue;
		buf_printf(&b, "%s%lld %.*s", b.n ? ", " : "", (long long)v,
			(int)(v == 1 ? n - 1 : n), m->key);
	}
	if (!b.n && node_to_int(totals->u.member[0].val, &steps) && steps)
		buf_printf(&b, "%lld step%s", (long long)steps, steps == 1 ? "" : "s");
	return b.n ? arena_take_buf(ctx->mem, &b) : "nothing";
}

/* What the plan makes or removes, in numbers. */
static struct node *
totals_of(struct ctx *ctx, const struct plan *p, const struct tally *t) {
	struct node *n = new_map(ctx);

	put_int(ctx, n, "steps", (int64_t)p->nstep);
	put_int(ctx, n, "pulls", t->n[ACT_PULL][KIND_IMAGE]);
	put_int(ctx, n, "builds", t->n[ACT_BUILD][KIND_IMAGE]);
	put_int(ctx, n, "networks",
		t->n[ACT_CREATE][KIND_NETWORK] + t->n[ACT_REMOVE][KIND_NETWORK]);
	put_int(ctx, n, "volumes", t->n[ACT_CREATE][KIND_VOLUME] + t->n[ACT_REMOVE][KIND_VOLUME]);
	put_int(ctx, n, "containers",
		t->n[ACT_RUN][KIND_CONTAINER] + t->n[ACT_CREATE][KIND_CONTAINER] +
			t->n[ACT_REMOVE][KIND_CONTAINER]);
	put_int(ctx, n, "gates", t->n[ACT_WAIT][KIND_CONTAINER]);
	put_int(ctx, n, "checks", t->n[ACT_CHECK][KIND_CONTAINER]);
	put(ctx, n, "text", totals_text(ctx, n));
	return n;
}

/* The longest run of backquotes in the words. */
static size_t
longest_run(const struct words *w, size_t longest) {
	for (size_t i = 0; i < w->n; i++) {
		size_t run = 0;
		for (const char *s = w->v[i].s; *s; s++) {
			run = *s == '`' ? run + 1 : 0;
			longest = run > longest ? run : longest;
		}
	}
	return longest;
}

/* The same in what a command reads. */
static size_t
feed_run(const struct feed *feed, size_t longest) {
	struct word w = feed ? feed->text : (struct word){0};

	if (feed && feed->kind == FEED_TEXT)
		longest = longest_run(&(struct words){.v = &w, .n = 1}, longest);
	for (size_t i = 0; feed && i < feed->nfile; i++) {
		w = feed->file[i].content;
		longest = longest_run(&(struct words){.v = &w, .n = 1}, longest);
	}
	return longest;
}

/* Longer than any run of backquotes in the commands, their variables and their input. */
static const char *
fence_of(struct ctx *ctx, const struct plan *p) {
	size_t longest = 2;
	struct buf b = {0};

	for (size_t i = 0; i < p->nstep; i++) {
		const struct step *s = p->step[i];
		struct arena_mark mark = arena_mark(ctx->mem);
		struct words words = step_words(ctx, p, s);
		longest = longest_run(&words, longest);
		arena_rewind(ctx->mem, mark);
		for (size_t k = 0; k < s->npass; k++)
			longest = longest_run(
				&(struct words){.v = &s->pass[k].value, .n = 1}, longest);
		longest = feed_run(s->feed, longest);
	}
	for (size_t i = 0; i <= longest; i++)
		buf_addc(&b, '`');
	return arena_take_buf(ctx->mem, &b);
}

/* The program and the words that each command has after it, as shell text. */
static const char *
call_of(struct ctx *ctx, const struct plan *p, const struct view_options *o) {
	static const struct quote_refs refs = {0};
	struct words w = {0};

	words_push(ctx->mem, &w, p->engine->program, (struct pos){0});
	words_push_all(ctx->mem, &w, &o->global);
	return view_quote(ctx, &w, &refs)->text;
}

/* Is a command for several containers? */
static bool
has_batch(const struct plan *p) {
	for (size_t i = 0; i < p->nstep; i++)
		if (p->step[i]->batch)
			return true;
	return false;
}

/* The plan that removes the stack. */
static void
put_down(struct ctx *ctx, struct node *v, const struct plan *down, const struct step_view *view) {
	struct node *n = new_map(ctx);

	put_node(ctx, n, "steps", steps_of(ctx, down, view));
	put_bool(ctx, n, "has_batch", has_batch(down));
	put_node(ctx, v, "down", n);
}

/* What scripts read from files. */
static void
put_reads(struct ctx *ctx, struct node *v, const struct plan *p, const struct step_view *view) {
	bool fills = false;

	put_node(ctx, v, "reads", view_reads(ctx, p, view, &fills));
	put_bool(ctx, v, "fills", fills);
}

struct node *
view_make(struct ctx *ctx, const struct plan *p, const struct view_options *o) {
	struct step_view *view = arena_make(ctx->mem, struct step_view);
	const char *about = about_of(ctx, p->project->doc);
	const struct tally tally = tally_of(p);
	struct node *v = new_map(ctx);

	view->project = p->project;
	view->refs.folder = o->folder;
	view->redact = o->redact;
	view->whole = !o->uses;
	view->options = *o;
	view->cache = arena_make(ctx->mem, struct member_cache);
	view->mem = ctx->mem;

	put(ctx, v, "format_version", "1.0");
	put(ctx, v, "project", p->project->name);
	put(ctx, v, "engine", p->engine->name);
	put(ctx, v, "program", p->engine->program);
	put(ctx, v, "call", call_of(ctx, p, o));
	put(ctx, v, "version", STACKPLAN_VERSION);
	put(ctx, v, "about", about);
	put_node(ctx, v, "about_lines", lines_of(ctx, about));
	put_node(ctx, v, "files", files_of(ctx, p->project));
	put(ctx, v, "spec_sh", spec_word(ctx, node_find(v, "files")));
	put(ctx, v, "folder", o->folder ? o->folder : p->project->folder);
	put_bool(ctx, v, "labels", p->labels);
	put_bool(ctx, v, "removes", p->down);
	put_bool(ctx, v, "tar_files", tally.feeds_files);
	if (!o->uses || strstr(o->uses, "reads"))
		put_reads(ctx, v, p, view);
	put_node(ctx, v, "steps", steps_of(ctx, p, view));
	put_bool(ctx, v, "checks", tally.n[ACT_CHECK][KIND_CONTAINER] > 0);
	if (o->down)
		put_down(ctx, v, o->down, view);
	if (!o->uses || strstr(o->uses, "containers"))
		put_node(ctx, v, "containers", things_of(ctx, p, KIND_CONTAINER));
	if (!o->uses || strstr(o->uses, "networks"))
		put_node(ctx, v, "networks", things_of(ctx, p, KIND_NETWORK));
	if (!o->uses || strstr(o->uses, "volumes"))
		put_node(ctx, v, "volumes", things_of(ctx, p, KIND_VOLUME));
	if (!o->uses || strstr(o->uses, "graph"))
		put_node(ctx, v, "graph", view_graph(ctx, p));
	if (!o->uses || strstr(o->uses, "fence"))
		put(ctx, v, "fence", fence_of(ctx, p));
	put_node(ctx, v, "totals", totals_of(ctx, p, &tally));
	return v;
}
