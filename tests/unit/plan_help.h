/* plan_help.h - for the tests of planning: from the text of a spec to what is wanted, to changes, to
 * steps, each by one call; and what they say as one text to compare. */
#ifndef PLAN_HELP_H
#define PLAN_HELP_H

#include "spec_help.h"

#include <stackplan/buf.h>
#include <stackplan/engine.h>
#include <stackplan/plan.h>
#include <stackplan/words.h>

static const struct plan_options plain = {0};

/* All that stands in a file, up to 9,999 bytes. */
static inline const char *
slurp(const char *name) {
	char *text = arena_alloc(world.ctx.mem, 10000);
	FILE *f = fopen(name, "r");

	assert_non_null(f);
	text[fread(text, 1, 9999, f)] = '\0';
	fclose(f);
	return text;
}

/* What the spec of this text wants, without labels; NULL after errors. */
static inline struct resources *
want_text(const char *text) {
	const struct project *p = make_text(text, NULL);

	return p ? want_make(&world.ctx, p, engine_find("docker"), false) : NULL;
}

/* The wanted resource; the test fails without it. */
static inline struct resource *
wanted(const struct resources *want, enum kind kind, const char *name) {
	struct resource *r = want ? resources_find(want, kind, name) : NULL;

	if (!r) {
		fail_msg("no %s '%s': %s", kind_name(kind), name, said());
		abort();
	}
	return r;
}

/* The plan for a spec of this text on an engine that holds HAD (NULL: nothing). */
static inline struct plan *
plan_text(const char *text, const struct resources *had, const struct plan_options *options) {
	struct resources *want = want_text(text);
	struct plan *p;

	if (!want) {
		fail_msg("%s", said());
		abort();
	}
	p = plan_make(&world.ctx, world.project, engine_find("docker"),
		diff_make(&world.ctx, world.project, want, had, NULL), options);
	if (!p) {
		fail_msg("%s", said());
		abort();
	}
	return p;
}

/* Words with a blank between, as they are. */
static inline const char *
joined(const struct words *w) {
	struct buf b = {0};

	for (size_t i = 0; i < w->n; i++)
		buf_printf(&b, "%s%s", i ? " " : "", w->v[i].s);
	return arena_take_buf(world.ctx.mem, &b);
}

/* The words that the keys of service "a" of a spec become, by the text of its body. */
static inline const char *
words_of_service(const char *body, struct resource **out) {
	struct resources *want = want_text(arena_printf(
		world.ctx.mem, "services:\n  a:\n    image: x\n    network_mode: none\n%s", body));
	struct resource *r;

	if (out)
		*out = NULL;
	if (!want)
		return NULL;
	r = wanted(want, KIND_CONTAINER, "myapp-a-1");
	if (out)
		*out = r;
	return joined(&r->create);
}

/* All commands of a plan, a line each. */
static inline const char *
commands(const struct plan *p) {
	struct buf b = {0};

	for (size_t i = 0; i < p->nstep; i++) {
		struct words argv = step_argv(&world.ctx, p->step[i]);
		buf_printf(&b, "%s\n", joined(&argv));
	}
	return arena_take_buf(world.ctx.mem, &b);
}

/* The first step that does this to the thing of this name, or NULL. */
static inline const struct step *
find_step(const struct plan *p, enum action act, const char *name) {
	for (size_t i = 0; i < p->nstep; i++)
		if (p->step[i]->act == act && strcmp(p->step[i]->name, name) == 0)
			return p->step[i];
	return NULL;
}

/* The step; the test fails without it. */
static inline const struct step *
step_of(const struct plan *p, enum action act, const char *name) {
	const struct step *s = find_step(p, act, name);

	if (!s) {
		fail_msg("no step to %s '%s' in:\n%s", action_name(act), name, commands(p));
		abort();
	}
	return s;
}

/* Does one step need the other, by itself or through others? */
static inline bool
comes_after(const struct step *s, const struct step *need) {
	if (!s || !need)
		return false;
	for (size_t i = 0; i < s->nneed; i++)
		if (s->need[i] == need || comes_after(s->need[i], need))
			return true;
	return false;
}

/* What identifies a thing that the last project wants. */
static inline const struct digest *
digest_of(const struct resource *r) {
	return resource_digest(&world.ctx, world.project, r);
}

/* Something that the engine has: ours, with what a wanted one says of itself. */
static inline struct resource *
put_had(struct resources *had, const struct resource *like, const char *state) {
	struct resource *r = arena_make(world.ctx.mem, struct resource);

	*r = (struct resource){.kind = like->kind,
		.name = like->name,
		.key = like->key,
		.number = like->number,
		.id = "0123456789ab",
		.state = state,
		.status = "",
		.ports = "",
		.networks = "",
		.mounts = "",
		.project = "myapp",
		.had_digest = like->kind == KIND_IMAGE ? "" : digest_of(like)->all,
		.had_sums = "",
		.had_key = like->key,
		.had_number = "1",
		.ours = like->kind != KIND_IMAGE};
	resources_push(&world.ctx, had, r);
	return r;
}

/* All of it is there, containers in this state. */
static inline struct resources *
had_all(const struct resources *want, const char *state) {
	struct resources *had = arena_make(world.ctx.mem, struct resources);

	for (size_t i = 0; want && i < want->n; i++)
		put_had(had, want->v[i], want->v[i]->kind == KIND_CONTAINER ? state : "");
	return had;
}

/* Keys and the words that they become. */
struct mapped {
	const char *body, *words;
};

static inline void
assert_mapped(const struct mapped *m, size_t n) {
	for (size_t i = 0; i < n; i++) {
		const char *got = words_of_service(m[i].body, NULL);

		if (!got)
			fail_msg("%s\n%s", m[i].body, said());
		if (!strstr(got, "--network none"))
			fail_msg("%s\nno network: %s", m[i].body, got);
		got += strlen("--network none");
		got += *got == ' ';
		if (strcmp(got, m[i].words) != 0)
			fail_msg("%s\nwanted: %s\ngot:    %s", m[i].body, m[i].words, got);
	}
}

/* Keys, and what is said of them. */
static inline void
assert_refused(const struct mapped *m, size_t n) {
	for (size_t i = 0; i < n; i++) {
		const char *got = words_of_service(m[i].body, NULL);

		if (got)
			fail_msg("%s\nwas accepted: %s", m[i].body, got);
		assert_said(m[i].words);
		world.ctx.diags = diags_new(world.ctx.mem);
	}
}

#endif
