/* buildkit.c - whether this docker has BuildKit, asked only where a build has keys that need it.
 * A docker from 23 on has it by its plugin buildx; an older one has it inside. What can't be told is left to docker. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/proc.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

enum { PLUGIN_SINCE = 23 };

/* Does the answer tell of a docker without BuildKit? */
static bool
has_none(const struct node *client) {
	const struct node *plugins = node_find(client, "Plugins");

	if (!client || strtol(node_text(node_find(client, "Version")), NULL, 10) < PLUGIN_SINCE)
		return false;
	for (size_t i = 0; plugins && plugins->type == NODE_LIST && i < plugins->n; i++)
		if (str_eq(node_text(node_find(plugins->u.item[i], "Name")), "buildx"))
			return false;
	return true;
}

/* Ask docker about itself. */
static bool
lacks_buildkit(struct ctx *ctx, const struct docker *d) {
	char *const words[] = {arena_strdup(ctx->mem, "info"), arena_strdup(ctx->mem, "--format"),
		arena_strdup(ctx->mem, "{{json .ClientInfo}}"), NULL};
	struct capture c = {0};
	const char *why;
	bool none = false;

	if (docker_read(&c, d, words) && c.status == 0)
		none = has_none(json_read(ctx->mem, buf_str(&c.out), c.out.n, &why));
	capture_free(&c);
	return none;
}

bool
builds_are_possible(struct ctx *ctx, const struct docker *d, const struct plan *plan) {
	bool is_asked = false, lacks = false;

	for (size_t i = 0; i < plan->nstep; i++) {
		const struct step *s = plan->step[i];
		const struct image_wish *w = s->act == ACT_BUILD ? s->res->wish : NULL;
		if (!w || !w->buildkit)
			continue;
		lacks = is_asked ? lacks : lacks_buildkit(ctx, d);
		is_asked = true;
		if (lacks)
			diag(ctx, SEV_ERROR, w->buildkit_at, "no-buildkit",
				"'%s' of a build needs BuildKit, and this docker has none: install "
				"its plugin buildx",
				w->buildkit);
	}
	return !lacks;
}
