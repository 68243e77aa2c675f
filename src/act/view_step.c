/* view_step.c - one step as a tree: its words, and the shell text that does the same.
 *
 *   n, action, kind, name, title, why, about; why_sh: why, to stand between single quotes
 *   at        {file, line, column}; place: "file:line:column"
 *   argv      [word]; a kept-back value stands as ${NAME}
 *   command   argv as one line of shell
 *   lines     [{text, last}]: the same broken before its options, where it is long; indent them yourself
 *   env       [{name, value, from, unset, by_file}]: variables for the command; value is shell text
 *   script    command with its variables and line breaks, as a shell runs it
 *   test      shell text that is true when the step's outcome is right (gates, checks), else ""
 *   guard     shell text of the reading command that succeeds when nothing is to do, or ""
 *   guarded   is the guard part of what `show` prints
 *   needs     [n]; undo: [word], undo_command
 *   gate      {until, seconds, tries, every} for waits and checks, else null
 *   var       name of the variable that the output goes to, or ""
 *   hook      the key that it is a hook of: post_start, pre_start, pre_stop; only hooks have it
 *   follows   the n of the step that starts the container of a post_start hook; is_followed: that step has hooks after it
 *   is_*      pull query create run connect start wait exec check stop remove; is_container is_network is_volume is_image */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

/* Longest command that stays on one line. */
enum { LINE_MAX_CELLS = 78 };

static const struct pos nowhere;

/* Words as shell text, with a blank between. */
static void
quote_words(struct buf *b, const struct word *v, size_t n, const struct quote_refs *refs) {
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(b, ' ');
		quote_word(b, &v[i], refs);
	}
}

/* A whole command on one line. */
static const char *
command_text(struct ctx *ctx, const struct words *w, const struct quote_refs *refs) {
	struct buf b = {0};

	quote_words(&b, w->v, w->n, refs);
	return arena_take_buf(ctx->mem, &b);
}

/* Does any of the words? */
static bool
holds_literal_secret(const struct words *w) {
	for (size_t i = 0; i < w->n; i++)
		if (is_literal_secret(&w->v[i]))
			return true;
	return false;
}

/* Mark texts of the step that hold the secrets of its words, for JSON. */
static void
mark_secret(struct node *step) {
	static const char *const texts[] = {"command", "script", "test"};
	struct node *lines = node_find(step, "lines");

	for (size_t i = 0; i < countof(texts); i++)
		node_find(step, texts[i])->flags |= NODE_SECRET;
	for (size_t i = 0; i < lines->n; i++)
		node_find(lines->u.item[i], "text")->flags |= NODE_SECRET;
}

/* Words as a list; REDACT marks those that hold secrets of the spec. */
static struct node *
argv_of(struct ctx *ctx, const struct words *w, bool redact) {
	struct node *list = new_list(ctx);

	for (size_t i = 0; i < w->n; i++) {
		struct node *n = node_str(ctx->mem, masked(ctx, &w->v[i]), nowhere);
		n->flags |= redact && is_literal_secret(&w->v[i]) ? NODE_SECRET : 0;
		node_append(ctx->mem, list, n);
	}
	return list;
}

/* The command broken before its options. */
static struct node *
lines_of(
	struct ctx *ctx, const struct step *s, const char *command, const struct quote_refs *refs) {
	struct node *list = new_list(ctx), *line = NULL;
	size_t n = strlen(command);
	bool whole = n <= (size_t)4 * LINE_MAX_CELLS && str_width(command, n) <= LINE_MAX_CELLS;

	for (size_t i = 0, end; i < s->argv.n; i = end) {
		struct buf b = {0};
		for (end = i + 1; end < s->argv.n && (whole || !s->argv.v[end].starts); end++)
			continue;
		quote_words(&b, s->argv.v + i, end - i, refs);
		line = new_map(ctx);
		put(ctx, line, "text", arena_take_buf(ctx->mem, &b));
		put_bool(ctx, line, "first", i == 0);
		put_bool(ctx, line, "last", end == s->argv.n);
		node_append(ctx->mem, list, line);
	}
	return list;
}

/* Text that may stand between single quotes of a shell. */
static const char *
single_quoted(struct ctx *ctx, const char *text) {
	struct buf b = {0};

	for (; *text; text++)
		if (*text == '\'')
			buf_adds(&b, "'\\''");
		else
			buf_addc(&b, *text);
	return arena_take_buf(ctx->mem, &b);
}

