/* consist.c - what one service says must fit together, and what it refers to must be declared.
 *
 * Starts at consist_service(). Each check reports at the very word that is wrong. Rules of the file
 * as a whole are in consist_top.c; what a single key may hold was checked before (keys.c). */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

#include "spec_int.h"

/* One service under check. */
struct look {
	struct ctx *ctx;
	const struct node *doc;
	const struct service *service;
	const struct node *tree;
};

/* Report that the service uses a NAME that SECTION does not declare. */
static void
say_undeclared(const struct look *l, const char *section, const char *what, const char *name,
	const char *shown, struct pos at) {
	diag(l->ctx, SEV_ERROR, at, arena_printf(l->ctx->mem, "undefined-%s", what),
		"service '%s' uses the %s '%s', which is not declared below '%s:'%s",
		l->service->name, what, shown, section,
		hint_key(l->ctx, node_find(l->doc, section), name));
	if (at.src != l->tree->at.src)
		diag_note(l->ctx, l->tree->at, "the service itself begins here");
}

/* Networks: declared, and not beside network_mode. */
static void
check_networks(const struct look *l) {
	const struct node *networks = node_find(l->tree, "networks"),
			  *mode = node_find(l->tree, "network_mode");
	size_t n = networks && networks->type == NODE_MAP ? networks->n : 0;

	if (*node_text(mode) && n) {
		diag(l->ctx, SEV_ERROR, mode->at, "network-mode",
			"service '%s' has both 'network_mode' and 'networks'", l->service->name);
		diag_note(l->ctx, networks->u.member[0].at, "the networks begin here");
	}
	for (size_t i = 0; i < n; i++) {
		const struct member *m = &networks->u.member[i];

		if (!str_eq(m->key, "default") &&
			!node_member(node_find(l->doc, "networks"), m->key))
			say_undeclared(l, "networks", "network", m->key, m->key, m->at);
	}
}

/* Named volumes: declared. */
static void
check_volumes(const struct look *l) {
	const struct node *mounts = node_find(l->tree, "volumes");

	for (size_t i = 0; mounts && mounts->type == NODE_LIST && i < mounts->n; i++) {
		const struct node *source = node_find(mounts->u.item[i], "source");

		if (!str_eq(node_text(node_find(mounts->u.item[i], "type")), "volume") ||
			!*node_text(source))
			continue;
		if (!node_member(node_find(l->doc, "volumes"), node_text(source)))
			say_undeclared(l, "volumes", "volume", node_text(source),
				hint_text(l->ctx, source, node_text(source)), source->at);
	}
}

/* Secrets or configs of the list: declared. */
static void
check_grants(const struct look *l, const struct node *list, const char *section, const char *what) {
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *source = node_find(list->u.item[i], "source");

		if (source && !node_member(node_find(l->doc, section), node_text(source)))
			say_undeclared(l, section, what, node_text(source),
				hint_text(l->ctx, source, node_text(source)), source->at);
	}
}

/* A place in the container where something is mounted. */
struct target {
	const char *path;
	const struct node *node; /* that says so */
};

/* By path, then by place. */
static int
compare_targets(const void *a, const void *b) {
	const struct target *x = a, *y = b;
	int by_path = strcmp(x->path, y->path);

	if (by_path)
		return by_path;
	if (x->node->at.line != y->node->at.line)
		return x->node->at.line < y->node->at.line ? -1 : 1;
	return x->node->at.col < y->node->at.col ? -1 : x->node->at.col > y->node->at.col;
}

/* Gather what volumes and tmpfs mount; returns how many. */
static size_t
gather_targets(const struct look *l, struct target **out) {
	const struct node *mounts = node_find(l->tree, "volumes"),
			  *tmpfs = node_find(l->tree, "tmpfs");
	size_t room = (mounts ? mounts->n : 0) + (tmpfs ? tmpfs->n : 0), n = 0;
	struct target *list = arena_array(l->ctx->mem, room, sizeof(*list));

	for (size_t i = 0; mounts && mounts->type == NODE_LIST && i < mounts->n; i++) {
		const struct node *target = node_find(mounts->u.item[i], "target");

		if (target)
			list[n++] = (struct target){node_text(target), target};
	}
	for (size_t i = 0; tmpfs && tmpfs->type == NODE_LIST && i < tmpfs->n; i++) {
		const char *text = node_text(tmpfs->u.item[i]);

		list[n++] = (struct target){
			arena_strndup(l->ctx->mem, text, strcspn(text, ":")), tmpfs->u.item[i]};
	}
	*out = list;
	return n;
}

/* Nothing is mounted twice at one place. */
static void
check_targets(const struct look *l) {
	struct target *list;
	struct arena_mark mark = arena_mark(l->ctx->mem);
	size_t n = gather_targets(l, &list);

	if (n > 1)
		qsort(list, n, sizeof(*list), compare_targets);
	bool is_good = true;
	for (size_t i = 1; i < n; i++) {
		if (!str_eq(list[i].path, list[i - 1].path))
			continue;
		is_good = false;
		diag_unfit(l->ctx, list[i].node->at, "mounted-twice",
			"service '%s' mounts two things at '%s'", l->service->name,
			hint_text(l->ctx, list[i].node, list[i].path));
		diag_note(l->ctx, list[i - 1].node->at, "the other one is here");
	}
	if (is_good) /* nothing was said that must be kept */
		arena_rewind(l->ctx->mem, mark);
}

/* Are these the same quantity? Texts of numbers are compared as numbers. */
static bool
same_amount(const char *a, const char *b) {
	double x, y;

	if (str_number(a, &x) && str_number(b, &y))
		return !(x < y) && !(x > y);
	return str_eq(a, b);
}

