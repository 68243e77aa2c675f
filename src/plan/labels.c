/* labels.c - the bookkeeping labels: Compose's own, so that `docker compose ls`, `ps`, `logs` and `down` see the stack as one
 * application, and dev.stackplan.*, on which stackplan's decisions rest. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>

#define COMPOSE "com.docker.compose."
#define OWN "dev.stackplan."

/* Those that are the same for all of a project. */
struct shared_labels {
	struct word project, oneoff, folder, files, version, own_project;
};

/* Where the labels of a resource go. */
struct sink {
	struct ctx *ctx;
	const struct resource *res;
	struct words *out;
};

static void
push(const struct sink *to, struct word label) {
	label.at = to->res->at;
	words_push_word(to->ctx->mem, to->out,
		(struct word){.s = "--label", .at = to->res->at, .starts = true});
	words_push_word(to->ctx->mem, to->out, label);
}

static void
label(const struct sink *to, const char *key, const char *value) {
	push(to, (struct word){.s = arena_join(to->ctx->mem, key, value, NULL)});
}

/* KEY and words joined by commas, with their spans. */
static struct word
joined(struct ctx *ctx, const char *key, const struct word *v, size_t n) {
	struct text t = {0};

	text_add(&t, key);
	for (size_t i = 0; i < n; i++) {
		text_add(&t, i ? "," : "");
		text_add_word(&t, &v[i]);
	}
	return text_take(ctx->mem, &t, (struct pos){0});
}

/* KEY and a value that a reference stands for. */
static struct word
referred(struct ctx *ctx, const char *key, const char *value, const struct ref *ref) {
	struct text t = {0};

	text_add(&t, key);
	text_add_ref(&t, value, ref);
	return text_take(ctx->mem, &t, (struct pos){0});
}

const struct shared_labels *
labels_shared(struct ctx *ctx, const struct project *p) {
	struct shared_labels *l = arena_make(ctx->mem, struct shared_labels);

	l->project.s = arena_join(ctx->mem, COMPOSE "project=", p->name, NULL);
	l->oneoff.s = COMPOSE "oneoff=False";
	l->folder = referred(ctx, COMPOSE "project.working_dir=", p->folder, p->folder_ref);
	l->files = joined(ctx, COMPOSE "project.config_files=", p->file, p->nfile);
	l->version.s = COMPOSE "version=" STACKPLAN_VERSION;
	l->own_project.s = arena_join(ctx->mem, OWN "project=", p->name, NULL);
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
label_container(const struct sink *to, const struct shared_labels *shared, const struct digest *d) {
	const struct resource *r = to->res;

	push(to, shared->project);
	label(to, COMPOSE "service=", r->service->name);
	label(to, COMPOSE "container-number=", arena_decimal(to->ctx->mem, (uint64_t)r->number));
	if (r->service->one_off.is)
		label(to, COMPOSE "oneoff=", "True");
	else
		push(to, shared->oneoff);
	label(to, COMPOSE "config-hash=", d->all);
	push(to, shared->folder);
	push(to, shared->files);
	label(to, COMPOSE "depends_on=", depends_on(to->ctx, r->service));
	if (r->image_id)
		push(to, referred(to->ctx, COMPOSE "image=", "", r->image_id));
}

/* Those of a network or volume. */
static void
label_named(const struct sink *to, const struct shared_labels *shared) {
	push(to, shared->project);
	label(to, to->res->kind == KIND_NETWORK ? COMPOSE "network=" : COMPOSE "volume=",
		to->res->key);
}

/* Those of an image that is built: the containers made from it inherit them, so nothing is among them by which ours are known. */
static void
label_image(const struct sink *to, const struct shared_labels *shared) {
	push(to, shared->project);
	label(to, COMPOSE "service=", to->res->wish->builder->name);
	push(to, shared->version);
}

/* The digests come last: they are for programs only. */
void
labels_push(struct ctx *ctx, const struct plan *p, const struct resource *r, struct words *out) {
	const struct sink to = {ctx, r, out};
	const struct digest *d;

	if (r->kind == KIND_IMAGE) {
		label_image(&to, p->shared_labels);
		return;
	}
	d = resource_digest(ctx, p->project, r);
	if (r->kind == KIND_CONTAINER)
		label_container(&to, p->shared_labels, d);
	else
		label_named(&to, p->shared_labels);
	push(&to, p->shared_labels->version);
	push(&to, p->shared_labels->own_project);
	label(&to, OWN "digest=", d->all);
	label(&to, OWN "keys=", digest_label(ctx, d));
}
