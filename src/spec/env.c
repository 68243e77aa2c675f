/* env.c - the project environment: names to values that know where they came from.
 *
 * An array in the order of first setting, and a table of slots over it (open addressing, a power of
 * two). A variable that loses against another of its name is kept behind the winner. Knows nothing
 * of files: those are envfile.c's. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/node.h>
#include <string.h>

#include "spec_int.h"

struct env {
	const struct env *under;
	struct env_var **var; /* in the order they were first set */
	size_t n, cap;
	size_t *slot; /* index into var plus 1; 0: free */
	size_t nslot; /* a power of two, or 0 */
	struct env_names *names;
};

/* Who wins: 2 the program itself, 1 stackplan's own environment, 0 a file. */
static int
rank(const struct ref *ref) {
	if (!ref)
		return 2;
	return ref->from == REF_ENVIRON ? 1 : 0;
}

/* FNV-1a over the name. */
static size_t
hash_name(const char *name, size_t len) {
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

/* The slot that holds the name, or the free one where it would go; the table must not be empty. */
static size_t
find_slot(const struct env *env, const char *name, size_t len) {
	size_t i = hash_name(name, len) & (env->nslot - 1);

	for (; env->slot[i]; i = (i + 1) & (env->nslot - 1)) {
		const char *have = env->var[env->slot[i] - 1]->name;

		if (strncmp(have, name, len) == 0 && !have[len])
			break;
	}
	return i;
}

/* Make room for one more variable, with at most half of the slots in use. */
static void
reserve(struct ctx *ctx, struct env *env) {
	if (env->n == env->cap) {
		size_t cap = env->cap ? env->cap * 2 : 16;

		env->var = arena_grow(ctx->mem, env->var, env->cap, cap, sizeof(*env->var));
		env->cap = cap;
	}
	if ((env->n + 1) * 2 <= env->nslot)
		return;
	env->nslot = env->nslot ? env->nslot * 2 : 32;
	env->slot = arena_array(ctx->mem, env->nslot, sizeof(*env->slot));
	for (size_t i = 0; i < env->n; i++) {
		const char *name = env->var[i]->name;

		env->slot[find_slot(env, name, strlen(name))] = i + 1;
	}
}

struct env *
env_new(struct ctx *ctx, const struct env *under) {
	struct env *env = arena_make(ctx->mem, struct env);

	env->under = under;
	return env;
}

struct env_names *
env_names(const struct env *env) {
	return env ? env->names : NULL;
}

void
env_keep_names(struct env *env, struct env_names *names) {
	env->names = names;
}

/* Hang LOSER into the chain behind WINNER, before those it would beat itself. */
static void
put_behind(struct env_var *winner, struct env_var *loser) {
	const struct env_var **at = &winner->shadows;

	while (*at && rank((*at)->ref) > rank(loser->ref)) {
		/* the chain is ours: it was made here, as non-const objects */
		at = (const struct env_var **)&((struct env_var *)(uintptr_t)*at)->shadows;
	}
	loser->shadows = *at;
	*at = loser;
}

void
env_put(struct ctx *ctx, struct env *env, const char *name, struct word value,
	const struct ref *ref) {
	struct env_var *var = arena_make(ctx->mem, struct env_var);
	size_t slot;

	*var = (struct env_var){.name = name, .value = value, .ref = ref};
	reserve(ctx, env);
	slot = find_slot(env, name, strlen(name));
	if (!env->slot[slot]) {
		env->var[env->n++] = var;
		env->slot[slot] = env->n;
	} else if (rank(ref) < rank(env->var[env->slot[slot] - 1]->ref)) {
		put_behind(env->var[env->slot[slot] - 1], var);
	} else {
		var->shadows = env->var[env->slot[slot] - 1];
		env->var[env->slot[slot] - 1] = var;
	}
}

void
env_add_own(struct ctx *ctx, struct env *env, char *const *environ) {
	for (; environ && *environ; environ++) {
		const char *eq = strchr(*environ, '=');
		struct text t = {0};
		struct ref *ref;

		/* of two entries of one name the first counts, as for getenv */
		if (!eq || eq == *environ || env_find(env, *environ, (size_t)(eq - *environ)))
			continue;
		ref = arena_make(ctx->mem, struct ref);
		ref->from = REF_ENVIRON;
		ref->name = arena_strndup(ctx->mem, *environ, (size_t)(eq - *environ));
		text_add_ref(&t, eq + 1, ref);
		env_put(ctx, env, ref->name, text_take(ctx->mem, &t, (struct pos){0}), ref);
	}
}

void
env_set(struct ctx *ctx, struct env *env, const char *name, const char *value) {
	env_put(ctx, env, arena_strdup(ctx->mem, name),
		(struct word){.s = arena_strdup(ctx->mem, value)}, NULL);
}

const struct env_var *
env_find(const struct env *env, const char *name, size_t len) {
	for (; env; env = env->under) {
		size_t slot = env->nslot ? env->slot[find_slot(env, name, len)] : 0;

		if (slot)
			return env->var[slot - 1];
	}
	return NULL;
}

const char *
env_value(const struct env *env, const char *name) {
	const struct env_var *var = env_find(env, name, strlen(name));

	return var ? var->value.s : NULL;
}

const struct env_var *
env_nth(const struct env *env, size_t i) {
	return i < env->n ? env->var[i] : NULL;
}

const struct env_var *
lookup_find(const struct lookup *in, const char *name, size_t len) {
	const struct env_var *var = NULL;

	for (size_t i = 0; i < sizeof(in->in) / sizeof(*in->in) && !var; i++)
		var = env_find(in->in[i], name, len);
	return var;
}
