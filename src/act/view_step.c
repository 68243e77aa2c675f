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
 *   is_*      pull query create run connect start wait check stop remove; is_container is_network is_volume is_image */
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

static void
quote_words(struct buf *b, const struct word *v, size_t n, const struct quote_refs *refs)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(b, ' ');
		quote_word(b, &v[i], refs);
	}
}

static const char *
command_text(struct ctx *ctx, const struct words *w, const struct quote_refs *refs)
{
	struct buf b = {0};

	quote_words(&b, w->v, w->n, refs);
	return arena_take_buf(ctx->mem, &b);
}

/* A word for argv lists: values with secret names as ${NAME}. */
static const char *
masked(struct ctx *ctx, const struct word *w)
{
	struct buf b = {0};
	size_t at = 0;

	for (size_t i = 0; i < w->nspan; i++) {
		const struct span *s = &w->span[i];
		buf_add(&b, w->s + at, s->off - at);
		if (s->ref->from == REF_OUTPUT)
			buf_printf(&b, "${%s}", s->ref->name);
		else if (s->ref->from != REF_FOLDER && str_is_secret_name(s->ref->name))
			buf_printf(&b, "${%s}", s->ref->name);
		else
			buf_add(&b, w->s + s->off, s->len);
		at = s->off + s->len;
	}
	buf_adds(&b, w->s + at);
	return arena_take_buf(ctx->mem, &b);
}

static struct node *
argv_of(struct ctx *ctx, const struct words *w)
{
	struct node *list = new_list(ctx);

	for (size_t i = 0; i < w->n; i++)
		node_append(ctx->mem, list, node_str(ctx->mem, masked(ctx, &w->v[i]), nowhere));
	return list;
}

