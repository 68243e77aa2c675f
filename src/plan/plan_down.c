/* plan_down.c - the plan that removes a stack: the same edges, reversed.
 * Works from what is there (by our labels), or, for printing, from what is wanted. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* So many names stand in one command at most. */
enum { NAMES_MOST = 50 };

struct removal {
	struct ctx *ctx;
	struct plan *plan;
	const struct down_options *options;
	struct node *networks, *volumes; /* names of external ones */
	struct step **stop, **rm; /* by position in the list of resources; NULL: nothing to do */
	struct chain *hook;       /* by the same: what runs before the stop */
};

/* The names that the spec calls external: what has them is never removed, whatever its labels say. */
static struct node *
external_names(struct ctx *ctx, const struct project *p, const char *section) {
	const struct node *declared = node_find(p->doc, section);
	struct node *names = node_new(ctx->mem, NODE_MAP, (struct pos){0});

	for (size_t i = 0; declared && declared->type == NODE_MAP && i < declared->n; i++) {
		const struct member *m = &declared->u.member[i];
		bool external;
		const char *name = project_resource_name(ctx, p, section, m->key, &external);
		if (external)
			node_set(ctx->mem, names, name, m->at, m->val);
	}
	return names;
}

/* Is it among the services that were named? */
static bool
is_chosen(const struct removal *x, const struct resource *r) {
	if (!x->options->nonly)
		return true;
	for (size_t i = 0; i < x->options->nonly; i++)
		if (r->kind == KIND_CONTAINER && str_eq(x->options->only[i], r->key))
			return true;
	return false;
}

/* A container of the project that the spec does not know, and that nobody wants removed. */
static bool
is_kept(const struct removal *x, const struct resource *r) {
	return x->options->keep_orphans && r->kind == KIND_CONTAINER &&
	       is_of_project(x->plan->project, r) && !project_service(x->plan->project, r->key);
}

/* Is the name among others with commas between? */
static bool
is_among(const char *name, const char *names) {
	size_t want = strlen(name);

	for (const char *p = names; p && *p;) {
		size_t n = strcspn(p, ",");
		if (n == want && strncmp(p, name, n) == 0)
			return true;
		p += n + (p[n] == ',');
	}
	return false;
}

/* Has something that stays the network or volume? */
static bool
is_in_use(const struct removal *x, const struct resources *list, const struct resource *thing) {
	for (size_t i = 0; x->options->keep_orphans && i < list->n; i++) {
		const struct resource *r = list->v[i];
		if (is_kept(x, r) && is_among(thing->name,
					     thing->kind == KIND_NETWORK ? r->networks : r->mounts))
			return true;
	}
	return false;
}

/* Name what stays, and the file that made the first. */
static void
warn_of_kept(const struct removal *x, const struct resources *list) {
	const char *names = "", *files = "", *used = "";
	size_t n = 0;

	for (size_t i = 0; !x->options->ignore_orphans && !x->options->nonly && i < list->n; i++) {
		const struct resource *r = list->v[i];
		bool kept = is_kept(x, r);
		bool in_use =
			r->kind == KIND_NETWORK || (r->kind == KIND_VOLUME && x->options->volumes);
		const char **to = kept ? &names : &used;
		in_use = in_use && is_of_project(x->plan->project, r) && is_in_use(x, list, r);
		if (!kept && !in_use)
			continue;
		*to = arena_printf(x->ctx->mem, "%s%s'%s'", *to, **to ? ", " : "", r->name);
		n += kept;
		files = *files || !kept ? files : r->had_files;
	}
	if (!n)
		return;
	diag(x->ctx, SEV_WARNING, (struct pos){0}, "orphans",
		"the project '%s' has %s that the spec does not know: %s%s%s; --remove-orphans "
		"removes %s",
		x->plan->project->name, n == 1 ? "a container" : "containers", names,
		*used ? "; so these stay, too: " : "", used, n == 1 ? "it" : "them");
	if (files && *files)
		diag_note(x->ctx, (struct pos){0}, "made from %s", files);
}

/* Is the word among them? */
static bool
has_word(const struct words *w, const char *text) {
	for (size_t i = 0; i < w->n; i++)
		if (str_eq(w->v[i].s, text))
			return true;
	return false;
}

