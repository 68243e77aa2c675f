/* view_step.c - one step as a tree: its words, and the shell text that does the same.
 *
 *   n, action, kind, name, title, why, about; why_sh: why, to stand between single quotes
 *   at        {file, line, column}; place: "file:line:column"
 *   argv      [word]; a kept-back value stands as ${NAME}
 *   command   argv as one line of shell
 *   lines     [{text, last}]: the same broken before its options, where it is long; indent them yourself
 *   env       [{name, value, from, unset, by_file}]: variables for the command; value is shell text
 *   input     what it reads on standard input: {kind: "text", text} or {kind: "files", files: [{path, mode, uid, gid, content}]}
 *             with ${NAME} for what came from outside, or null
 *   script    command with its variables, its input and line breaks, as a shell runs it; files need tar_files (view.c)
 *   test      shell text that is true when the step's outcome is right (gates, checks), else ""
 *   guard     shell text of the reading command that succeeds when nothing is to do, or ""
 *   guarded   is the guard part of what `show` prints
 *   batch     the names of the containers of one command for several, or ""
 *   may_fail  its failure is in nobody's way: another step does what it was for
 *   needs     [n]; undo: [word], undo_command
 *   gate      {until, seconds, tries, every, again} for waits and checks, else null; delay: seconds before the first try, where there
 *             is such a pause
 *   var       of a query: name of the variable that the output goes to, or "" when it is asked for a yes or no
 *   hook      the key that it is a hook of: post_start, pre_start, pre_stop; only hooks have it
 *   follows   the n of the step that starts the container of a post_start hook; is_followed: that step has hooks after it
 *   is_*      pull build query create run connect copy start wait exec check stop remove; is_container is_network is_volume is_image */
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

/* A step on its way to become a tree: its members are made when they are asked for, and once. */
struct making {
	struct node_maker base;
	struct ctx *ctx;
	const struct step_view *view;
	const struct step *step;
	struct words words;    /* of the command, once they are needed */
	struct quoted *quoted; /* the same as shell text */
	struct node **made;    /* by position in the table of members */
};

static struct node *
text_node(const struct making *m, const char *text) {
	return node_str(m->ctx->mem, text ? text : "", nowhere);
}

/* Nobody writes to these: one of each is enough. */
static struct node *
bool_node(bool value) {
	static struct node yes = {.type = NODE_BOOL, .u.s.str = "true"},
			   no = {.type = NODE_BOOL, .u.s.str = "false"};

	return value ? &yes : &no;
}

/* A whole command on one line. */
static struct node *
command_node(const struct making *m, const struct words *w) {
	return text_node(m, view_quote(m->ctx, w, &m->view->refs)->text);
}

/* The words of the step's own command. */
static const struct words *
words_of_step(struct making *m) {
	if (!m->words.n)
		m->words = step_words(m->ctx, m->view->plan, m->step);
	return &m->words;
}

/* The same as shell text, in JSON without the secrets of the spec. */
static const struct quoted *
quoted_of(struct making *m) {
	if (!m->quoted)
		m->quoted = view_quote(m->ctx,
			m->view->redact ? without_literals(m->ctx, words_of_step(m), m->step->id)
					: words_of_step(m),
			&m->view->refs);
	return m->quoted;
}

/* What is waited for, and how long; null for other steps. */
static struct node *
make_gate(struct making *m) {
	struct ctx *ctx = m->ctx;
	const struct step *s = m->step;
	const struct extra *x = step_extra(s);
	static struct node none = {.type = NODE_NULL, .u.s.str = ""};
	struct node *g;
	uint32_t every = (x->every_ms + 999) / 1000;

	if (s->act != ACT_WAIT && s->act != ACT_CHECK)
		return &none;
	g = new_map(ctx);
	put(ctx, g, "until", x->expect ? x->expect : "");
	put_int(ctx, g, "seconds", x->timeout_ms / 1000);
	/* a script can wait for whole seconds only */
	put_int(ctx, g, "tries",
		s->act == ACT_WAIT && x->tries > 1 ? x->timeout_ms / 1000 / (every ? every : 1) + 1
						   : x->tries);
	put_int(ctx, g, "every", every ? every : 1);
	put_bool(ctx, g, "again", x->tries > 1);
	if (x->delay_ms)
		put_int(ctx, g, "delay", (x->delay_ms + 999) / 1000);
	return g;
}

