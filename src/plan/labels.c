/* labels.c - the bookkeeping labels: Compose's own, so that `docker compose ls`, `ps`, `logs` and `down` see the stack as one
 * application, and dev.stackplan.*, on which stackplan's decisions rest. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>

#define COMPOSE "com.docker.compose."
#define OWN "dev.stackplan."

/* Where the labels of a resource go. */
struct sink {
	struct ctx *ctx;
	const struct resource *res;
	struct words *out;
};

static void
push(const struct sink *to, struct word label) {
	words_push_word(to->ctx->mem, to->out,
		(struct word){.s = "--label", .at = to->res->at, .starts = true});
	words_push_word(to->ctx->mem, to->out, label);
}

static void
label(const struct sink *to, const char *key, const char *value) {
	push(to, (struct word){
			 .s = arena_join(to->ctx->mem, key, "=", value, NULL), .at = to->res->at});
}

/* KEY=words joined by commas, with their spans. */
static void
label_words(const struct sink *to, const char *key, const struct word *v, size_t n) {
	struct text t = {0};

	text_add(&t, key);
	for (size_t i = 0; i < n; i++) {
		text_add(&t, i ? "," : "=");
		text_add_word(&t, &v[i]);
	}
	push(to, text_take(to->ctx->mem, &t, to->res->at));
}

/* "b:service_started:false,c:service_healthy:false" */
static const char *
depends_on(struct ctx *ctx, const struct service *s) {
	static const char *const condition[] = {
		[UNTIL_STARTED] = "service_started",
		[UNTIL_HEALTHY] = "service_healthy",
		[UNTIL_COMPLETED] = "service_completed_successfully",
	};
	struct buf b = {0};

	for (size_t i = 0; i < s->nneed; i++)
		buf_printf(&b, "%s%s:%s:%s", i ? "," : "", s->need[i].on->name,
			condition[s->need[i].until], s->need[i].restart ? "true" : "false");
	return arena_take_buf(ctx->mem, &b);
}

/* Those of a container that only Compose reads. */
static void
label_container(const struct sink *to, const struct project *p, const struct digest *d) {
	const struct resource *r = to->res;
	struct arena *mem = to->ctx->mem;
	struct text t = {0};

	label(to, COMPOSE "project", p->name);
	label(to, COMPOSE "service", r->service->name);
	label(to, COMPOSE "container-number", arena_printf(mem, "%lld", (long long)r->number));
	label(to, COMPOSE "oneoff", "False");
	label(to, COMPOSE "config-hash", d->all);
	text_add_ref(&t, p->folder, p->folder_ref);
	struct word folder = text_take(mem, &t, r->at);
	label_words(to, COMPOSE "project.working_dir", &folder, 1);
	label_words(to, COMPOSE "project.config_files", p->file, p->nfile);
	label(to, COMPOSE "depends_on", depends_on(to->ctx, r->service));
	if (r->image_id) {
		text_add(&t, COMPOSE "image=");
		text_add_ref(&t, "", r->image_id);
		push(to, text_take(mem, &t, r->at));
	}
}

/* Those of a network or volume. */
static void
label_named(const struct sink *to, const struct project *p) {
	label(to, COMPOSE "project", p->name);
	label(to, to->res->kind == KIND_NETWORK ? COMPOSE "network" : COMPOSE "volume",
		to->res->key);
}

/* Those of an image that is built: the containers made from it inherit them, so nothing is among them by which ours are known. */
static void
label_image(const struct sink *to, const struct project *p) {
	label(to, COMPOSE "project", p->name);
	label(to, COMPOSE "service", to->res->wish->builder->name);
	label(to, COMPOSE "version", STACKPLAN_VERSION);
}

/* The digests come last: they are for programs only. */
void
labels_push(struct ctx *ctx, const struct project *p, const struct resource *r, struct words *out) {
	const struct sink to = {ctx, r, out};
	const struct digest *d;

	if (r->kind == KIND_IMAGE) {
		label_image(&to, p);
		return;
	}
	d = resource_digest(ctx, p, r);
	if (r->kind == KIND_CONTAINER)
		label_container(&to, p, d);
	else
		label_named(&to, p);
	label(&to, COMPOSE "version", STACKPLAN_VERSION);
	label(&to, OWN "project", p->name);
	label(&to, OWN "digest", d->all);
	label(&to, OWN "keys", digest_label(ctx, d));
}
