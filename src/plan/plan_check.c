/* plan_check.c - the checks of x-stackplan as steps: what "it works" means, tried with docker commands. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>

static void
push_service(struct ctx *ctx, const struct plan *p, struct step *s, const struct check *c) {
	step_push(ctx, s, project_container(ctx, p->project, c->service, 1), c->at);
}

/* `docker run --rm` of another image on a network of the stack. */
static void
push_run(struct ctx *ctx, const struct plan *p, struct step *s, const struct check *c) {
	bool external;
	const char *network = c->network ? project_resource_name(ctx, p->project, "networks",
						   c->network, &external)
					 : NULL;

	step_text(ctx, s, "run --rm");
	if (c->network) {
		step_push(ctx, s, "--network", c->at);
		step_push(ctx, s, network ? network : c->network, c->at);
	}
	words_push_word(ctx->mem, &s->argv, c->image);
}

static struct step *
check_step(struct ctx *ctx, const struct plan *p, const struct check *c) {
	struct step *s = step_new(ctx, p, ACT_CHECK, NULL);
	struct extra *own = step_extend(ctx, s);

	s->kind = KIND_CONTAINER;
	s->name = s->title = c->name;
	s->service = c->service;
	s->at = c->at;
	s->why = arena_printf(ctx->mem, "check: %s", c->name);
	switch (c->kind) {
	case CHECK_EXEC:
		step_text(ctx, s, "exec");
		push_service(ctx, p, s, c);
		break;
	case CHECK_LOGS:
		step_text(ctx, s, "logs");
		s->both = true;
		push_service(ctx, p, s, c);
		break;
	case CHECK_RUN:
		push_run(ctx, p, s, c);
		break;
	}
	step_push_all(ctx, s, &c->argv);
	own->how = !c->expect ? EXPECT_ANY : c->is_regex ? EXPECT_REGEX : EXPECT_HOLDS;
	own->expect = c->expect;
	own->expect_exit = c->expect_exit;
	own->tries = (uint32_t)c->retries + 1;
	own->every_ms = c->interval_ms;
	s->soft = true;
	return s;
}

void
checks_append(struct ctx *ctx, struct plan *p) {
	const struct project *project = p->project;
	size_t before = p->nstep;
	struct step *last = NULL;

	for (size_t i = 0; i < project->ncheck; i++) {
		const struct check *c = &project->check[i];
		struct step *s;
		if (c->service && !c->service->enabled)
			continue;
		s = check_step(ctx, p, c);
		for (size_t k = 0; !last && k < before; k++)
			step_need(ctx, s, p->step[k]);
		step_need(ctx, s, last);
		plan_append(ctx, p, s);
		last = s;
	}
}
