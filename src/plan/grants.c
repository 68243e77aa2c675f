/* grants.c - the secrets and configs of a service. One from a file is a read-only mount; one from a variable or from the spec's
 * own text is copied into the container before it starts: the feed of one step. Starts at emit_grants(); grants_of() takes them
 * apart, grant_identity() is for the digest, which holds no value. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/hash.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/quote.h>
#include <stackplan/str.h>
#include <string.h>

/* What is tried in this order. */
static enum grant_from
source_of(const struct node *top, const struct node **source) {
	static const char *const names[] = {
		[GRANT_FILE] = "file",
		[GRANT_VARIABLE] = "environment",
		[GRANT_TEXT] = "content",
	};

	for (size_t i = 0; i < countof(names); i++)
		if ((*source = node_find(top, names[i])))
			return (enum grant_from)i;
	return GRANT_NOTHING;
}

static struct grant
grant_of(struct ctx *ctx, const struct project *p, const char *section, const struct node *item) {
	const char *folder = str_eq(section, "secrets") ? "/run/secrets" : "/";
	const char *name = node_text(node_find(item, "source"));
	const char *target = node_text(node_find(item, "target"));
	const struct member *top = node_member(node_find(p->doc, section), name);
	struct grant g = {.item = item,
		.name = name,
		.secret = str_eq(section, "secrets"),
		.content = {.s = ""}};
	const struct env_var *var;

	g.top = top ? top->val : NULL;
	g.target = path_resolve(ctx->mem, folder, *target ? target : name, NULL);
	g.from = source_of(g.top, &g.source);
	if (g.from == GRANT_VARIABLE) {
		var = env_find(p->env, node_text(g.source), strlen(node_text(g.source)));
		g.set = var != NULL;
		g.content = var ? var->value : (struct word){.s = ""};
	} else if (g.from != GRANT_NOTHING) {
		g.set = true;
		g.content = node_word(g.source);
	}
	if (g.from != GRANT_NOTHING)
		g.content.at = g.source->at;
	return g;
}

struct grant *
grants_of(struct ctx *ctx, const struct project *p, const char *section, const struct node *list,
	size_t *n) {
	size_t all = list->type == NODE_LIST ? list->n : 0;
	struct grant *g = arena_array(ctx->mem, all, sizeof(*g));
	struct node *last = node_new(ctx->mem, NODE_MAP, list->at);
	int64_t k;

	for (size_t i = 0; i < all; i++) {
		g[i] = grant_of(ctx, p, section, list->u.item[i]);
		node_set(ctx->mem, last, g[i].target, list->at,
			node_int(ctx->mem, (int64_t)i, list->at));
	}
	for (size_t i = 0; i < all; i++)
		if (node_to_int(node_find(last, g[i].target), &k) && (size_t)k != i)
			g[i].by = g[k].item;
	*n = all;
	return g;
}

/* The permission bits of a copy. */
static uint32_t
mode_of(const struct grant *g) {
	const struct node *mode = node_find(g->item, "mode");
	int64_t bits;

	return mode && node_to_int(mode, &bits) ? (uint32_t)bits & 07777 : 0444;
}

const char *
grant_identity(struct ctx *ctx, const struct grant *g) {
	const char *uid = node_text(node_find(g->item, "uid"));
	const char *gid = node_text(node_find(g->item, "gid"));
	struct hash h;
	char sum[65];

	if (g->from == GRANT_FILE)
		return arena_printf(ctx->mem, "file:%s", g->content.s);
	hash_start(&h);
	hash_text(&h, g->content.s);
	hash_end(&h, sum);
	return arena_printf(ctx->mem, "sha256:%s %s:%s %o", sum, *uid ? uid : "0", *gid ? gid : "0",
		(unsigned)mode_of(g));
}

/* "secret", "config" */
static const char *
noun(const struct grant *g) {
	return g->secret ? "secret" : "config";
}

/* Is there something to give? Says why not. */
static bool
check_source(struct emit *e, const struct grant *g) {
	const struct node *external = node_find(g->top, "external");

	if (external && node_is_true(external)) {
		diag(e->ctx, SEV_ERROR, g->item->at, "external-grant",
			"the %s '%s' is external, and only a swarm keeps such ones: give it a "
			"'file' or an 'environment'",
			noun(g), g->name);
		diag_note(e->ctx, external->at, "external here");
		return false;
	}
	if (g->from == GRANT_NOTHING)
		return false; /* whoever loads it has said so */
	if (!g->set)
		diag(e->ctx, SEV_ERROR, g->source->at, "unset-source",
			"the variable '%s', which %s '%s' is read from, is not set: set it in the "
			"environment or in .env",
			node_text(g->source), noun(g), g->name);
	return g->set;
}