/* Names with commas between, each once. */
static void
push_names(struct ctx *ctx, const char *names, struct words *out) {
	for (size_t n; names && *names; names += n + (names[n] == ',')) {
		n = strcspn(names, ",");
		const char *name = arena_strndup(ctx->mem, names, n);
		if (is_nameless(name) && !has_word(out, name))
			words_push(ctx->mem, out, name, (struct pos){0});
	}
}

struct words
down_volumes(struct ctx *ctx, const struct project *p, const struct resources *had,
	const struct down_options *o) {
	struct plan plan = {.project = p};
	const struct removal x = {.options = o, .plan = &plan};
	struct words out = {0};

	for (size_t i = 0; o->anonymous && i < had->n; i++)
		if (had->v[i]->kind == KIND_CONTAINER && is_of_project(p, had->v[i]) &&
			is_chosen(&x, had->v[i]) && !is_kept(&x, had->v[i]))
			push_names(ctx, had->v[i]->had_carried, &out);
	for (size_t i = 0; o->anonymous && i < o->also.n; i++)
		push_names(ctx, o->also.v[i].s, &out);
	return out;
}

/* Remove anonymous volumes by few commands; it does not matter if one is gone already, and one that somebody else uses stays. */
static void
remove_carried(struct removal *x, const struct words *names, size_t n) {
	for (size_t i = 0; i < names->n; i++) {
		struct step *s = i % NAMES_MOST ? x->plan->step[x->plan->nstep - 1] : NULL;
		struct resource *r = arena_make(x->ctx->mem, struct resource);
		if (s) {
			step_push(x->ctx, s, names->v[i].s, (struct pos){0});
			continue;
		}
		*r = (struct resource){.kind = KIND_VOLUME,
			.name = names->v[i].s,
			.key = "without a name",
			.project = x->plan->project->name};
		s = step_new(x->ctx, x->plan, ACT_REMOVE, r);
		step_text(x->ctx, s, "volume rm -f");
		step_push(x->ctx, s, names->v[i].s, (struct pos){0});
		s->why = "remove volumes without a name, which containers of this project had from "
			 "those whose place they took";
		step_extend(x->ctx, s)->guard =
			words_of(x->ctx, x->plan, "volume inspect", names->v[i].s);
		s->optional = true;
		for (size_t k = 0; k < n; k++)
			step_need(x->ctx, s, x->rm[k]);
		plan_append(x->ctx, x->plan, s);
	}
}

/* The hooks of a container that can run commands: those that the spec has now. */
static void
add_hooks(struct removal *x, const struct resource *r, size_t i) {
	const struct service *s = project_service(x->plan->project, r->key);

	if (!s || (*r->state && !str_eq(r->state, "running")))
		return;
	x->hook[i] = hooks_exec(x->ctx, x->plan, r, s, "pre_stop");
	if (x->hook[i].n)
		step_need(x->ctx, x->stop[i], x->hook[i].v[x->hook[i].n - 1]);
}

/* The first thing that is done to something, or NULL. */
static struct step *
first_of(const struct removal *x, size_t i) {
	return x->hook[i].n ? x->hook[i].v[0] : x->stop[i] ? x->stop[i] : x->rm[i];
}

/* Stop it if it runs, then remove it. */
static void
remove_container(struct removal *x, const struct resource *r, bool running, size_t i) {
	struct ctx *ctx = x->ctx;
	const char *rm = x->options->anonymous ? "rm -v" : "rm";

	if (running) {
		struct step *s = step_new(ctx, x->plan, ACT_STOP, r);
		step_text(ctx, s, "stop");
		if (x->options->timeout_s >= 0)
			step_text(ctx, s,
				arena_printf(
					ctx->mem, "-t %lld", (long long)x->options->timeout_s));
		step_push(ctx, s, r->name, r->at);
		s->why = arena_printf(ctx->mem, "stop service '%s'", r->key);
		step_extend(x->ctx, s)->guard =
			words_of(ctx, x->plan, "container inspect", r->name);
		x->stop[i] = s;
		add_hooks(x, r, i);
	}
	x->rm[i] = step_new(ctx, x->plan, ACT_REMOVE, r);
	step_text(ctx, x->rm[i], rm);
	step_push(ctx, x->rm[i], r->name, r->at);
	x->rm[i]->why = arena_printf(ctx->mem, "remove the container of service '%s'", r->key);
	step_extend(x->ctx, x->rm[i])->guard = words_of(ctx, x->plan, "container inspect", r->name);
	step_need(ctx, x->rm[i], x->stop[i]);
}

