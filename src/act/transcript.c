/* transcript.c - a record of a run in Markdown, written while it runs.
 * Start at told_ended(): what is written of one step, when it has ended. A command stands as `show` prints it, but a secret that the
 * spec spells out is a reference here too, and what a command reads is named, not shown. After a write that fails nothing more is
 * written; transcript_close() tells. */
#include "act_int.h"
#include "report_int.h"
#include <errno.h>
#include <fcntl.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>
#include <unistd.h>

enum { SHORTEST_FENCE = 3, ID_DIGITS = 12 };

struct transcript {
	struct reporter reporter;
	struct ctx *ctx;
	struct transcript_options options;
	struct step_view view;
	int fd;
	int error; /* errno of the write that failed, 0 */
	bool begun;
};

static const struct pos nowhere;

/* ---- pieces of Markdown ---- */

/* Write what is in the buffer, and empty it. */
static void
write_out(struct transcript *t, struct buf *b) {
	if (!t->error && !write_all(t->fd, buf_str(b), b->n))
		t->error = errno;
	buf_free(b);
}

/* Text on one line, none of its characters read as Markdown. */
static void
add_prose(struct transcript *t, struct buf *b, const char *text) {
	struct buf safe = {0};

	text = one_line(t->ctx, text);
	str_safe(&safe, text, strlen(text), false);
	for (const char *s = buf_str(&safe); *s; s++) {
		if (strchr("\\`*<>[]&|", *s))
			buf_addc(b, '\\');
		buf_addc(b, *s);
	}
	buf_free(&safe);
}

/* The longest run of backquotes. */
static size_t
longest_run(const char *text) {
	size_t longest = 0;

	for (; *text; text++) {
		size_t run = strspn(text, "`");
		longest = run > longest ? run : longest;
		text += run ? run - 1 : 0;
	}
	return longest;
}

/* Output as a screen would show it, line by line. */
static const char *
tidied(struct transcript *t, const char *text) {
	struct buf b = {0};

	while (*text) {
		size_t n = strcspn(text, "\n");
		wording_tidy(&b, text, n);
		buf_addc(&b, '\n');
		text += n + (text[n] != '\0');
	}
	return arena_take_buf(t->ctx->mem, &b);
}

/* Text as it is, in a fence that it cannot end. */
static void
add_fenced(struct buf *b, const char *language, const char *text) {
	size_t ticks = longest_run(text) + 1;
	size_t n = strlen(text);

	if (ticks < SHORTEST_FENCE)
		ticks = SHORTEST_FENCE;
	for (size_t i = 0; i < ticks; i++)
		buf_addc(b, '`');
	buf_printf(b, "%s\n", language);
	str_safe(b, text, n, true);
	buf_adds(b, n && text[n - 1] == '\n' ? "" : "\n");
	for (size_t i = 0; i < ticks; i++)
		buf_addc(b, '`');
	buf_addc(b, '\n');
}

/* ---- a step without secrets ---- */

/* ${NAME}, to be printed as a reference that asks for it. */
static struct word
reference_to(struct ctx *ctx, const char *prefix, const char *name, struct pos at) {
	struct ref *ref = arena_make(ctx->mem, struct ref);
	struct text text = {0};

	*ref = (struct ref){.from = REF_ENVIRON, .name = name};
	text_add(&text, prefix);
	text_add_ref(&text, "x", ref);
	return text_take(ctx->mem, &text, at);
}

/* A word of a command without the secret that the spec spells out in it. */
static struct word
word_without_secret(struct ctx *ctx, const struct word *w) {
	size_t n = strcspn(w->s, "=");
	struct word out = {.s = "<redacted>", .at = w->at};

	if (w->s[n] == '=' && !str_has_url_password(arena_strndup(ctx->mem, w->s, n)))
		out = reference_to(ctx, arena_strndup(ctx->mem, w->s, n + 1),
			arena_strndup(ctx->mem, w->s, n), w->at);
	out.starts = w->starts;
	return out;
}

/* Is all of the value from outside? Then it is printed as a reference anyway. */
static bool
is_reference(const struct word *value) {
	return value->nspan == 1 && value->span[0].off == 0 && !value->s[value->span[0].len];
}

/* A variable for a child without its value, if that is a secret. */
static struct passed
passed_without_secret(struct ctx *ctx, const struct passed *p) {
	struct passed out = *p;

	if (p->unset || is_reference(&p->value))
		return out;
	if (str_is_secret_name(p->name) || str_has_url_password(p->value.s))
		out.value = reference_to(ctx, "", p->name, p->value.at);
	return out;
}

