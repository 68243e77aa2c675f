/* labels.c - the bookkeeping labels: Compose's own, so that `docker compose ls`, `ps`, `logs` and `down` see the stack as one
 * application, and dev.stackplan.*, on which stackplan's decisions rest. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>

#define COMPOSE "com.docker.compose."
#define OWN "dev.stackplan."

static void
push(struct ctx *ctx, struct resource *r, struct word label) {
	words_push(ctx->mem, &r->labels, "--label", r->at);
	r->labels.v[r->labels.n - 1].starts = true;
	words_push_word(ctx->mem, &r->labels, label);
}

static void
label(struct ctx *ctx, struct resource *r, const char *key, const char *value) {
	push(ctx, r, (struct word){.s = arena_printf(ctx->mem, "%s=%s", key, value), .at = r->at});
}

/* KEY=words joined by commas, with their spans. */
static void
label_words(struct ctx *ctx, struct resource *r, const char *key, const struct word *v, size_t n) {
	struct text t = {0};

	text_add(&t, key);
	for (size_t i = 0; i < n; i++) {
		text_add(&t, i ? "," : "=");
		text_add_word(&t, &v[i]);
	}
	push(ctx, r, text_take(ctx->mem, &t, r->at));
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

/* The digests, last: they are for programs only. */
static void
label_own(struct ctx *ctx, const struct project *p, struct resource *r) {
	label(ctx, r, OWN "project", p->name);
	label(ctx, r, OWN "digest", r->digest);
	label(ctx, r, OWN "keys", digest_label(ctx, r));
}

void
labels_container(struct ctx *ctx, const struct project *p, struct resource *r) {
	struct text t = {0};

	label(ctx, r, COMPOSE "project", p->name);
	label(ctx, r, COMPOSE "service", r->service->name);
	label(ctx, r, COMPOSE "container-number",
		arena_printf(ctx->mem, "%lld", (long long)r->number));
	label(ctx, r, COMPOSE "oneoff", "False");
	label(ctx, r, COMPOSE "config-hash", r->digest);
	text_add_ref(&t, p->folder, p->folder_ref);
	struct word folder = text_take(ctx->mem, &t, r->at);
	label_words(ctx, r, COMPOSE "project.working_dir", &folder, 1);
	label_words(ctx, r, COMPOSE "project.config_files", p->file, p->nfile);
	label(ctx, r, COMPOSE "depends_on", depends_on(ctx, r->service));
	if (r->image_id) {
		text_add(&t, COMPOSE "image=");
		text_add_ref(&t, "", r->image_id);
		push(ctx, r, text_take(ctx->mem, &t, r->at));
	}
	label(ctx, r, COMPOSE "version", STACKPLAN_VERSION);
	label_own(ctx, p, r);
}

void
labels_resource(struct ctx *ctx, const struct project *p, struct resource *r) {
	label(ctx, r, COMPOSE "project", p->name);
	label(ctx, r, r->kind == KIND_NETWORK ? COMPOSE "network" : COMPOSE "volume", r->key);
	label(ctx, r, COMPOSE "version", STACKPLAN_VERSION);
	label_own(ctx, p, r);
}
