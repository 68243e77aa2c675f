/* world_same.c - two worlds beside each other: what has moved, in plain words. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <stackplan/world.h>
#include <string.h>

static const struct pos nowhere = {0};

/* The two worlds, and what has been found. */
struct comparing {
	struct ctx *ctx;
	const struct node *was, *is;
	bool partly;
	bool same;
};

/* The name between the quotes of "the file 'x'". */
static const char *
quoted_name(struct ctx *ctx, const char *key) {
	const char *from = strchr(key, '\'');

	return from && from[1] ? arena_strndup(ctx->mem, from + 1, strlen(from + 1) - 1) : key;
}

/* Are both keys of one kind of things: "the container '...'"? */
static bool
same_kind(const char *a, const char *b) {
	size_t n = strcspn(a, "'");

	return n == strcspn(b, "'") && strncmp(a, b, n) == 0;
}

/* The key under which the other world has this thing, when it is called otherwise there; else NULL. */
static const char *
other_name(const struct node *world, const struct member *thing) {
	const char *id = node_text(node_find(thing->val, "id"));

	for (size_t i = 0; *id && i < world->n; i++) {
		const struct member *m = &world->u.member[i];
		if (!str_eq(m->key, thing->key) && same_kind(m->key, thing->key) &&
			str_eq(node_text(node_find(m->val, "id")), id))
			return m->key;
	}
	return NULL;
}

/* Is the text a digest of ours, which tells people nothing? */
static bool
is_digest(const char *text) {
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* What a thing was, and is: there (set, if it is a variable) or not. */
static void
say_presence(struct comparing *c, const struct member *thing, const char *was, const char *is) {
	const char *there = str_starts(thing->key, "the variable ") ? "set" : "there";

	diag(c->ctx, SEV_ERROR, nowhere, "stale", "%s was %s%s, and is %s%s now", thing->key, was,
		there, is, there);
}

/* A thing that is not there any more. */
static void
say_gone(struct comparing *c, const struct member *thing) {
	const char *name = other_name(c->is, thing);

	if (c->partly && !str_starts(thing->key, "the variable ") &&
		(!str_starts(thing->key, "the file ") ||
			path_is_file(quoted_name(c->ctx, thing->key))))
		return;
	c->same = false;
	if (name)
		diag(c->ctx, SEV_ERROR, nowhere, "stale", "%s is called '%s' now", thing->key,
			quoted_name(c->ctx, name));
	else
		say_presence(c, thing, "", "not ");
}

/* A thing that was not there. */
static void
say_new(struct comparing *c, const struct member *thing) {
	if (other_name(c->was, thing))
		return; /* that was told */
	c->same = false;
	say_presence(c, thing, "not ", "");
}

/* One fact of a thing: WAS and IS differ, and each may be "". */
static void
say_moved(
	struct comparing *c, const char *thing, const char *fact, const char *was, const char *is) {
	c->same = false;
	if (is_digest(was) || is_digest(is))
		diag(c->ctx, SEV_ERROR, nowhere, "stale", "%s has changed", thing);
	else if (!*was)
		diag(c->ctx, SEV_ERROR, nowhere, "stale",
			"the %s of %s was not set, and is '%s' now", fact, thing, is);
	else if (!*is)
		diag(c->ctx, SEV_ERROR, nowhere, "stale",
			"the %s of %s was '%s', and is not set now", fact, thing, was);
	else
		diag(c->ctx, SEV_ERROR, nowhere, "stale", "the %s of %s was '%s', and is '%s' now",
			fact, thing, was, is);
}

/* A thing that is in both worlds. */
static void
compare_thing(
	struct comparing *c, const char *name, const struct node *was, const struct node *is) {
	if (!str_eq(node_text(node_find(was, "id")), node_text(node_find(is, "id")))) {
		c->same = false;
		diag(c->ctx, SEV_ERROR, nowhere, "stale", "%s is another one now", name);
		return;
	}
	for (size_t i = 0; i < was->n; i++) {
		const struct member *m = &was->u.member[i];
		const struct node *now = node_find(is, m->key);
		if (!str_eq(node_text(m->val), node_text(now)) && (now || !c->partly))
			say_moved(c, name, m->key, node_text(m->val), node_text(now));
	}
	for (size_t i = 0; i < is->n && !c->partly; i++)
		if (!node_find(was, is->u.member[i].key))
			say_moved(c, name, is->u.member[i].key, "", node_text(is->u.member[i].val));
}

bool
world_is_same(struct ctx *ctx, const struct node *was, const struct node *is, bool partly) {
	struct comparing c = {.ctx = ctx, .was = was, .is = is, .partly = partly, .same = true};

	for (size_t i = 0; i < was->n; i++) {
		const struct member *m = &was->u.member[i];
		const struct node *now = node_find(is, m->key);
		if (now)
			compare_thing(&c, m->key, m->val, now);
		else
			say_gone(&c, m);
	}
	for (size_t i = 0; i < is->n; i++)
		if (!node_find(was, is->u.member[i].key) &&
			(!partly || str_starts(is->u.member[i].key, "the variable ")))
			say_new(&c, &is->u.member[i]);
	return c.same;
}