/* A target is seen by all who may inspect a container. */
static bool
check_target(struct emit *e, const struct grant *g) {
	struct word w = node_word(node_find(g->item, "target"));

	if (str_in(". ..", *w.s ? path_basename(w.s) : g->name) || str_eq(g->target, "/")) {
		diag(e->ctx, SEV_ERROR, *w.s ? w.at : g->item->at, "bad-mount",
			"the target of %s '%s' is a folder: it must be the path of a file", noun(g),
			g->name);
		return false;
	}
	for (size_t i = 0; i < w.nspan; i++) {
		const struct ref *ref = w.span[i].ref;
		if (ref->from == REF_FOLDER || !w.span[i].len || !str_is_secret_name(ref->name))
			continue;
		diag(e->ctx, SEV_ERROR, w.at, "secret-in-name",
			"the 'target' would hold the value of '%s', a secret by its name, and "
			"everybody who lists containers would read it",
			ref->name);
		return false;
	}
	return true;
}

/* A number that owns a file; 0 when it isn't written. */
static bool
owner_of(struct emit *e, const struct grant *g, const char *key, int64_t *id) {
	const struct node *n = node_find(g->item, key);

	*id = 0;
	if (!*node_text(n) || str_int(node_text(n), 0, UINT32_MAX - 1, id))
		return true;
	diag(e->ctx, SEV_ERROR, n->at, "bad-number",
		"'%s' wants a number, such as \"1000\": nobody can look up names in the "
		"container's image beforehand",
		key);
	return false;
}

/* A mounted file shows the owner and the permissions that it has. */
static void
note_ignored(struct emit *e, const struct grant *g) {
	static const char *const keys[] = {"uid", "gid", "mode"};

	for (size_t i = 0; i < countof(keys); i++) {
		const struct node *n = node_find(g->item, keys[i]);
		if (n && *node_text(n))
			diag(e->ctx, SEV_WARNING, n->at, "noted-key",
				"'%s': the %s '%s' is mounted from its file, whose own owner and "
				"permissions count",
				keys[i], noun(g), g->name);
	}
}

/* "--mount type=bind,src=FILE,dst=TARGET,readonly" */
static void
emit_mount(struct emit *e, const char *flag, const struct grant *g) {
	struct text t = {0}, src = {0}, dst = {0};
	struct word w, target = node_word(node_find(g->item, "target"));

	note_ignored(e, g);
	text_add(&src, "src=");
	text_add_word(&src, &g->content);
	w = text_take(e->ctx->mem, &src, g->content.at);
	text_add(&t, "type=bind,");
	quote_csv(&t, &w);
	text_add(&dst, "dst=");
	text_add(&dst, g->target);
	w = text_take(e->ctx->mem, &dst, target.at);
	text_add(&t, ",");
	quote_csv(&t, &w);
	text_add(&t, ",readonly");
	emit_option(e, flag, text_take(e->ctx->mem, &t, g->item->at));
}

/* Is the file below a folder that is memory only once the container runs? */
static void
note_hidden(struct emit *e, const struct grant *g) {
	const struct node *tmpfs = node_find(e->service->tree, "tmpfs");
	const struct node *mounts = node_find(e->service->tree, "volumes");
	const struct node *at = NULL;

	for (size_t i = 0; tmpfs && tmpfs->type == NODE_LIST && i < tmpfs->n; i++) {
		const char *text = node_text(tmpfs->u.item[i]);
		char *path = arena_strndup(e->ctx->mem, text, strcspn(text, ":"));
		if (path_below(g->target, path_clean(e->ctx->mem, path)))
			at = tmpfs->u.item[i];
	}
	for (size_t i = 0; mounts && mounts->type == NODE_LIST && i < mounts->n; i++) {
		const struct node *m = mounts->u.item[i], *target = node_find(m, "target");
		if (str_eq(node_text(node_find(m, "type")), "tmpfs") &&
			path_below(g->target, path_clean(e->ctx->mem, node_text(target))))
			at = target;
	}
	if (!at)
		return;
	diag(e->ctx, SEV_WARNING, g->item->at, "hidden-file",
		"the %s '%s' is copied to '%s' before the start, and a tmpfs hides it then: mount "
		"it from a 'file', or give it another 'target'",
		noun(g), g->name, g->target);
	diag_note(e->ctx, at->at, "the tmpfs is here");
}

