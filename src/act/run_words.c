/* run_words.c - what a child gets: its argument vector, its environment, its standard input, and the file of variables on
 * descriptor 3.
 * Here, and only here, a kept-back value leaves the plan. */
#include "act_int.h"
#include "run_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <string.h>

/* Does the entry "NAME=value" set this name? */
static bool
sets(const char *entry, const char *name, size_t n) {
	return strncmp(entry, name, n) == 0 && entry[n] == '=';
}

char **
env_unique(struct ctx *ctx, char *const *env) {
	size_t n = 0, kept = 0;

	while (env && env[n])
		n++;
	char **out = arena_array(ctx->mem, n + 1, sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(env[i], "="), k = 0;
		while (k < kept && !sets(out[k], env[i], len))
			k++;
		if (k == kept && env[i][len] == '=')
			out[kept++] = env[i];
	}
	return out;
}

/* What the step that yields this reference has said; "" if it never ran. */
static const char *
captured(const struct run *run, const struct ref *ref) {
	for (size_t i = 0; i < run->plan->nstep; i++)
		if (run->plan->step[i]->yields == ref)
			return run->job[i].yielded ? run->job[i].yielded : "";
	return "";
}

/* The text of a word, captured outputs in their places. */
static char *
word_text(const struct run *run, const struct word *w) {
	struct buf b = {0};
	size_t at = 0;

	for (size_t i = 0; i < w->nspan; i++) {
		const struct span *span = &w->span[i];
		if (span->ref->from != REF_OUTPUT)
			continue;
		buf_add(&b, w->s + at, span->off - at);
		buf_adds(&b, captured(run, span->ref));
		at = span->off + span->len;
	}
	buf_adds(&b, w->s + at);
	return arena_take_buf(run->ctx->mem, &b);
}

/* Put the lines of a captured output into ARGV from N on, or with ARGV NULL only count them; the next place. */
static size_t
put_lines(const struct run *run, const struct word *w, char **argv, size_t n) {
	const char *line = captured(run, w->span[0].ref);

	while (*line) {
		size_t len = strcspn(line, "\n");
		if (argv)
			argv[n] = arena_strndup(run->ctx->mem, line, len);
		n++;
		line += len + (line[len] == '\n');
	}
	return n;
}

/* For how many words there must be room. */
static size_t
count_words(const struct run *run, const struct words *words) {
	size_t n = words->n + run->docker->global.n;

	for (size_t i = 0; i < words->n; i++)
		if (word_is_many(&words->v[i]))
			n = put_lines(run, &words->v[i], NULL, n);
	return n;
}

char **
job_argv(const struct run *run, const struct words *words) {
	const struct words *global = &run->docker->global;
	char **argv = arena_array(run->ctx->mem, count_words(run, words) + 1, sizeof(*argv));
	size_t n = 0;

	for (size_t i = 0; i < words->n; i++) {
		if (word_is_many(&words->v[i]))
			n = put_lines(run, &words->v[i], argv, n);
		else
			argv[n++] = word_text(run, &words->v[i]);
		for (size_t k = 0; i == 0 && k < global->n; k++)
			argv[n++] = word_text(run, &global->v[k]);
	}
	return argv;
}

/* Does the step set or unset the variable of this entry? */
static bool
is_changed(const struct step *s, const char *entry) {
	for (size_t i = 0; i < s->npass; i++)
		if (!s->pass[i].by_file && sets(entry, s->pass[i].name, strlen(s->pass[i].name)))
			return true;
	return false;
}

/* Is a variable of the same name set again by a later one? */
static bool
is_set_later(const struct step *s, size_t i) {
	for (size_t k = i + 1; k < s->npass; k++)
		if (!s->pass[k].by_file && strcmp(s->pass[k].name, s->pass[i].name) == 0)
			return true;
	return false;
}

/* Does its command end as soon as the engine has heard it, and run nothing of anybody else's? */
static bool
is_brief(const struct step *s) {
	return s->act != ACT_PULL && s->act != ACT_BUILD && s->act != ACT_EXEC &&
	       s->act != ACT_CHECK;
}

char **
job_env(const struct run *run, const struct step *s) {
	char **base = is_brief(s) ? run->brief_env : run->env;
	size_t n = 0, kept = 0;

	if (s->npass == 0)
		return base;
	while (base[n])
		n++;
	char **env = arena_array(run->ctx->mem, n + s->npass + 1, sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (!is_changed(s, base[i]))
			env[kept++] = base[i];
	for (size_t i = 0; i < s->npass; i++) {
		const struct passed *p = &s->pass[i];
		if (p->unset || p->by_file || is_set_later(s, i))
			continue;
		env[kept++] =
			arena_printf(run->ctx->mem, "%s=%s", p->name, word_text(run, &p->value));
	}
	return env;
}

/* What the buffer holds as a memory file; the buffer is wiped and freed. */
static bool
into_memfile(struct buf *b, int *fd) {
	*fd = proc_memfile(buf_str(b), b->n);
	if (b->n)
		memset(b->s, 0, b->n);
	buf_free(b);
	return *fd >= 0;
}

bool
job_memfile(const struct run *run, const struct step *s, int *fd) {
	struct buf b = {0};

	*fd = -1;
	for (size_t i = 0; i < s->npass; i++)
		if (s->pass[i].by_file && !s->pass[i].unset)
			buf_printf(
				&b, "%s=%s\n", s->pass[i].name, word_text(run, &s->pass[i].value));
	if (b.n == 0)
		return true;
	return into_memfile(&b, fd);
}

bool
job_feed(const struct run *run, const struct step *s, int *fd) {
	const struct feed *feed = s->feed;
	struct buf b = {0};

	*fd = -1;
	if (!feed)
		return true;
	if (feed->kind == FEED_TEXT)
		buf_adds(&b, word_text(run, &feed->text));
	for (size_t i = 0; feed->kind == FEED_FILES && i < feed->nfile; i++)
		tar_file(run->ctx, &b, &feed->file[i], word_text(run, &feed->file[i].content));
	if (feed->kind == FEED_FILES)
		tar_end(&b);
	return into_memfile(&b, fd);
}