/* The command broken before its options. */
static struct node *
lines_of(struct ctx *ctx, const struct step *s, const char *command, const struct quote_refs *refs)
{
	struct node *list = new_list(ctx), *line = NULL;
	bool whole = str_width(command, strlen(command)) <= LINE_MAX_CELLS;

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

static const char *
source_of(const struct passed *p)
{
	const struct ref *ref = p->value.nspan ? p->value.span[0].ref : NULL;

	if (p->unset)
		return "nowhere";
	if (!ref || ref->from == REF_FOLDER)
		return "spec";
	return ref->file ? ref->file : "environment";
}

static struct node *
env_of(struct ctx *ctx, const struct step *s, const struct quote_refs *refs, bool redact)
{
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

/* A value inside a here-document that expands references. */
static void
add_heredoc_value(struct buf *b, const struct word *w)
{
	size_t span = 0;

	for (size_t i = 0; w->s[i];) {
		if (span < w->nspan && w->span[span].off == i && w->span[span].len) {
			const struct ref *ref = w->span[span].ref;
			if (ref->from == REF_FOLDER)
				buf_add(b, w->s + i, w->span[span].len);
			else {
				buf_printf(b, "${%s:?", ref->name);
				quote_wish(b, ref);
				buf_addc(b, '}');
			}
			i += w->span[span++].len;
			continue;
		}
		if (strchr("\\$`", w->s[i]))
			buf_addc(b, '\\');
		buf_addc(b, w->s[i++]);
	}
}

/* Is a value from outside passed on under the name it has already? */
static bool
is_same(const struct passed *p)
{
	const struct span *span = p->value.span;

	return p->value.nspan == 1 && !span->off && !p->value.s[span->len] && span->ref->name &&
		str_eq(span->ref->name, p->name);
}

/* Does another assignment that is still to come read the variable that this one changes? */
static bool
is_awaited(const struct step *s, size_t i, const bool *done)
{
	for (size_t k = 0; k < s->npass; k++) {
		const struct word *v = &s->pass[k].value;
		if (k == i || done[k] || is_same(&s->pass[k]))
			continue;
		for (size_t j = 0; j < v->nspan; j++)
			if (v->span[j].ref->name && str_eq(v->span[j].ref->name, s->pass[i].name))
				return true;
	}
	return false;
}

/* "A=1 \" for each value. A shell lets each see those before it, so readers come first. */
static void
add_values(struct ctx *ctx, struct buf *b, const struct step *s, const struct node *env)
{
	bool *done = arena_array(ctx->mem, s->npass, sizeof(bool));
	bool again = true, force = false;

	for (size_t i = 0; i < s->npass; i++)
		done[i] = s->pass[i].unset || s->pass[i].by_file;
	while (again || !force) {
		force = !again;
		again = false;
		for (size_t i = 0; i < s->npass; i++) {
			if (done[i] || (!force && !is_same(&s->pass[i]) && is_awaited(s, i, done)))
				continue;
			buf_printf(b, "%s=%s \\\n", s->pass[i].name,
				node_text(node_find(env->u.item[i], "value")));
			done[i] = again = true;
		}
	}
}

/* "A=1 \", "env -u B \": what stands before the command. */
static void
add_assignments(struct ctx *ctx, struct buf *b, const struct step *s, const struct node *env)
{
	bool unset = false;

	add_values(ctx, b, s, env);
	for (size_t i = 0; i < s->npass; i++) {
		if (!s->pass[i].unset)
			continue;
		buf_printf(b, "%s-u %s ", unset ? "" : "env ", s->pass[i].name);
		unset = true;
	}
}

/* The whole as a shell runs it. */
static struct node *
script_of(struct ctx *ctx, const struct step *s, const struct node *lines, const struct node *env,
	bool redact)
{
	struct buf b = {0};
	bool file = false;
	struct node *n;

	add_assignments(ctx, &b, s, env);
	for (size_t i = 0; i < lines->n; i++)
		buf_printf(&b, "%s%s", i ? " \\\n    " : "", node_text(node_find(lines->u.item[i], "text")));
	for (size_t i = 0; i < s->npass; i++) {
		if (!s->pass[i].by_file)
			continue;
		if (!file)
			buf_adds(&b, " 3<<STACKPLAN_ENV");
		file = true;
		buf_printf(&b, "\n%s=", s->pass[i].name);
		add_heredoc_value(&b, &s->pass[i].value);
	}
	if (file)
		buf_adds(&b, "\nSTACKPLAN_ENV");
	n = node_str(ctx->mem, arena_take_buf(ctx->mem, &b), nowhere);
	if (s->npass && redact)
		n->flags |= NODE_SECRET;
	return n;
}

/* Shell text that is true when the outcome is right. */
static const char *
test_of(struct ctx *ctx, const struct step *s, const char *command)
{
	struct buf b = {0}, text = {0};
	const char *both = s->both ? " 2>&1" : "";

	quote_text(&text, QUOTE_SH, s->expect ? s->expect : "");
	if (s->how == EXPECT_EQUAL)
		buf_printf(&b, "[ \"$(%s%s)\" = %s ]", command, both, buf_str(&text));
	else if (s->expect_exit)
		buf_printf(&b, "{ rc=0; %s%s || rc=$?; [ \"$rc\" -eq %lld ]; }", command, both,
			(long long)s->expect_exit);
	else if (s->how == EXPECT_ANY)
		buf_adds(&b, command);
	else
		buf_printf(&b, "%s%s | grep %s -e %s", command, both,
			s->how == EXPECT_REGEX ? "-E" : "-F", buf_str(&text));
	buf_free(&text);
	return arena_take_buf(ctx->mem, &b);
}

/* Text that may stand between single quotes of a shell. */
static const char *
single_quoted(struct ctx *ctx, const char *text)
{
	struct buf b = {0};

	for (; *text; text++)
		if (*text == '\'')
			buf_adds(&b, "'\\''");
		else
			buf_addc(&b, *text);
	return arena_take_buf(ctx->mem, &b);
}

static struct node *
gate_of(struct ctx *ctx, const struct step *s)
{
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
file_of(struct ctx *ctx, const struct project *p, const struct step *s)
{
	const char *file = diag_source_name(ctx, s->at.src);

	return file && file[0] == '/' && path_below(file, p->folder)
		       ? path_relative(ctx->mem, p->folder, file) : file;
}

static struct node *
at_of(struct ctx *ctx, const char *file, const struct step *s)
{
	struct node *at = new_map(ctx);

	put(ctx, at, "file", file ? file : "");
	put_int(ctx, at, "line", s->at.line);
	put_int(ctx, at, "column", s->at.col);
	return at;
}

static void
put_kinds(struct ctx *ctx, struct node *n, const struct step *s)
{
	for (int a = ACT_PULL; a <= ACT_REMOVE; a++)
		put_bool(ctx, n, arena_printf(ctx->mem, "is_%s", action_name((enum action)a)),
			s->act == (enum action)a);
	for (int k = KIND_IMAGE; k <= KIND_CONTAINER; k++)
		put_bool(ctx, n, arena_printf(ctx->mem, "is_%s", kind_name((enum kind)k)),
			s->kind == (enum kind)k && s->act != ACT_CHECK);
}

struct node *
view_step(struct ctx *ctx, const struct project *p, const struct step *s, const struct quote_refs *refs,
	bool redact)
{
	struct node *n = new_map(ctx), *needs = new_list(ctx), *lines, *env;
	const char *command = command_text(ctx, &s->argv, refs);
	const char *file = file_of(ctx, p, s);
	bool tested = s->act == ACT_WAIT || s->act == ACT_CHECK;

	put_int(ctx, n, "n", s->id);
	put(ctx, n, "action", action_name(s->act));
	put(ctx, n, "kind", s->act == ACT_CHECK ? "check" : kind_name(s->kind));
	put(ctx, n, "name", one_line(ctx, s->name));
	put(ctx, n, "title", one_line(ctx, s->title));
	put(ctx, n, "why", one_line(ctx, s->why));
	put(ctx, n, "why_sh", single_quoted(ctx, one_line(ctx, s->why)));
	put(ctx, n, "about", s->act == ACT_RUN && s->service && s->service->about
				      ? one_line(ctx, s->service->about) : "");
	put_node(ctx, n, "at", at_of(ctx, file, s));
	put(ctx, n, "place", file && s->at.line
				      ? arena_printf(ctx->mem, "%s:%u:%u", one_line(ctx, file), s->at.line, s->at.col)
				      : "");
	put_node(ctx, n, "argv", argv_of(ctx, &s->argv));
	put(ctx, n, "command", command);
	lines = lines_of(ctx, s, command, refs);
	env = env_of(ctx, s, refs, redact);
	put_node(ctx, n, "lines", lines);
	put_node(ctx, n, "env", env);
	put_node(ctx, n, "script", script_of(ctx, s, lines, env, redact));
	put(ctx, n, "test", tested ? test_of(ctx, s, command) : "");
	put(ctx, n, "guard", command_text(ctx, &s->guard, refs));
	put_bool(ctx, n, "guarded", s->guarded);
	for (size_t i = 0; i < s->nneed; i++)
		node_append(ctx->mem, needs, node_int(ctx->mem, s->need[i]->id, nowhere));
	put_node(ctx, n, "needs", needs);
	put_node(ctx, n, "gate", gate_of(ctx, s));
	put_node(ctx, n, "undo", argv_of(ctx, &s->undo));
	put(ctx, n, "undo_command", command_text(ctx, &s->undo, refs));
	put(ctx, n, "var", s->yields ? s->yields->name : "");
	put_kinds(ctx, n, s);
	return n;
}