/* The words of a command, with those that all commands get after the program, and without secrets. */
static struct words
words_without_secrets(struct transcript *t, const struct words *w) {
	const struct words *global = &t->options.docker->global;
	struct words out = {0};

	for (size_t i = 0; i < w->n; i++) {
		words_push_word(t->ctx->mem, &out,
			is_literal_secret(&w->v[i]) ? word_without_secret(t->ctx, &w->v[i])
						    : w->v[i]);
		if (i == 0)
			words_push_all(t->ctx->mem, &out, global);
	}
	return out;
}

/* The step as it may be shown. */
static struct step *
without_secrets(struct transcript *t, const struct step *s) {
	struct step *out = arena_make(t->ctx->mem, struct step);
	struct words argv = step_argv(t->ctx, s);

	*out = *s;
	out->feed = NULL;
	out->argv = words_without_secrets(t, &argv);
	out->named = false;
	out->labels_at += s->labels_at ? t->options.docker->global.n : 0;
	out->pass = arena_array(t->ctx->mem, s->npass, sizeof(*out->pass));
	for (size_t i = 0; i < s->npass; i++)
		out->pass[i] = passed_without_secret(t->ctx, &s->pass[i]);
	return out;
}

/* ---- what is written of a step ---- */

/* The command in a fence. */
static void
add_command(struct transcript *t, struct buf *b, const struct node *tree) {
	const char *script = node_text(node_find(tree, "script"));
	const char *var = node_text(node_find(tree, "var"));

	if (*var)
		script = arena_printf(t->ctx->mem, "%s=$(%s)", var, script);
	add_fenced(b, "sh", script);
}

/* What it read on its standard input. */
static void
add_feed(struct transcript *t, struct buf *b, const struct feed *feed) {
	if (!feed)
		return;
	if (feed->kind == FEED_TEXT) {
		buf_adds(b, "\nIt read a text on its standard input.\n");
		return;
	}
	buf_adds(b, "\nIt read files on its standard input:\n\n");
	for (size_t i = 0; i < feed->nfile; i++) {
		buf_adds(b, "- ");
		add_prose(t, b, feed->file[i].path);
		buf_addc(b, '\n');
	}
}

/* What was waited for. */
static void
add_gate(struct transcript *t, struct buf *b, const struct step *s) {
	const struct extra *x = step_extra(s);

	if (s->act != ACT_WAIT && s->act != ACT_CHECK)
		return;
	if (x->tries > 1)
		buf_adds(b, "\nRepeated until it is right");
	else
		buf_adds(b, "\nRun once");
	if (x->expect && x->how != EXPECT_ANY) {
		buf_adds(b, x->how == EXPECT_EQUAL   ? ": the output must be \""
			    : x->how == EXPECT_HOLDS ? ": the output must hold \""
						     : ": a line must match \"");
		add_prose(t, b, x->expect);
		buf_addc(b, '"');
	}
	if (x->timeout_ms)
		buf_printf(b, ", for at most %g s", x->timeout_ms / 1000.0);
	buf_adds(b, ".\n");
}

/* How it ended. */
static void
add_result(struct transcript *t, struct buf *b, const struct step *s, const struct outcome *o) {
	bool done = o->state == STEP_DONE;

	buf_adds(b, done ? "\nDone" : "\n**Failed**");
	buf_printf(b, " (%lld.%lld s)", (long long)(o->took_ms / 1000),
		(long long)(o->took_ms % 1000 / 100));
	if (done && *o->why) {
		buf_adds(b, ": ");
		add_prose(t, b, o->why);
	} else if (done && o->id) {
		buf_adds(b, ": ");
		add_prose(t, b, s->name);
		buf_printf(b, " is %.*s", ID_DIGITS, o->id);
	} else if (!done) {
		buf_adds(b, ": ");
		add_prose(t, b, o->why);
	}
	buf_adds(b, ".\n");
}

/* All that is written of a step. */
static void
add_step(struct transcript *t, struct buf *b, const struct step *s, const struct outcome *o) {
	const struct node *tree = view_step(t->ctx, &t->view, without_secrets(t, s));
	const char *place = node_text(node_find(tree, "place"));
	struct buf name = {0};

	step_name(&name, s);
	buf_printf(b, "\n## %u. ", s->id);
	add_prose(t, b, buf_str(&name));
	buf_free(&name);
	buf_adds(b, "\n\n");
	add_prose(t, b, s->why);
	if (*place) {
		buf_adds(b, " (");
		add_prose(t, b, place);
		buf_addc(b, ')');
	}
	buf_adds(b, "\n\n");
	add_command(t, b, tree);
	add_feed(t, b, s->feed);
	add_gate(t, b, s);
	if (*o->output) {
		buf_adds(b, "\nIt said:\n\n");
		add_fenced(b, "", tidied(t, o->output));
	}
	add_result(t, b, s, o);
}