/* The file that a step comes from: as the user named it, but no absolute path for what is in the project folder. */
static const char *
file_of(const struct making *m) {
	const char *file = diag_source_name(m->ctx, m->step->at.src);
	const char *folder = m->view->project->folder;

	return file && file[0] == '/' && path_below(file, folder)
		       ? path_relative(m->ctx->mem, folder, file)
		       : file;
}

/* The place in the spec. */
static struct node *
make_at(struct making *m) {
	struct node *at = new_map(m->ctx);
	const char *file = file_of(m);

	put(m->ctx, at, "file", file ? file : "");
	put_int(m->ctx, at, "line", m->step->at.line);
	put_int(m->ctx, at, "column", m->step->at.col);
	return at;
}

/* The same as one text. */
static struct node *
make_place(struct making *m) {
	struct member_cache *cache = m->view->cache;
	const char *file = diag_source_name(m->ctx, m->step->at.src);
	struct buf b = {0};

	if (!file || !m->step->at.line)
		return text_node(m, "");
	if (file != cache->file) { /* most steps come from one file; the text outlives the step */
		buf_adds(&b, one_line(m->ctx, file_of(m)));
		buf_addc(&b, ':');
		cache->nfile_shown = b.n;
		cache->file_shown = arena_take_buf(m->view->mem, &b);
		cache->file = file;
	}
	buf_add(&b, cache->file_shown, cache->nfile_shown);
	buf_number(&b, m->step->at.line);
	buf_addc(&b, ':');
	buf_number(&b, m->step->at.col);
	return text_node(m, arena_take_buf(m->ctx->mem, &b));
}

static struct node *
make_n(struct making *m) {
	return node_int(m->ctx->mem, m->step->id, nowhere);
}

static struct node *
make_action(struct making *m) {
	return text_node(m, action_name(m->step->act));
}

static struct node *
make_kind(struct making *m) {
	return text_node(m, m->step->act == ACT_CHECK ? "check" : kind_name(m->step->kind));
}

static struct node *
make_name(struct making *m) {
	return text_node(m, one_line(m->ctx, m->step->name));
}

static struct node *
make_title(struct making *m) {
	return text_node(m, one_line(m->ctx, m->step->title));
}

static struct node *
make_why(struct making *m) {
	return text_node(m, one_line(m->ctx, m->step->why));
}

static struct node *
make_why_sh(struct making *m) {
	return text_node(m, single_quoted(m->ctx, one_line(m->ctx, m->step->why)));
}

static struct node *
make_about(struct making *m) {
	const struct step *s = m->step;

	if (s->act != ACT_RUN || !s->service)
		return text_node(m, "");
	return text_node(m, one_line(m->ctx, about_of(m->ctx, s->service->tree)));
}

static struct node *
make_argv(struct making *m) {
	return view_argv(m->ctx, words_of_step(m), m->view->redact);
}

static struct node *
make_command(struct making *m) {
	return text_node(m, quoted_of(m)->text);
}

static struct node *
make_lines(struct making *m) {
	return view_lines(m->ctx, words_of_step(m), quoted_of(m));
}

static struct node *
make_env(struct making *m) {
	return view_env(m->ctx, m->step, &m->view->refs, m->view->redact);
}

static struct node *
make_input(struct making *m) {
	return view_input(m->ctx, m->step, m->view->redact);
}

static struct node *
make_script(struct making *m) {
	return view_script(m->ctx, m->step, view_broken(m->ctx, words_of_step(m), quoted_of(m)),
		&m->view->refs, m->view->redact);
}

static struct node *
make_test(struct making *m) {
	bool tested = m->step->act == ACT_WAIT || m->step->act == ACT_CHECK;

	return text_node(m, tested ? view_test(m->ctx, m->step, quoted_of(m)->text) : "");
}

static struct node *
make_guard(struct making *m) {
	struct words w = step_guard(m->ctx, m->view->plan, m->step);

	return command_node(m, &w);
}