/* Can it be copied in? Says why not. */
static bool
check_copy(struct emit *e, const struct grant *g) {
	const struct node *read_only = node_find(e->service->tree, "read_only");

	if (!*g->content.s && !g->secret) {
		diag(e->ctx, SEV_WARNING, g->source->at, "noted-key",
			"the config '%s' is empty, so there will be no file for it", g->name);
		return false;
	}
	if (read_only && node_is_true(read_only)) {
		diag(e->ctx, SEV_ERROR, g->item->at, "copy-read-only",
			"nothing can be copied into a container that is 'read_only', and the %s "
			"'%s' has no 'file' to be mounted: give it one",
			noun(g), g->name);
		diag_note(e->ctx, read_only->at, "read-only here");
		return false;
	}
	note_hidden(e, g);
	return true;
}

/* One more file of the step that copies. */
static void
push_file(struct emit *e, const struct grant *g) {
	struct feed_file f = {.path = g->target, .content = g->content, .mode = mode_of(g)};
	struct feed *feed = e->res->files;

	if (!owner_of(e, g, "uid", &f.uid) || !owner_of(e, g, "gid", &f.gid))
		return;
	if (!feed) {
		feed = e->res->files = arena_make(e->ctx->mem, struct feed);
		*feed = (struct feed){.kind = FEED_FILES};
		e->res->files_at = g->item->at;
	}
	e->file = grown(e->ctx, e->file, feed->nfile, sizeof(*e->file));
	e->file[feed->nfile++] = f;
	feed->file = e->file;
}

/* What the container has at a path, so that nothing else may stand there. */
static void
put_place(struct emit *e, const char *path, struct pos at) {
	if (!node_find(e->places, path))
		node_add(e->ctx->mem, e->places, path, at, node_bool(e->ctx->mem, true, at));
}

/* The places of volumes: they are there before any grant is looked at. */
static void
put_volumes(struct emit *e) {
	const struct node *mounts = node_find(e->service->tree, "volumes");

	e->places = node_new(e->ctx->mem, NODE_MAP, e->service->at);
	for (size_t i = 0; mounts && mounts->type == NODE_LIST && i < mounts->n; i++) {
		const struct node *target = node_find(mounts->u.item[i], "target");
		if (*node_text(target))
			put_place(e, path_clean(e->ctx->mem, node_text(target)), target->at);
	}
}

/* Nothing stands twice at one place. */
static bool
check_place(struct emit *e, const struct grant *g) {
	const struct node *other;

	if (!e->places)
		put_volumes(e);
	other = node_find(e->places, g->target);
	if (!other) {
		put_place(e, g->target, g->item->at);
		return true;
	}
	diag(e->ctx, SEV_ERROR, g->item->at, "mounted-twice", "service '%s' has two things at '%s'",
		e->service->name, g->target);
	diag_note(e->ctx, other->at, "the other one is here");
	return false;
}

/* One after another: a mount, or a file of the copy. */
static void
emit_grant(struct emit *e, const char *flag, const struct grant *g) {
	if (!check_source(e, g) || !check_target(e, g) || !check_place(e, g))
		return;
	if (g->from == GRANT_FILE)
		emit_mount(e, flag, g);
	else if (check_copy(e, g))
		push_file(e, g);
}

void
emit_grants(struct emit *e, const struct key *row, const char *flag, const struct node *list) {
	size_t n;
	struct grant *g = grants_of(e->ctx, e->project, row->name, list, &n);

	for (size_t i = 0; i < n; i++) {
		if (!g[i].by) {
			emit_grant(e, flag, &g[i]);
			continue;
		}
		diag(e->ctx, SEV_WARNING, g[i].item->at, "replaced",
			"a later %s of '%s' stands at '%s', too, and takes the place of this one",
			noun(&g[i]), e->service->name, g[i].target);
		diag_note(e->ctx, g[i].by->at, "the later one is here");
	}
}
