/* consist_more.c - what must fit together in a service beyond consist.c: rules that Compose keeps when
 * it loads, though nothing is made of them before an image is pulled or built.
 *
 * Starts at consist_service_more(). */
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

/* Is it a policy that the specification knows? */
static bool
is_pull_policy(const char *text) {
	static const char words[] =
		"always build daily if_not_present missing never refresh weekly";

	if (str_in(words, text))
		return true;
	if (!str_starts(text, "every_"))
		return false;
	text += strlen("every_");
	do {
		size_t n = strspn(text, "0123456789");
		if (n == 0 || text[n] == '\0' || !strchr("wdhms", text[n]))
			return false;
		text += n + 1;
	} while (*text);
	return true;
}

static void
check_pull_policy(struct ctx *ctx, const struct node *tree) {
	const struct node *policy = node_find(tree, "pull_policy");

	if (!policy || is_pull_policy(node_text(policy)))
		return;
	diag(ctx, SEV_ERROR, policy->at, "bad-pull-policy",
		"'pull_policy' wants always, missing, never, build, daily, weekly or a time such "
		"as every_12h, not \"%s\"",
		hint_text(ctx, policy, node_text(policy)));
}

/* Files of variables have a name, even where a variable gives it. */
static void
check_env_files(struct ctx *ctx, const struct node *tree) {
	const struct node *list = node_find(tree, "env_file");

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *path = node_find(list->u.item[i], "path");
		const struct node *required = node_find(list->u.item[i], "required");

		if (path && !*node_text(path) && (!required || node_is_true(required)))
			diag(ctx, SEV_ERROR, path->at, "cannot-read",
				"the path of this env file is empty: give it, or leave 'env_file' "
				"out");
	}
}

/* What is copied into a container needs a place there. */
static void
check_watch(struct ctx *ctx, const struct node *tree) {
	const struct node *list = node_at(tree, "develop", "watch", NULL);

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *action = node_find(list->u.item[i], "action");

		if (action && !str_in("rebuild restart", node_text(action)) &&
			!*node_text(node_find(list->u.item[i], "target")))
			diag(ctx, SEV_ERROR, action->at, "missing-key",
				"the action '%s' wants a 'target', the path in the container",
				hint_text(ctx, action, node_text(action)));
	}
}

/* Services whose images a build starts from. */
static void
check_contexts(struct ctx *ctx, const struct node *doc, const struct service *service) {
	const struct node *map = node_at(service->tree, "build", "additional_contexts", NULL);

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const struct node *value = map->u.member[i].val;
		const char *text = node_text(value);

		if (!str_starts(text, "service:"))
			continue;
		text += strlen("service:");
		if (!node_at(doc, "services", text, NULL))
			diag(ctx, SEV_ERROR, value->at, "no-service",
				"the build of '%s' starts from the service '%s', which is not in "
				"the file",
				service->name, hint_text(ctx, value, text));
	}
}

/* NAME or NAME:ALIAS, no more. */
static void
check_links(struct ctx *ctx, const struct node *tree) {
	const struct node *list = node_find(tree, "links");

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const char *text = node_text(list->u.item[i]), *colon = strchr(text, ':');

		if (colon && strchr(colon + 1, ':'))
			diag(ctx, SEV_ERROR, list->u.item[i]->at, "bad-name",
				"'links' wants SERVICE or SERVICE:ALIAS, not \"%s\"",
				hint_text(ctx, list->u.item[i], text));
	}
}

void
consist_service_more(struct ctx *ctx, const struct node *doc, const struct service *service) {
	const struct node *tree = service->tree;

	check_pull_policy(ctx, tree);
	check_env_files(ctx, tree);
	check_watch(ctx, tree);
	check_contexts(ctx, doc, service);
	check_links(ctx, tree);
}