static void
told_ended(void *arg, const struct step *s, const struct outcome *o) {
	struct transcript *t = arg;
	struct arena_mark mark = arena_mark(t->ctx->mem);
	struct buf b = {0};

	if (o->state == STEP_SKIPPED || t->error)
		return;
	add_step(t, &b, s, o);
	write_out(t, &b);
	memset(t->view.cache, 0, sizeof(*t->view.cache));
	arena_rewind(t->ctx->mem, mark);
}

/* ---- before and after ---- */

static void
told_begun(void *arg, const struct plan *plan) {
	struct transcript *t = arg;
	struct buf b = {0};

	t->begun = true;
	t->view = (struct step_view){.project = plan->project,
		.refs = {.folder = t->options.folder},
		.plan = plan,
		.cache = arena_make(t->ctx->mem, struct member_cache),
		.mem = t->ctx->mem}; /* what it holds for later goes with the cache */
	if (plan->undoes)
		buf_adds(&b, "\n# What was done is taken back\n\n");
	buf_printf(&b,
		"%zu step%s. Each stands here when it has ended, with its command and what that "
		"printed; secret values are left out.\n",
		plan->nstep, plan->nstep == 1 ? "" : "s");
	write_out(t, &b);
}

/* The end: what was done, and what was not. */
static void
told_summary(void *arg, const struct plan *plan, const struct outcome *o, bool ok) {
	struct transcript *t = arg;
	size_t n[STEP_SKIPPED + 1] = {0};
	struct buf b = {0};

	for (size_t i = 0; i < plan->nstep; i++)
		n[o[i].state]++;
	buf_printf(&b, "\n## %s\n\n%zu of %zu done", ok ? "The end" : "The end: not all is done",
		n[STEP_DONE], plan->nstep);
	if (n[STEP_FAILED])
		buf_printf(&b, ", %zu failed", n[STEP_FAILED]);
	buf_adds(&b, ".\n");
	if (n[STEP_SKIPPED])
		buf_adds(&b, "\nNot done:\n\n");
	for (size_t i = 0; i < plan->nstep; i++) {
		struct buf name = {0};
		if (o[i].state != STEP_SKIPPED)
			continue;
		step_name(&name, plan->step[i]);
		buf_printf(&b, "- %u. ", plan->step[i]->id);
		add_prose(t, &b, buf_str(&name));
		buf_adds(&b, ": ");
		add_prose(t, &b, o[i].why);
		buf_addc(&b, '\n');
		buf_free(&name);
	}
	write_out(t, &b);
}

/* The first lines: whose run it is. */
static void
write_title(struct transcript *t) {
	struct buf b = {0};

	buf_adds(&b, "# ");
	add_prose(t, &b, t->options.project->name);
	buf_printf(&b, ": stackplan %s\n\n", t->options.verb);
	write_out(t, &b);
}

struct transcript *
transcript_open(struct ctx *ctx, const struct transcript_options *o) {
	struct transcript *t = arena_make(ctx->mem, struct transcript);
	int fd = open(o->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);

	if (fd < 0) {
		diag(ctx, SEV_ERROR, nowhere, NULL,
			"cannot write the transcript '%s': %s; nothing was run", o->path,
			strerror(errno));
		return NULL;
	}
	*t = (struct transcript){.ctx = ctx, .options = *o, .fd = fd};
	t->reporter = (struct reporter){
		.begun = told_begun, .ended = told_ended, .summary = told_summary, .arg = t};
	write_title(t);
	return t;
}

const struct reporter *
transcript_reporter(const struct transcript *t) {
	return &t->reporter;
}

bool
transcript_close(struct transcript *t) {
	struct buf b = {0};

	if (!t->begun) {
		buf_adds(&b, "Nothing was to be done.\n");
		write_out(t, &b);
	}
	if (close(t->fd) != 0 && !t->error && errno != EINTR)
		t->error = errno;
	if (!t->error)
		return true;
	diag(t->ctx, SEV_ERROR, nowhere, NULL,
		"cannot write the transcript '%s': %s; it is not complete", t->options.path,
		strerror(t->error));
	return false;
}