static struct node *
make_guarded(struct making *m) {
	return bool_node(m->step->guarded);
}

static struct node *
make_batch(struct making *m) {
	const struct words *w = &m->step->argv;
	struct buf b = {0};

	for (size_t i = w->n - m->step->batch; i < w->n; i++)
		buf_printf(&b, "%s%s", b.n ? " " : "", w->v[i].s);
	return node_str(m->ctx->mem, arena_take_buf(m->ctx->mem, &b), nowhere);
}

static struct node *
make_may_fail(struct making *m) {
	return bool_node(m->step->optional && m->step->act == ACT_PULL);
}

static struct node *
make_needs(struct making *m) {
	struct node *needs = new_list(m->ctx);

	for (size_t i = 0; i < m->step->nneed; i++)
		node_append(
			m->ctx->mem, needs, node_int(m->ctx->mem, m->step->need[i]->id, nowhere));
	return needs;
}

static struct node *
make_undo(struct making *m) {
	struct words w = step_undo(m->ctx, m->view->plan, m->step);

	return view_argv(m->ctx, &w, m->view->redact);
}

static struct node *
make_undo_command(struct making *m) {
	struct words w = step_undo(m->ctx, m->view->plan, m->step);

	return command_node(m, &w);
}

static struct node *
make_var(struct making *m) {
	return text_node(m, m->step->yields ? m->step->yields->name : "");
}

static struct node *
make_hook(struct making *m) {
	return step_extra(m->step)->hook ? text_node(m, step_extra(m->step)->hook) : NULL;
}

static struct node *
make_follows(struct making *m) {
	const struct step *to = step_extra(m->step)->follows;

	return to ? node_int(m->ctx->mem, to->id, nowhere) : NULL;
}

static struct node *
make_is_followed(struct making *m) {
	return m->step->is_followed ? bool_node(true) : NULL;
}

static struct node *
make_first(struct making *m) {
	return bool_node(m->step->id == 1);
}

static struct node *
make_last(struct making *m) {
	return bool_node(m->step->id == m->view->plan->nstep);
}

/* One member: what makes it (NULL: this step has none), or the action or kind that it is true for. */
struct step_member {
	const char *name;
	struct node *(*make)(struct making *);
	int act, kind; /* plus 1; 0: none */
};

#define IS_ACT(name, a) \
	{ name, NULL, (a) + 1, 0 }
#define IS_KIND(name, k) \
	{ name, NULL, 0, (k) + 1 }

static const struct step_member members[] = {
	{"n", make_n, 0, 0},
	{"action", make_action, 0, 0},
	{"kind", make_kind, 0, 0},
	{"name", make_name, 0, 0},
	{"title", make_title, 0, 0},
	{"why", make_why, 0, 0},
	{"why_sh", make_why_sh, 0, 0},
	{"about", make_about, 0, 0},
	{"at", make_at, 0, 0},
	{"place", make_place, 0, 0},
	{"argv", make_argv, 0, 0},
	{"command", make_command, 0, 0},
	{"lines", make_lines, 0, 0},
	{"env", make_env, 0, 0},
	{"script", make_script, 0, 0},
	{"input", make_input, 0, 0},
	{"test", make_test, 0, 0},
	{"guard", make_guard, 0, 0},
	{"guarded", make_guarded, 0, 0},
	{"batch", make_batch, 0, 0},
	{"may_fail", make_may_fail, 0, 0},
	{"needs", make_needs, 0, 0},
	{"gate", make_gate, 0, 0},
	{"undo", make_undo, 0, 0},
	{"undo_command", make_undo_command, 0, 0},
	{"var", make_var, 0, 0},
	{"hook", make_hook, 0, 0},
	{"follows", make_follows, 0, 0},
	{"is_followed", make_is_followed, 0, 0},
	IS_ACT("is_pull", ACT_PULL),
	IS_ACT("is_build", ACT_BUILD),
	IS_ACT("is_query", ACT_QUERY),
	IS_ACT("is_create", ACT_CREATE),
	IS_ACT("is_run", ACT_RUN),
	IS_ACT("is_connect", ACT_CONNECT),
	IS_ACT("is_copy", ACT_COPY),
	IS_ACT("is_start", ACT_START),
	IS_ACT("is_restart", ACT_RESTART),
	IS_ACT("is_wait", ACT_WAIT),
	IS_ACT("is_exec", ACT_EXEC),
	IS_ACT("is_check", ACT_CHECK),
	IS_ACT("is_stop", ACT_STOP),
	IS_ACT("is_remove", ACT_REMOVE),
	IS_KIND("is_image", KIND_IMAGE),
	IS_KIND("is_network", KIND_NETWORK),
	IS_KIND("is_volume", KIND_VOLUME),
	IS_KIND("is_container", KIND_CONTAINER),
	{"first", make_first, 0, 0},
	{"last", make_last, 0, 0},
};

