/* plan_words.c - looks once over the words of all commands of a plan.
 * Two things can be said only here, where all words are there, whatever key they came from: one is
 * longer than a program can be given, and one holds a secret that everybody will be able to read. */
#include "plan_int.h"
#include <stackplan/diag.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

/* Linux gives a program no word longer than this, its NUL aside. */
enum { WORD_MAX_BYTES = 131071 };

/* The label of so many needs may be too long. */
enum { MANY_NEEDS = 200 };

/* The reference to a variable whose name says that it is secret, or NULL. */
static const struct ref *
secret_in(const struct word *w) {
	for (size_t i = 0; i < w->nspan; i++) {
		const struct ref *ref = w->span[i].ref;
		bool outside = ref->from == REF_ENVIRON || ref->from == REF_DOTENV ||
			       ref->from == REF_ENVFILE;
		if (outside && w->span[i].len && str_is_secret_name(ref->name))
			return ref;
	}
	return NULL;
}

static void
check_word(struct ctx *ctx, const struct word *w, struct pos *warned) {
	const struct ref *secret = w->nspan ? secret_in(w) : NULL;

	if (strlen(w->s) > WORD_MAX_BYTES)
		diag(ctx, SEV_ERROR, w->at, "word-too-long",
			"this makes a word of %zu bytes; a program can be given at most %d in one",
			strlen(w->s), WORD_MAX_BYTES);
	if (!secret || (w->at.line == warned->line && w->at.col == warned->col))
		return;
	diag(ctx, SEV_WARNING, w->at, "secret-in-command",
		"the value of '%s' becomes part of a command, where every user of the machine can "
		"read it; in 'environment' it would not",
		secret->name);
	*warned = w->at;
}

/* Docker reads the value of these options as a record of CSV, and CR LF in one as LF, quoted or not. */
static void
check_record(struct ctx *ctx, const char *flag, const struct word *w) {
	if (strstr(w->s, "\r\n") && str_in("--mount --network --alias --gpus", flag))
		diag(ctx, SEV_ERROR, w->at, "no-form",
			"docker takes the line break CR LF for LF in the option '%s': no command "
			"can say this",
			flag);
}

static void
check_words(struct ctx *ctx, const struct words *w, struct pos *warned) {
	for (size_t k = 0; k < w->n; k++) {
		check_word(ctx, &w->v[k], warned);
		if (k)
			check_record(ctx, w->v[k - 1].s, &w->v[k]);
	}
}

/* Is all of it the spec's own, but for the project's folder? */
static bool
is_own(const struct word *w) {
	for (size_t i = 0; i < w->nspan; i++)
		if (w->span[i].ref->from != REF_FOLDER)
			return false;
	return true;
}

/* Is it the name of an option? Those are our own words. */
static bool
is_flag(const struct word *w) {
	return w->starts && w->s[0] == '-';
}

bool
words_are_plain(const struct words *w) {
	for (size_t i = 0; i < w->n; i++)
		if (!is_flag(&w->v[i]) &&
			(!is_own(&w->v[i]) || strlen(w->v[i].s) > WORD_MAX_BYTES ||
				strchr(w->v[i].s, '\r')))
			return false;
	return true;
}

bool
step_is_plain(const struct step *s) {
	if (!s->res || !s->res->plain)
		return false;
	if (s->kind == KIND_CONTAINER)
		return s->act == ACT_RUN || s->act == ACT_CREATE;
	if (s->act != ACT_PULL && s->act != ACT_QUERY)
		return false;
	for (size_t i = 0; i < s->argv.n; i++)
		if (s->argv.v[i].nspan) /* the platform */
			return false;
	return true;
}

void
plan_check_words(struct ctx *ctx, const struct plan *p) {
	struct pos warned = {0};

	for (size_t i = 0; i < p->nstep; i++) {
		const struct step *s = p->step[i];
		/* the further containers of a service have the same words */
		if (i && s->service && s->service == p->step[i - 1]->service &&
			s->act == p->step[i - 1]->act)
			continue;
		if (!step_is_plain(s)) {
			struct words argv = step_argv(ctx, s);
			check_words(ctx, &argv, &warned);
		}
		/* our labels are short, but for the one with the needs */
		if (s->labels_at && s->service && s->service->nneed > MANY_NEEDS) {
			struct words all = step_words(ctx, p, s);
			check_words(ctx, &all, &warned);
		}
	}
}