/* A limit written both at the service and in deploy.resources must be the same. */
static void
check_limit(const struct look *l, const char *key, const char *group, const char *name) {
	const struct node *own = node_find(l->tree, key);
	const struct node *there = node_at(l->tree, "deploy", "resources", group, NULL), *value;

	if (!own || !there || same_amount(node_text(own), "0"))
		return;
	value = node_find(there, name);
	if (value && same_amount(node_text(own), node_text(value)))
		return;
	diag(l->ctx, SEV_ERROR, own->at, "limit-differs",
		"'%s' of '%s' must be the same as 'deploy.resources.%s.%s'", key, l->service->name,
		group, name);
	diag_note(l->ctx, value ? value->at : there->at,
		value ? "which is given here" : "which is missing here");
}

/* What build asks for. */
static void
check_build(const struct look *l) {
	const struct node *build = node_find(l->tree, "build"),
			  *platform = node_find(l->tree, "platform");
	const struct node *text = node_find(build, "dockerfile_inline"),
			  *file = node_find(build, "dockerfile");
	const struct node *list = node_find(build, "platforms");
	bool found = false;

	if (text && file)
		diag(l->ctx, SEV_ERROR, text->at, "two-dockerfiles",
			"'build' of '%s' has both 'dockerfile' and 'dockerfile_inline'",
			l->service->name);
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++)
		found = found || str_eq(node_text(list->u.item[i]), node_text(platform));
	if (platform && list && list->n && !found)
		diag(l->ctx, SEV_ERROR, platform->at, "bad-platform",
			"the platform of '%s' is not among those that 'build.platforms' lists",
			l->service->name);
	check_grants(l, node_find(build, "secrets"), "secrets", "secret");
}

/* Small rules: names with several containers, healthcheck, devices. */
static void
check_small(const struct look *l) {
	const struct node *name = node_find(l->tree, "container_name");
	const struct node *often = node_at(l->tree, "healthcheck", "start_interval", NULL);
	const struct node *devices =
		node_at(l->tree, "deploy", "resources", "reservations", "devices", NULL);

	if (name && l->service->scale > 1)
		diag(l->ctx, SEV_ERROR, name->at, "name-and-scale",
			"service '%s' has %lld containers, and 'container_name' names only one",
			l->service->name, (long long)l->service->scale);
	if (often && !node_at(l->tree, "healthcheck", "start_period", NULL))
		diag_unfit(l->ctx, often->at, "no-start-period",
			"'start_interval' of '%s' needs a 'start_period'", l->service->name);
	for (size_t i = 0; devices && devices->type == NODE_LIST && i < devices->n; i++) {
		const struct node *ids = node_find(devices->u.item[i], "device_ids");

		if (ids && node_find(devices->u.item[i], "count"))
			diag(l->ctx, SEV_ERROR, ids->at, "count-and-ids",
				"a device request of '%s' has both 'count' and 'device_ids'",
				l->service->name);
	}
}

/* The restart policy: one that engines know. */
static void
check_restart(const struct look *l) {
	const struct node *restart = node_find(l->tree, "restart");
	const char *text = node_text(restart);
	int64_t tries;

	if (!*text || str_in("no none always unless-stopped on-failure", text))
		return;
	if (str_starts(text, "on-failure:") &&
		str_int(text + strlen("on-failure:"), 0, INT32_MAX, &tries))
		return;
	diag_unfit(l->ctx, restart->at, "bad-restart",
		"'restart' wants no, always, unless-stopped, on-failure or on-failure:N, not "
		"\"%s\"",
		hint_text(l->ctx, restart, text));
}

/* Names of labels: docker splits NAME=VALUE at the first '='. */
static void
check_labels(const struct look *l, const struct node *labels) {
	for (size_t i = 0; labels && labels->type == NODE_MAP && i < labels->n; i++) {
		const struct member *m = &labels->u.member[i];

		if (!*m->key || strpbrk(m->key, "= \t"))
			diag_unfit(l->ctx, m->at, "bad-label",
				"no docker command can set a label whose name is empty or holds "
				"'=' "
				"or blanks, such as '%s'",
				m->key);
	}
}

/* Names of build arguments, for the same reason. */
static void
check_args(const struct look *l) {
	const struct node *args = node_at(l->tree, "build", "args", NULL);

	for (size_t i = 0; args && args->type == NODE_MAP && i < args->n; i++) {
		const struct member *m = &args->u.member[i];

		if (!*m->key || strpbrk(m->key, "= \t\r\n"))
			diag_unfit(l->ctx, m->at, "bad-env-name",
				"the name of a build argument is neither empty nor holds '=' or "
				"blanks, unlike '%s'",
				m->key);
	}
}

void
consist_service(struct ctx *ctx, const struct making *m, const struct service *service) {
	struct look l = {.ctx = ctx, .doc = m->in->doc, .service = service, .tree = service->tree};

	check_networks(&l);
	check_volumes(&l);
	check_grants(&l, node_find(l.tree, "secrets"), "secrets", "secret");
	check_grants(&l, node_find(l.tree, "configs"), "configs", "config");
	check_targets(&l);
	check_limit(&l, "cpus", "limits", "cpus");
	check_limit(&l, "mem_limit", "limits", "memory");
	check_limit(&l, "mem_reservation", "reservations", "memory");
	check_limit(&l, "pids_limit", "limits", "pids");
	check_build(&l);
	check_small(&l);
	check_restart(&l);
	check_labels(&l, node_find(l.tree, "labels"));
	check_labels(&l, node_at(l.tree, "build", "labels", NULL));
	check_args(&l);
	consist_service_more(ctx, l.doc, service);
}
