/* emit_build.c - from the keys of `build` to the words of `docker build`.
 * Starts at emit_build(). Keys whose row has a form go the way of a service's; those that need more than their value have a
 * function each, in the table of special keys. What only BuildKit has an option for is noted, and asks for it by
 * DOCKER_BUILDKIT=1. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

static const struct node *
build_of(const struct service *s) {
	return node_find(s->tree, "build");
}

/* Is the context an address, or something else that is no folder? */
static bool
is_folder(const struct word *context) {
	return context->s[0] == '/';
}

/* The context; by default the project folder. */
static struct word
context_of(const struct emit *e) {
	const struct node *context = node_find(build_of(e->service), "context");
	struct text t = {0};

	if (*node_text(context))
		return node_word(context);
	text_add_ref(&t, e->project->folder, e->project->folder_ref);
	return text_take(e->ctx->mem, &t, build_of(e->service)->at);
}

/* The Dockerfile is relative to the context, and docker wants it relative to where it runs. */
static void
emit_dockerfile(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	struct word context = context_of(e), file = node_word(n);
	struct canon canon = {.folder = context.s,
		.project_folder = e->project->folder,
		.folder_ref = e->project->folder_ref};
	struct text t = {0};

	(void)row;
	if (!*file.s)
		return;
	if (is_folder(&context) && file.s[0] != '/' && word_is_outside(&context)) {
		text_add_word(&t, &context);
		text_add(&t, "/");
		text_add_word(&t, &file);
		file = text_take(e->ctx->mem, &t, n->at);
	} else if (is_folder(&context)) {
		file = canon_path(e->ctx, &canon, &file);
	}
	emit_option(e, flag, file);
}

/* The text of the Dockerfile goes by standard input. */
static void
emit_inline(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	struct feed *feed = arena_make(e->ctx->mem, struct feed);

	(void)row;
	*feed = (struct feed){.kind = FEED_TEXT, .text = node_word(n)};
	e->res->wish->feed = feed;
	emit_text(e, flag, "-", n->at);
}

const struct service *
build_base(const struct project *p, const struct node *value) {
	const char *text = node_text(value);

	return str_starts(text, "service:") ? project_service(p, text + strlen("service:")) : NULL;
}

/* NAME=PLACE; what another service is made from is an image. */
static void
emit_contexts(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++) {
		const struct member *m = &n->u.member[i];
		const struct service *base = build_base(e->project, m->val);
		struct word place = base ? base->image : node_word(m->val);
		struct text t = {0};

		if (!base && str_starts(place.s, "service:"))
			diag(e->ctx, SEV_ERROR, m->val->at, "no-service",
				"the build of '%s' starts from the service '%s', which is not in "
				"the file",
				e->service->name, place.s + strlen("service:"));
		text_add(&t, m->key);
		text_add(&t, base ? "=docker-image://" : "=");
		text_add_word(&t, &place);
		emit_option(e, flag, text_take(e->ctx->mem, &t, m->at));
	}
}

/* "default", or ID=PATH. */
static void
emit_ssh(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++) {
		const struct member *m = &n->u.member[i];
		if (*node_text(m->val))
			emit_option(e, flag, emit_pair(e, m->key, m->val));
		else
			emit_text(e, flag, m->key, m->at);
	}
}

/* The network of the steps. */
static void
emit_build_network(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	struct word mode = node_word(n);

	(void)row;
	if (str_starts(mode.s, "service:"))
		diag(e->ctx, SEV_ERROR, n->at, "no-form",
			"a build can't use the network of a service, whose container does not run "
			"then: write host, none, default or the name of a network");
	else if (*mode.s)
		emit_option(e, flag, mode);
}

/* All privileges, which a builder must allow. */
static void
emit_privileged(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	if (node_is_true(n))
		emit_text(e, flag, "security.insecure", n->at);
}