/* Make one member. is_run, is_network ... are for templates, which cannot compare. */
static struct node *
make_member(struct making *m, size_t i) {
	const struct step_member *row = &members[i];
	const struct step *s = m->step;

	if (row->make)
		return row->make(m);
	if (row->act)
		return bool_node((int)s->act + 1 == row->act);
	return bool_node((int)s->kind + 1 == row->kind && s->act != ACT_CHECK);
}

/* The position of a member in the table; countof(members) if there is none of this name. */
static size_t
place_of(const char *name) {
	for (size_t i = 0; i < countof(members); i++)
		if (members[i].name[0] == name[0] && str_eq(members[i].name, name))
			return i;
	return countof(members);
}

/* The same by way of what was found before for the same text: a template asks for few, again and again. */
static size_t
place_cached(struct member_cache *cache, const char *name) {
	size_t slot = (uintptr_t)name / 8 % countof(cache->name);

	if (cache->name[slot] != name) {
		cache->name[slot] = name;
		cache->place[slot] = place_of(name);
	}
	return cache->place[slot];
}

/* A member of a step that is made of what is asked for. */
static struct node *
find_member(struct node_maker *base, const char *name) {
	struct making *m = (struct making *)base;
	size_t i = place_cached(m->view->cache, name);

	if (i == countof(members))
		return NULL;
	if (!m->made[i])
		m->made[i] = make_member(m, i);
	return m->made[i];
}

static void
print_command(struct making *m, struct buf *out, bool broken) {
	view_put_command(m->ctx, out, m->view->plan, m->step, &m->view->refs, broken);
}

static void
print_guard(struct making *m, struct buf *out) {
	struct words w = step_guard(m->ctx, m->view->plan, m->step);

	view_put_words(out, &w, &m->view->refs);
}

/* Print the texts that most templates are made of without making nodes of them. */
static bool
print_member(struct node_maker *base, const char *name, struct buf *out) {
	struct making *m = (struct making *)base;
	size_t i = place_cached(m->view->cache, name);
	struct node *(*make)(struct making *) = i < countof(members) ? members[i].make : NULL;

	if (!make)
		return false;
	if (m->made[i]) {
		if (m->made[i]->type != NODE_STR || m->made[i]->flags & NODE_SECRET)
			return false;
		buf_adds(out, node_text(m->made[i]));
	} else if (make == make_n)
		buf_number(out, m->step->id);
	else if (make == make_why)
		buf_adds(out, one_line(m->ctx, m->step->why));
	else if (make == make_command)
		print_command(m, out, false);
	else if (make == make_guard)
		print_guard(m, out);
	else if (make == make_script && script_is_command(m->step))
		print_command(m, out, true);
	else
		return false;
	return true;
}

struct node *
view_step(struct ctx *ctx, const struct step_view *v, const struct step *s) {
	struct making *m = arena_make(ctx->mem, struct making);
	struct node *n;

	*m = (struct making){.base = {.find = find_member, .print = print_member},
		.ctx = ctx,
		.view = v,
		.step = s};
	if (!v->whole) {
		m->made = arena_array(ctx->mem, countof(members), sizeof(struct node *));
		return node_made_map(ctx->mem, &m->base);
	}
	n = new_map(ctx);
	for (size_t i = 0; i < countof(members); i++) {
		struct node *member = make_member(m, i);
		if (member)
			put_node(ctx, n, members[i].name, member);
	}
	return n;
}