/* Who is in a network that can't be removed, for the message. An engine of version 20.10 whose containers end at the same moment now and then
 * forgets to count one of them off; then it says that somebody is there, and names nobody. */
static void
tell_who(struct removal *x, struct step *s, const char *network) {
	static const char who[] = "{{range .Containers}}{{println .Name}}{{else}}nobody: the "
				  "engine has lost count, and "
				  "counts anew when it is started again{{end}}";
	struct extra *own = step_extend(x->ctx, s);
	struct remark *r = arena_array(x->ctx->mem, 1, sizeof(*r));

	r->about = "in this network there is:";
	r->argv = words_of(x->ctx, x->plan, "network inspect -f", who);
	words_push(x->ctx->mem, &r->argv, network, s->at);
	own->remarks = r;
	own->nremarks = 1;
}

/* A network or volume. */
static void
remove_other(struct removal *x, const struct resource *r, size_t i) {
	const char *noun = kind_name(r->kind);
	struct step *s;

	if (r->external || (r->kind == KIND_VOLUME && !x->options->volumes))
		return;
	s = step_new(x->ctx, x->plan, ACT_REMOVE, r);
	step_text(x->ctx, s, arena_printf(x->ctx->mem, "%s rm", noun));
	step_push(x->ctx, s, r->name, r->at);
	s->why = arena_printf(x->ctx->mem, "remove %s '%s'%s", noun, r->name,
		r->kind == KIND_VOLUME ? " with its data" : "");
	step_extend(x->ctx, s)->guard =
		words_of(x->ctx, x->plan, arena_printf(x->ctx->mem, "%s inspect", noun), r->name);
	if (r->kind == KIND_NETWORK) {
		step_retries(x->ctx, s);
		tell_who(x, s, r->name);
	}
	x->rm[i] = s;
}

/* An image, where that was asked for; it may be in use elsewhere. */
static void
remove_image(struct removal *x, const struct resource *r, const struct resource *wanted, size_t i) {
	struct step *s;

	const struct image_wish *w = wanted->wish;

	if (!x->options->images_all && !(x->options->images_local && w->is_own))
		return;
	s = step_new(x->ctx, x->plan, ACT_REMOVE, r);
	step_text(x->ctx, s, "image rm");
	step_push(x->ctx, s, r->name, r->at);
	s->why = arena_printf(x->ctx->mem, "remove image '%s'", r->name);
	step_extend(x->ctx, s)->guard = words_of(x->ctx, x->plan, "image inspect", r->name);
	s->optional = true;
	x->rm[i] = s;
}

/* Is this container as the spec has it now, so that the spec's edges say all that it uses? */
static bool
is_known(const struct removal *x, const struct resource *r, const struct resources *list,
	const struct resources *want) {
	const struct resource *w = resources_find(want, KIND_CONTAINER, r->name);

	if (!w || list == want)
		return w != NULL;
	return r->had_digest &&
	       str_eq(r->had_digest, resource_digest(x->ctx, x->plan->project, w)->all);
}

/* The edges of what is wanted, reversed: a container is stopped after those that need it are gone. */
static void
tie_wanted(struct removal *x, const struct resources *list, const struct resources *want) {
	for (size_t i = 0; i < want->n; i++) {
		const struct resource *from =
			resources_find(list, want->v[i]->kind, want->v[i]->name);
		for (size_t k = 0; from && k < want->v[i]->nedge; k++) {
			const struct resource *name = want->v[i]->edge[k].to;
			const struct resource *to = resources_find(list, name->kind, name->name);
			struct step *first;
			if (!to)
				continue;
			first = first_of(x, to->mark);
			if (first && x->rm[from->mark])
				step_need(x->ctx, first, x->rm[from->mark]);
		}
	}
}

