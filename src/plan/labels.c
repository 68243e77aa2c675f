/* labels.c - the bookkeeping labels: Compose's own, so that `docker compose ls`, `ps`, `logs` and `down` see the stack as one
 * application, and dev.stackplan.*, on which stackplan's decisions rest. */
#include "plan_int.h"
#include <assert.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>

#define COMPOSE "com.docker.compose."
#define OWN "dev.stackplan."

/* Values that are the same for all of a project. */
struct shared_labels {
	struct word folder, files;
};

/* Where the labels of a resource go. */
struct sink {
	struct ctx *ctx;
	const struct resource *res;
	struct label *out;
	size_t n;
};

static void
label(struct sink *to, const char *key, struct word value) {
	assert(to->n < LABELS_MAX);
	to->out[to->n++] = (struct label){key, value};
}

static void
label_text(struct sink *to, const char *key, const char *value) {
	label(to, key, (struct word){.s = value});
}

/* Words joined by commas, with their spans. */
static struct word
joined(struct ctx *ctx, const struct word *v, size_t n) {
	struct text t = {0};

	for (size_t i = 0; i < n; i++) {
		text_add(&t, i ? "," : "");
		text_add_word(&t, &v[i]);
	}
	return text_take(ctx->mem, &t, (struct pos){0});
}

/* A value that a reference stands for. */
static struct word
referred(struct ctx *ctx, const char *value, const struct ref *ref) {
	struct text t = {0};

	text_add_ref(&t, value, ref);
	return text_take(ctx->mem, &t, (struct pos){0});
}

const struct shared_labels *
labels_shared(struct ctx *ctx, const struct project *p) {
	struct shared_labels *l = arena_make(ctx->mem, struct shared_labels);

	l->folder = referred(ctx, p->folder, p->folder_ref);
	l->files = joined(ctx, p->file, p->nfile);
	return l;
}

/* "b:service_started:false,c:service_healthy:false" */
static const char *
depends_on(struct ctx *ctx, const struct service *s) {
	static const char *const condition[] = {
		[UNTIL_STARTED] = ":service_started:",
		[UNTIL_HEALTHY] = ":service_healthy:",
		[UNTIL_COMPLETED] = ":service_completed_successfully:",
	};
	struct buf b = {0};

	for (size_t i = 0; i < s->nneed; i++) {
		buf_adds(&b, i ? "," : "");
		buf_adds(&b, s->need[i].on->name);
		buf_adds(&b, condition[s->need[i].until]);
		buf_adds(&b, s->need[i].restart ? "true" : "false");
	}
	return arena_take_buf(ctx->mem, &b);
}

/* Those of a container that only Compose reads. */
static void
label_container(struct sink *to, const struct plan *p, const struct digest *d) {
	const struct resource *r = to->res;

	label_text(to, COMPOSE "project=", p->project->name);
	label_text(to, COMPOSE "service=", r->service->name);
	label_text(
		to, COMPOSE "container-number=", arena_decimal(to->ctx->mem, (uint64_t)r->number));
	label_text(to, COMPOSE "oneoff=", r->service->one_off.is ? "True" : "False");
	label_text(to, COMPOSE "config-hash=",
		r->service->compose_hash ? r->service->compose_hash : d->all);
	label(to, COMPOSE "project.working_dir=", p->shared_labels->folder);
	label(to, COMPOSE "project.config_files=", p->shared_labels->files);
	label_text(to, COMPOSE "depends_on=", depends_on(to->ctx, r->service));
	if (r->image_id)
		label(to, COMPOSE "image=", referred(to->ctx, "", r->image_id));
}

/* Those of a network or volume. */
static void
label_named(struct sink *to, const struct plan *p) {
	label_text(to, COMPOSE "project=", p->project->name);
	label_text(to, to->res->kind == KIND_NETWORK ? COMPOSE "network=" : COMPOSE "volume=",
		to->res->key);
}

/* Those of an image that is built: the containers made from it inherit them, so nothing is among them by which ours are known. */
static void
label_image(struct sink *to, const struct plan *p) {
	label_text(to, COMPOSE "project=", p->project->name);
	label_text(to, COMPOSE "service=", to->res->wish->builder->name);
	label_text(to, COMPOSE "version=", STACKPLAN_VERSION);
}

/* The digests come last: they are for programs only. */
size_t
labels_of(struct ctx *ctx, const struct plan *p, const struct resource *r,
	struct label out[LABELS_MAX]) {
	struct sink to = {ctx, r, out, 0};
	const struct digest *d;

	if (r->kind == KIND_IMAGE) {
		label_image(&to, p);
		return to.n;
	}
	d = resource_digest(ctx, p->project, r);
	if (r->kind == KIND_CONTAINER)
		label_container(&to, p, d);
	else
		label_named(&to, p);
	label_text(&to, COMPOSE "version=", STACKPLAN_VERSION);
	label_text(&to, OWN "project=", p->project->name);
	label_text(&to, OWN "digest=", d->all);
	label_text(&to, OWN "keys=", digest_label(ctx, d));
	return to.n;
}