/* Keys whose words need more than their row. */
static const struct {
	const char *key;
	emit_fn *fn;
} special[] = {
	{"additional_contexts", emit_contexts},
	{"args", emit_build_args},
	{"dockerfile", emit_dockerfile},
	{"dockerfile_inline", emit_inline},
	{"network", emit_build_network},
	{"privileged", emit_privileged},
	{"secrets", emit_build_secrets},
	{"ssh", emit_ssh},
};

/* Has only BuildKit an option for this key, and is it asked for? */
static bool
needs_buildkit(const struct member *m) {
	const struct node *first =
		m->val->type == NODE_LIST && m->val->n ? m->val->u.item[0] : NULL;

	if (str_eq(m->key, "privileged"))
		return node_is_true(m->val);
	if (str_eq(m->key, "cache_from"))
		return first && strstr(node_text(first), "type=");
	if (str_in("provenance sbom", m->key))
		return *node_text(m->val);
	return str_in("additional_contexts cache_to entitlements no_cache_filter secrets ssh",
		       m->key) &&
	       m->val->n;
}

/* One key of `build`. */
static void
emit_member(struct emit *e, const struct member *m) {
	const struct key *row = schema_find(schema_find(&schema_service, "build")->sub, m->key);
	struct image_wish *w = e->res->wish;

	if (!row || m->val->type == NODE_NULL || row->standing != KEY_MAPPED)
		return;
	if (needs_buildkit(m) && !w->buildkit) {
		w->buildkit = m->key;
		w->buildkit_at = m->at;
		emit_pass(e, (struct passed){
				     .name = "DOCKER_BUILDKIT", .value = {.s = "1", .at = m->at}});
	}
	for (size_t i = 0; i < countof(special); i++)
		if (str_eq(special[i].key, m->key)) {
			special[i].fn(e, row, row->flag, m->val);
			return;
		}
	emit_by_row(e, row, m->val);
}

/* The platform of the service, or the only one of `platforms`. Of several the engine's own is built. */
static void
emit_platform(struct emit *e) {
	const struct node *own = node_find(e->service->tree, "platform");
	const struct node *list = node_find(build_of(e->service), "platforms");
	size_t n = list && list->type == NODE_LIST ? list->n : 0;

	if (*node_text(own))
		emit_option(e, "--platform", node_word(own));
	else if (n == 1)
		emit_option(e, "--platform", node_word(list->u.item[0]));
	else if (n > 1)
		diag(e->ctx, SEV_WARNING, list->at, "one-platform",
			"the image of '%s' is built for the engine's own platform only: a stack "
			"runs on one; 'platform' of the service chooses it",
			e->service->name);
}

/* Can an image be called so: small letters and digits, between them '.', '_', "__" or any number of '-'? */
static bool
is_repository(const char *name) {
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

	for (;;) {
		size_t n = strspn(name, letters), between;
		if (n == 0)
			return false;
		name += n;
		if (!*name)
			return true;
		between = strspn(name, "-");
		if (!between)
			between = str_starts(name, "__") ? 2 : strchr("._", *name) ? 1 : 0;
		if (!between)
			return false;
		name += between;
	}
}

/* The name that a build gets by itself is made of names with a wider choice of letters. */
static void
check_name(struct emit *e) {
	const char *name = e->service->image.s;

	if (e->res->wish->is_own && !is_repository(name))
		diag(e->ctx, SEV_ERROR, e->service->at, "bad-image",
			"the image of '%s' would be called '%s', and names of images are small "
			"letters and digits with single '.' or '_' or any '-' between them: give "
			"it an 'image'",
			e->service->name, name);
}

void
emit_build(
	struct ctx *ctx, const struct project *p, const struct engine *engine, struct resource *r) {
	struct emit e = {
		.ctx = ctx, .project = p, .engine = engine, .service = r->wish->builder, .res = r};
	const struct node *build = build_of(e.service);
	struct word context = context_of(&e);

	check_name(&e);
	emit_option(&e, "-t", e.service->image);
	for (size_t i = 0; build->type == NODE_MAP && i < build->n; i++)
		emit_member(&e, &build->u.member[i]);
	emit_platform(&e);
	words_push_word(ctx->mem, &r->create, context);
	r->create.v[r->create.n - 1].starts = true;
}