/* What is waited for, and how long; null for other steps. */
static struct node *
gate_of(struct ctx *ctx, const struct step *s) {
	struct node *g;
	uint32_t every = (s->every_ms + 999) / 1000;

	if (s->act != ACT_WAIT && s->act != ACT_CHECK)
		return node_new(ctx->mem, NODE_NULL, nowhere);
	g = new_map(ctx);
	put(ctx, g, "until", s->expect ? s->expect : "");
	put_int(ctx, g, "seconds", s->timeout_ms / 1000);
	put_int(ctx, g, "tries", s->tries);
	put_int(ctx, g, "every", every ? every : 1);
	put_bool(ctx, g, "again", s->tries > 1);
	return g;
}

/* The file that a step comes from: as the user named it, but no absolute path for what is in the project folder. */
static const char *
file_of(struct ctx *ctx, const struct project *p, const struct step *s) {
	const char *file = diag_source_name(ctx, s->at.src);

	return file && file[0] == '/' && path_below(file, p->folder)
		       ? path_relative(ctx->mem, p->folder, file)
		       : file;
}

/* Names of the flags. */
static const char *
act_flag(enum action a) {
	static const char *const names[] = {
		[ACT_PULL] = "is_pull",
		[ACT_BUILD] = "is_build",
		[ACT_QUERY] = "is_query",
		[ACT_CREATE] = "is_create",
		[ACT_RUN] = "is_run",
		[ACT_CONNECT] = "is_connect",
		[ACT_COPY] = "is_copy",
		[ACT_START] = "is_start",
		[ACT_WAIT] = "is_wait",
		[ACT_EXEC] = "is_exec",
		[ACT_CHECK] = "is_check",
		[ACT_STOP] = "is_stop",
		[ACT_REMOVE] = "is_remove",
	};

	return names[a];
}

static const char *
kind_flag(enum kind k) {
	static const char *const names[] = {
		[KIND_IMAGE] = "is_image",
		[KIND_NETWORK] = "is_network",
		[KIND_VOLUME] = "is_volume",
		[KIND_CONTAINER] = "is_container",
	};

	return names[k];
}

/* The place in the spec. */
static struct node *
at_of(struct ctx *ctx, const char *file, const struct step *s) {
	struct node *at = new_map(ctx);

	put(ctx, at, "file", file ? file : "");
	put_int(ctx, at, "line", s->at.line);
	put_int(ctx, at, "column", s->at.col);
	return at;
}

/* is_run, is_network ... for templates, which cannot compare. */
static void
put_kinds(struct ctx *ctx, struct node *n, const struct step_uses *u, const struct step *s) {
	for (int a = ACT_PULL; a <= ACT_REMOVE; a++)
		if (u->act[a])
			put_bool(ctx, n, act_flag((enum action)a), s->act == (enum action)a);
	for (int k = KIND_IMAGE; k <= KIND_CONTAINER; k++)
		if (u->kind[k])
			put_bool(ctx, n, kind_flag((enum kind)k),
				s->kind == (enum kind)k && s->act != ACT_CHECK);
}

/* What the step does, and why. */
static void
put_what(struct ctx *ctx, struct node *n, const struct step_view *v, const struct step *s) {
	const char *why = one_line(ctx, s->why), *file;

	put_int(ctx, n, "n", s->id);
	put(ctx, n, "action", action_name(s->act));
	put(ctx, n, "kind", s->act == ACT_CHECK ? "check" : kind_name(s->kind));
	put(ctx, n, "name", one_line(ctx, s->name));
	put(ctx, n, "title", one_line(ctx, s->title));
	put(ctx, n, "why", why);
	if (v->uses.why_sh)
		put(ctx, n, "why_sh", single_quoted(ctx, why));
	if (v->uses.about)
		put(ctx, n, "about",
			s->act == ACT_RUN && s->service
				? one_line(ctx, about_of(ctx, s->service->tree))
				: "");
	if (!v->uses.at && !v->uses.place)
		return;
	file = file_of(ctx, v->project, s);
	if (v->uses.at)
		put_node(ctx, n, "at", at_of(ctx, file, s));
	put(ctx, n, "place",
		file && s->at.line ? arena_printf(ctx->mem, "%s:%u:%u", one_line(ctx, file),
					     s->at.line, s->at.col)
				   : "");
}

