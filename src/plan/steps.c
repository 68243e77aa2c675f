/* steps.c - making single steps and lists of them. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <string.h>

struct step *
step_bare(struct ctx *ctx, enum action act, const struct resource *r) {
	struct step *s = arena_make(ctx->mem, struct step);

	s->act = act;
	s->res = r;
	s->why = "";
	if (r) {
		s->kind = r->kind;
		s->name = r->name;
		s->title = r->key;
		s->service = r->service;
		s->at = r->at;
	}
	return s;
}

struct extra *
step_extend(struct ctx *ctx, struct step *s) {
	if (!s->extra) {
		struct extra *own = arena_make(ctx->mem, struct extra);
		*own = *step_extra(s);
		s->extra = own;
	}
	return s->extra;
}

struct extra *
step_retries(struct ctx *ctx, struct step *s) {
	struct extra *own = step_extend(ctx, s);

	own->tries = 5;
	own->every_ms = 300;
	return own;
}

/* The pull, creation or start of something at its place in the file, begun with the engine's program. */
struct step *
step_new(struct ctx *ctx, const struct plan *p, enum action act, const struct resource *r) {
	struct step *s = step_bare(ctx, act, r);

	words_push(ctx->mem, &s->argv, p->engine->program, s->at);
	return s;
}

/* Push the words of a text, split at blanks. */
static void
push_split(struct ctx *ctx, struct words *w, const char *text, struct pos at) {
	char *word = arena_strdup(ctx->mem, text);

	while (*word) {
		size_t n = strcspn(word, " "), gap = strspn(word + n, " ");
		words_push(ctx->mem, w, word, at);
		memset(word + n, '\0', gap);
		word += n + gap;
	}
}

void
step_text(struct ctx *ctx, struct step *s, const char *words) {
	push_split(ctx, &s->argv, words, s->at);
}

void
step_push(struct ctx *ctx, struct step *s, const char *word, struct pos at) {
	words_push(ctx->mem, &s->argv, word, at);
}

void
step_push_all(struct ctx *ctx, struct step *s, const struct words *w) {
	words_push_all(ctx->mem, &s->argv, w);
}

/* A vector with room for a program, the words of a text, and one more. */
static struct words
room_for(struct ctx *ctx, const char *text) {
	size_t n = 3;

	for (; *text; text++)
		n += *text == ' ';
	return words_with_room(ctx->mem, n);
}

struct words
words_of(struct ctx *ctx, const struct plan *p, const char *words, const char *last) {
	struct words w = room_for(ctx, words);

	words_push(ctx->mem, &w, p->engine->program, (struct pos){0});
	push_split(ctx, &w, words, (struct pos){0});
	words_push(ctx->mem, &w, last, (struct pos){0});
	return w;
}

void
step_need(struct ctx *ctx, struct step *s, struct step *need) {
	if (!need || need == s)
		return;
	for (size_t i = s->nneed; i-- > 0 && s->nneed - i <= 4;)
		if (s->need[i] == need)
			return;
	s->need = grown(ctx, s->need, s->nneed, sizeof(struct step *));
	s->need[s->nneed++] = need;
}

void
plan_append(struct ctx *ctx, struct plan *p, struct step *s) {
	p->step = grown(ctx, p->step, p->nstep, sizeof(struct step *));
	p->step[p->nstep++] = s;
}

size_t
step_labels(
	struct ctx *ctx, const struct plan *p, const struct step *s, struct label out[LABELS_MAX]) {
	return p->labels && s->labels_at ? labels_of(ctx, p, s->res, out) : 0;
}

/* "--label KEYVALUE". */
static void
push_label(struct ctx *ctx, struct words *w, const struct label *label, struct pos at) {
	struct text t = {0};

	words_push_word(ctx->mem, w, (struct word){.s = "--label", .at = at, .starts = true});
	text_add(&t, label->key);
	text_add_word(&t, &label->value);
	words_push_word(ctx->mem, w, text_take(ctx->mem, &t, at));
}

struct words
step_argv(struct ctx *ctx, const struct step *s) {
	struct words all;

	if (!s->named)
		return s->argv;
	all = words_with_room(ctx->mem, s->argv.n + 1);
	words_push_all(ctx->mem, &all, &s->argv);
	words_push(ctx->mem, &all, s->name, s->at);
	return all;
}

struct words
step_words(struct ctx *ctx, const struct plan *p, const struct step *s) {
	struct label label[LABELS_MAX];
	size_t n = step_labels(ctx, p, s, label), at = s->labels_at;
	struct words argv = step_argv(ctx, s), all, head, rest;

	if (!n)
		return argv;
	head = words_part(&argv, 0, at);
	rest = words_part(&argv, at, argv.n);
	all = words_with_room(ctx->mem, argv.n + 2 * n);
	words_push_all(ctx->mem, &all, &head);
	for (size_t i = 0; i < n; i++)
		push_label(ctx, &all, &label[i], s->res->at);
	words_push_all(ctx->mem, &all, &rest);
	return all;
}

/* What the usual steps have around them: words before the name. */
struct usual {
	enum action act;
	enum kind kind;
	const char *guard, *undo;
};

static const struct usual usual[] = {
	{ACT_PULL, KIND_IMAGE, "image inspect", NULL},
	{ACT_BUILD, KIND_IMAGE, "image inspect", NULL},
	{ACT_CREATE, KIND_NETWORK, "network inspect", "network rm"},
	{ACT_CREATE, KIND_VOLUME, "volume inspect", "volume rm"},
	{ACT_CREATE, KIND_CONTAINER, "container inspect", "rm -f -v"},
	{ACT_RUN, KIND_CONTAINER, "container inspect", "rm -f -v"},
};

/* The row for a step, or NULL. */
static const struct usual *
usual_of(const struct step *s) {
	for (size_t i = 0; s->is_usual && i < countof(usual); i++)
		if (usual[i].act == s->act && usual[i].kind == s->kind)
			return &usual[i];
	return NULL;
}

struct words
step_undo(struct ctx *ctx, const struct plan *p, const struct step *s) {
	const struct usual *u = usual_of(s);

	return step_extra(s)->undo.n || !u || !u->undo ? step_extra(s)->undo
						       : words_of(ctx, p, u->undo, s->name);
}

struct words
step_guard(struct ctx *ctx, const struct plan *p, const struct step *s) {
	const struct usual *u = usual_of(s);

	return step_extra(s)->guard.n || !u ? step_extra(s)->guard
					    : words_of(ctx, p, u->guard, s->name);
}
