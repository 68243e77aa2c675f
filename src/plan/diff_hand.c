/* diff_hand.c - what somebody has changed in a container by hand, while the spec is as it was: the limits and the policy that `docker
 * update` sets, and networks that it was connected to. The wanted values are those of the words that make the container.
 *
 * An engine that can't set a limit leaves it at 0, on every try: that is no change by hand. */
#include "plan_int.h"
#include "values_int.h"
#include <inttypes.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

enum unit { UNIT_SIZE, UNIT_CPUS, UNIT_NUMBER, UNIT_TEXT, UNIT_POLICY };

/* What can be changed in a container that is there. Those that engines set by themselves where nobody asks for it count only where the
 * spec sets them. */
static const struct updated {
	const char *flag, *key, *deploy_key, *path;
	enum unit unit;
	bool only_set;
} updated[] = {
	{"--memory", "mem_limit", "deploy.resources", "HostConfig.Memory", UNIT_SIZE, false},
	{"--memory-reservation", "mem_reservation", "deploy.resources",
		"HostConfig.MemoryReservation", UNIT_SIZE, false},
	{"--cpus", "cpus", "deploy.resources", "HostConfig.NanoCpus", UNIT_CPUS, false},
	{"--cpu-shares", "cpu_shares", NULL, "HostConfig.CpuShares", UNIT_NUMBER, false},
	{"--cpuset-cpus", "cpuset", NULL, "HostConfig.CpusetCpus", UNIT_TEXT, false},
	{"--pids-limit", "pids_limit", "deploy.resources", "HostConfig.PidsLimit", UNIT_NUMBER,
		true},
	{"--restart", "restart", "deploy.restart_policy", "HostConfig.RestartPolicy", UNIT_POLICY,
		false},
};

/* The value of an option among the words that make the container, or NULL. */
static const struct word *
option_of(const struct resource *r, const char *flag) {
	for (size_t i = 0; i + 1 < r->create.n; i++)
		if (r->create.v[i].starts && str_eq(r->create.v[i].s, flag))
			return &r->create.v[i + 1];
	return NULL;
}

/* The number that a value stands for; 0 when it is not set. */
static int64_t
number_of(enum unit unit, const char *text) {
	uint64_t bytes = 0;
	double cpus = 0;
	int64_t n = 0;

	if (unit == UNIT_SIZE && str_size(text, false, &bytes))
		return bytes < INT64_MAX ? (int64_t)bytes : 0;
	if (unit == UNIT_CPUS && str_number(text, &cpus))
		return (int64_t)(cpus * 1e9);
	if (unit == UNIT_NUMBER && str_int(text, 0, INT64_MAX, &n))
		return n;
	return 0;
}

/* As people write it. */
static const char *
number_text(struct ctx *ctx, enum unit unit, int64_t n) {
	if (unit == UNIT_SIZE)
		return value_size(ctx, n);
	if (unit == UNIT_CPUS)
		return arena_printf(ctx->mem, "%g", (double)n / 1e9);
	return arena_printf(ctx->mem, "%" PRId64, n);
}

/* "always", "on-failure:3"; "no" for nothing. */
static const char *
policy_of(struct ctx *ctx, const struct node *policy) {
	const char *name = node_text(node_find(policy, "Name"));
	int64_t count = 0;

	node_to_int(node_find(policy, "MaximumRetryCount"), &count);
	if (!*name)
		return "no";
	return count ? arena_printf(ctx->mem, "%s:%" PRId64, name, count) : name;
}

/* Do the two texts of a row differ, as far as that was done by hand? Puts down both as people write them. */
static bool
differs(struct ctx *ctx, const struct updated *u, const struct word *want, const struct node *had,
	struct difference *d) {
	int64_t a, b = 0, off;

	if (u->unit == UNIT_POLICY || u->unit == UNIT_TEXT) {
		bool is_policy = u->unit == UNIT_POLICY;
		const char *have = is_policy ? policy_of(ctx, had) : node_text(had);
		const char *wish = want ? want->s : is_policy ? "no" : "";
		if (str_eq(wish, "on-failure:0"))
			wish = "on-failure";
		d->want = want ? value_quoted(ctx, wish) : NULL;
		d->had = value_quoted(ctx, have);
		return *have && !str_eq(have, wish);
	}
	a = want ? number_of(u->unit, want->s) : 0;
	if (!node_to_int(had, &b) || b <= 0)
		return false;
	d->want = a ? number_text(ctx, u->unit, a) : NULL;
	d->had = number_text(ctx, u->unit, b);
	off = llabs(a - b);
	return u->unit == UNIT_CPUS ? off > b / 100 : off != 0; /* engines may round processors */
}

void
differences_by_hand(const struct diffing *d, struct change *c) {
	struct difference *list = NULL;
	const struct node *tree = c->want->service->tree;

	for (size_t i = 0; i < countof(updated); i++) {
		const struct updated *u = &updated[i];
		const struct word *want = option_of(c->want, u->flag);
		const struct node *had = facts_at(c->had, u->path);
		struct difference one = {.by_hand = true};
		if (!had || (!want && u->only_set) || !differs(d->ctx, u, want, had, &one))
			continue;
		one.key =
			!want || node_find(tree, u->key) || !u->deploy_key ? u->key : u->deploy_key;
		one.is_new = false;
		if (want)
			one.at = want->at;
		list = grown(d->ctx, list, c->ndiff, sizeof(*list));
		list[c->ndiff++] = one;
	}
	c->diff = list;
}

/* Is it one of the networks that the container is to be in? */
static bool
is_wanted_in(const struct resource *r, const char *network) {
	for (size_t i = 0; i < r->nedge; i++)
		if (r->edge[i].to->kind == KIND_NETWORK && str_eq(r->edge[i].to->name, network))
			return true;
	return false;
}

void
networks_by_hand(const struct diffing *d, struct change *c) {
	const struct node *nets = facts_at(c->had, "NetworkSettings.Networks");

	for (size_t i = 0; nets && nets->type == NODE_MAP && i < nets->n; i++) {
		const char *name = nets->u.member[i].key;
		const struct resource *r = resources_find(d->had, KIND_NETWORK, name);
		if (str_in("bridge host none", name) || is_wanted_in(c->want, name))
			continue;
		if (r && r->ours && is_of_project(d->project, r)) {
			c->leave = grown(d->ctx, c->leave, c->nleave, sizeof(*c->leave));
			c->leave[c->nleave++] = name;
			continue;
		}
		diag(d->ctx, SEV_WARNING, c->at, "network-by-hand",
			"'%s' is in the network '%s', too, to which somebody has connected it: it "
			"stays so, until the container is replaced",
			c->had->name, name);
	}
}

const char *
why_disconnect(struct ctx *ctx, const char *container, const char *network) {
	return arena_printf(ctx->mem,
		"'%s' is in the network '%s', which the spec does not give it", container, network);
}