/* What a container uses that the spec does not know, or has changed, can't be told: networks, volumes and images go after it. */
static void
tie_strangers(struct removal *x, const struct resources *list, const struct resources *want) {
	for (size_t k = 0; k < list->n; k++) {
		if (!x->rm[k] || list->v[k]->kind != KIND_CONTAINER ||
			is_known(x, list->v[k], list, want))
			continue;
		for (size_t i = 0; i < list->n; i++)
			if (x->rm[i] && list->v[i]->kind != KIND_CONTAINER)
				step_need(x->ctx, x->rm[i], x->rm[k]);
	}
}

/* Last made, first removed, as far as the needs leave a choice. */
static void
append(struct removal *x, const struct resources *list) {
	static const enum kind order[] = {KIND_CONTAINER, KIND_NETWORK, KIND_VOLUME, KIND_IMAGE};

	for (size_t o = 0; o < countof(order); o++)
		for (size_t i = list->n; i-- > 0;) {
			if (list->v[i]->kind != order[o])
				continue;
			for (size_t k = 0; k < x->hook[i].n; k++)
				plan_append(x->ctx, x->plan, x->hook[i].v[k]);
			if (x->stop[i])
				plan_append(x->ctx, x->plan, x->stop[i]);
			if (x->rm[i])
				plan_append(x->ctx, x->plan, x->rm[i]);
		}
}

/* What there is in the order in which it is wanted, then the rest: so that what is run is what was printed, where all is there. */
static const struct resources *
in_order(struct ctx *ctx, const struct resources *want, const struct resources *had) {
	struct resources *list = arena_make(ctx->mem, struct resources);

	for (size_t i = 0; i < had->n; i++)
		had->v[i]->mark = 0;
	for (size_t i = 0; i < want->n; i++) {
		struct resource *r = resources_find(had, want->v[i]->kind, want->v[i]->name);
		if (!r || r->mark)
			continue;
		r->mark = 1;
		resources_push(ctx, list, r);
	}
	for (size_t i = 0; i < had->n; i++)
		if (!had->v[i]->mark)
			resources_push(ctx, list, had->v[i]);
	return list;
}

struct plan *
plan_down(struct ctx *ctx, const struct project *p, const struct engine *engine,
	const struct resources *want, const struct resources *had, const struct down_options *o) {
	const struct resources *list = had ? in_order(ctx, want, had) : want;
	struct plan *plan = arena_make(ctx->mem, struct plan);
	struct removal x = {.ctx = ctx,
		.plan = plan,
		.options = o,
		.networks = external_names(ctx, p, "networks"),
		.volumes = external_names(ctx, p, "volumes"),
		.stop = arena_array(ctx->mem, list->n, sizeof(struct step *)),
		.rm = arena_array(ctx->mem, list->n, sizeof(struct step *)),
		.hook = arena_array(ctx->mem, list->n, sizeof(struct chain))};

	*plan = (struct plan){.project = p, .engine = engine, .down = true};
	for (size_t i = 0; i < list->n; i++) {
		const struct resource *r = list->v[i];
		bool ours = !had || is_of_project(p, r); /* Compose's, too */
		const struct resource *image =
			r->kind == KIND_IMAGE ? resources_find(want, KIND_IMAGE, r->name) : NULL;
		if (image)
			remove_image(&x, r, image, i);
		else if (!ours || r->kind == KIND_IMAGE || !is_chosen(&x, r) ||
			 (had && is_kept(&x, r)))
			continue;
		else if (r->kind == KIND_CONTAINER)
			remove_container(&x, r,
				!had || str_eq(r->state, "running") ||
					str_eq(r->state, "restarting") ||
					str_eq(r->state, "paused"),
				i);
		else if (!node_find(r->kind == KIND_NETWORK ? x.networks : x.volumes, r->name) &&
			 !(had && is_in_use(&x, list, r)))
			remove_other(&x, r, i);
	}
	if (had)
		warn_of_kept(&x, list);
	for (size_t i = 0; i < list->n; i++)
		list->v[i]->mark = (uint32_t)i;
	tie_wanted(&x, list, want);
	tie_strangers(&x, list, want);
	batch_removals(
		ctx, &(struct removals){.stop = x.stop, .rm = x.rm, .hook = x.hook, .n = list->n});
	append(&x, list);
	if (had) {
		const struct words names = down_volumes(ctx, p, had, o);
		remove_carried(&x, &names, list->n);
	}
	plan_order(ctx, plan);
	return plan;
}