/* The command in its forms. */
static void
put_command(struct ctx *ctx, struct node *n, const struct step_view *v, const struct step *s) {
	const char *command = command_text(ctx, &s->argv, &v->refs);
	bool tested = s->act == ACT_WAIT || s->act == ACT_CHECK;
	struct node *lines, *env;

	if (v->uses.argv)
		put_node(ctx, n, "argv", argv_of(ctx, &s->argv, v->redact));
	put(ctx, n, "command", command);
	if (v->uses.lines || v->uses.env || v->uses.script) {
		lines = lines_of(ctx, s, command, &v->refs);
		env = view_env(ctx, s, &v->refs, v->redact);
		put_node(ctx, n, "lines", lines);
		put_node(ctx, n, "env", env);
		put_node(ctx, n, "script", view_script(ctx, s, lines, env, &v->refs, v->redact));
	}
	if (v->uses.test)
		put(ctx, n, "test", tested ? view_test(ctx, s, command) : "");
	if (v->uses.guard)
		put(ctx, n, "guard", command_text(ctx, &s->guard, &v->refs));
	put_bool(ctx, n, "guarded", s->guarded);
}

/* How it stands to other steps, and what it takes. */
static void
put_rest(struct ctx *ctx, struct node *n, const struct step_view *v, const struct step *s) {
	if (v->uses.needs) {
		struct node *needs = new_list(ctx);
		for (size_t i = 0; i < s->nneed; i++)
			node_append(ctx->mem, needs, node_int(ctx->mem, s->need[i]->id, nowhere));
		put_node(ctx, n, "needs", needs);
	}
	if (v->uses.gate)
		put_node(ctx, n, "gate", gate_of(ctx, s));
	if (v->uses.undo)
		put_node(ctx, n, "undo", argv_of(ctx, &s->undo, v->redact));
	if (v->uses.undo_command)
		put(ctx, n, "undo_command", command_text(ctx, &s->undo, &v->refs));
	put(ctx, n, "var", s->yields ? s->yields->name : "");
	if (s->hook)
		put(ctx, n, "hook", s->hook);
	if (s->follows)
		put_int(ctx, n, "follows", s->follows->id);
	if (s->is_followed)
		put_bool(ctx, n, "is_followed", true);
	put_kinds(ctx, n, &v->uses, s);
}

/* Does the template have a tag of this name, alone or as a part of a dotted one? */
static bool
is_named(const char *template, const char *name) {
	size_t n = strlen(name);

	if (!template)
		return true;
	for (const char *p = template; (p = strstr(p, name)); p += n)
		if (p > template && strchr("{#^&. ", p[-1]) && strchr("}. ", p[n]))
			return true;
	return false;
}

void
view_step_uses(struct step_view *v, const char *template) {
	const struct {
		const char *name;
		bool *use;
	} member[] = {
		{"why_sh", &v->uses.why_sh},
		{"about", &v->uses.about},
		{"at", &v->uses.at},
		{"place", &v->uses.place},
		{"argv", &v->uses.argv},
		{"command", &v->uses.command},
		{"lines", &v->uses.lines},
		{"env", &v->uses.env},
		{"script", &v->uses.script},
		{"test", &v->uses.test},
		{"guard", &v->uses.guard},
		{"needs", &v->uses.needs},
		{"gate", &v->uses.gate},
		{"undo", &v->uses.undo},
		{"undo_command", &v->uses.undo_command},
	};

	for (size_t i = 0; i < countof(member); i++)
		*member[i].use = is_named(template, member[i].name);
	for (int a = ACT_PULL; a <= ACT_REMOVE; a++)
		v->uses.act[a] = is_named(template, act_flag((enum action)a));
	for (int k = KIND_IMAGE; k <= KIND_CONTAINER; k++)
		v->uses.kind[k] = is_named(template, kind_flag((enum kind)k));
}

struct node *
view_step(struct ctx *ctx, const struct step_view *v, const struct step *s) {
	struct node *n = new_map(ctx);

	put_what(ctx, n, v, s);
	put_command(ctx, n, v, s);
	put_rest(ctx, n, v, s);
	if (v->redact && holds_literal_secret(&s->argv))
		mark_secret(n);
	return n;
}
