/* images.c - what pull and build have in common: a plan that only gets images. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/project.h>

#include "verbs_int.h"

/* The changes of images alone. All that they need are images, too. */
static struct changes *
images_of(struct cli *cli, const struct changes *all) {
	struct changes *images = arena_make(cli->ctx->mem, struct changes);
	images->v = arena_array(cli->ctx->mem, all->n, sizeof(*images->v));
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].want->kind == KIND_IMAGE)
			images->v[images->n++] = all->v[i];
	return images;
}

struct plan *
images_plan(struct cli *cli, struct stack *s, const struct images_wish *wish, int *code) {
	*code = stack_load(cli, s, wish->no_deps);
	if (!*code && wish->change)
		*code = wish->change(cli, s->project, wish->args);
	if (!*code)
		*code = stack_want(cli, s, wish->options.labels);
	if (!*code && !wish->printed)
		*code = stack_observe(cli, s, LOOK_PLAIN);
	if (*code)
		return NULL;
	*code = EXIT_SPEC;
	struct changes *all = diff_make(cli->ctx, s->project, s->want, s->had,
		&(struct diff_options){.ignore_orphans = true});
	return all ? plan_make(cli->ctx, s->project, s->engine, images_of(cli, all), &wish->options)
		   : NULL;
}
